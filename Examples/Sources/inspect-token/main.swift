import Foundation
import GTokenCore

let usage = """
    usage: inspect-token [--at TIME] [FILE]

    Prints what a JSON Web Token says, and the condition keys by which AWS would know it. The token is read from FILE,
    or from standard input; it is not verified. TIME, such as 2026-11-23T20:59:40Z, counts as now.

    Exit status: 0 for a token that has not expired, 1 for one that has, 64 usage, 65 no token, 66 no file.

    """

/// Ends the program with a line on standard error.
func fail(_ status: Int32, _ text: String) -> Never {
    FileHandle.standardError.write(Data(text.utf8))
    exit(status)
}

var arguments = CommandLine.arguments.dropFirst()
var time = UnixTime(seconds: Int64(Date().timeIntervalSince1970))
if arguments.first == "--at" {
    guard let text = arguments.dropFirst().first, let given = UnixTime(rfc3339: text) else { fail(64, usage) }
    time = given
    arguments = arguments.dropFirst(2)
}
guard arguments.count <= 1, arguments.first?.hasPrefix("-") != true else { fail(64, usage) }

let input: Data
do {
    if let file = arguments.first {
        input = try Data(contentsOf: URL(fileURLWithPath: file))
    } else {
        input = try FileHandle.standardInput.readToEnd() ?? Data()
    }
} catch {
    fail(66, "inspect-token: error: cannot read \(arguments.first ?? "standard input")\n")
}

do {
    let report = try TokenReport(String(decoding: input, as: UTF8.self), at: time)
    print(report.lines.joined(separator: "\n"))
    exit(report.isExpired ? 1 : 0)
} catch {
    fail(65, "inspect-token: error: \(error)\n")
}
