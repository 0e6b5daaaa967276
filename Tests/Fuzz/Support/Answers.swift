import Foundation

/// The other way to use the binary: it writes down what our code makes of some files, so that an implementation in
/// another language can be compared (`Tests/Interop/test_corpus.py`).
enum Answers {
    /// Prints a line for each file: its path, a tab, and the answer in JSON; returns a complaint.
    static func print(of target: FuzzTarget, in paths: some Sequence<String>) -> String? {
        guard let answer = target.answer else { return "fuzz: \(target.name) has no answers" }
        for path in paths {
            guard let bytes = FileManager.default.contents(atPath: path) else {
                return "fuzz: cannot read \(path)"
            }
            // In JSON a line feed is white space: inside a text it is escaped.
            let line = answer(Array(bytes)).map { $0 == 0x0A ? 0x20 : $0 }
            FileHandle.standardOutput.write(Data(Array("\(path)\t".utf8) + line + [0x0A]))
        }
        return nil
    }
}
