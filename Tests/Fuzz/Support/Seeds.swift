import Foundation

@testable import GTokenCore

/// Makes seeds of the golden cases of GTokenCoreTests, so that a rule's case is a seed as soon as it is there.
enum Seeds {
    /// Writes what a target takes of each case: arguments are the folder of cases and the folder to write to.
    static func write(for target: FuzzTarget, in arguments: some Sequence<String>) -> String? {
        let arguments = Array(arguments)
        guard arguments.count == 2 else { return "fuzz: --seeds CASES FOLDER" }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: arguments[0])) ?? []
        guard !names.isEmpty else { return "fuzz: there are no cases in \(arguments[0])" }
        for name in names.sorted() {
            guard let seed = seed(for: target.name, of: "\(arguments[0])/\(name)") else { continue }
            guard FileManager.default.createFile(atPath: "\(arguments[1])/\(name)", contents: Data(seed))
            else {
                return "fuzz: cannot write to \(arguments[1])"
            }
        }
        return nil
    }

    private static func seed(for target: String, of folder: String) -> [UInt8]? {
        func bytes(_ file: String) -> [UInt8]? {
            FileManager.default.contents(atPath: "\(folder)/\(file)").map(Array.init)
        }
        func root(_ file: String) -> JSONValue? {
            bytes(file).flatMap { try? JSONDocument($0).root }
        }
        guard let review = bytes("review.json") else { return nil }
        switch target {
        case "json": return review
        case "patch":
            guard let patch = bytes("patch.json"), let object = root("review.json")?["request"]?["object"]
            else { return nil }
            return Array("{\"patch\":".utf8) + patch + Array(",\"document\":".utf8) + object.rawBytes
                + Array("}".utf8)
        case "review":
            var lines = ""
            for option in root("options.json")?.members.map({ ($0.name, $0.value.string() ?? "") }) ?? [] {
                lines += option.0 == "server" ? "server \(option.1)\n" : "--\(option.0)=\(option.1)\n"
            }
            for annotation in root("serviceaccount.json")?["metadata"]?["annotations"]?.members.map({ $0 })
                ?? []
            {
                lines += "\(annotation.name)=\(annotation.value.string() ?? "")\n"
            }
            return Array("\(lines)\n".utf8) + review
        default: return nil
        }
    }
}
