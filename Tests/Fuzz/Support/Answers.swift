import Foundation

/// The other way to use the binary: it writes down what our code makes of each file of some folders, so that
/// an implementation in another language can be compared (`Tests/Interop/test_corpus.py`).
enum Answers {
    /// Prints a line for each file: its path, a tab, and the answer in JSON; returns a complaint.
    static func print(of target: FuzzTarget, in folders: some Sequence<String>) -> String? {
        guard let answer = target.answer else { return "fuzz: \(target.name) has no answers" }
        var lines = Data()
        for folder in folders {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
                return "fuzz: there is no folder \(folder)"
            }
            for path in names.sorted().map({ "\(folder)/\($0)" }) {
                guard let bytes = FileManager.default.contents(atPath: path) else { continue }
                lines.append(Data("\(path)\t".utf8))
                lines.append(Data(answer(Array(bytes))))
                lines.append(0x0A)
            }
        }
        FileHandle.standardOutput.write(lines)
        return nil
    }
}
