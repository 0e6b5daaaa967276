import Foundation
import GTokenCore

let usage = """
    usage: build-patch REVIEW SERVICEACCOUNT [IMAGE]

    Prints the JSON patch by which the Pod of an AdmissionReview gets the AWS role of its ServiceAccount. Both files
    are JSON. What was decided, and what the Pod's author would be warned of, goes to standard error.

    Exit status: 0 for a Pod that has the role or needs none, 1 for one that should have it and cannot, 64 usage,
    65 a file has something else in it, 66 no file.

    """

/// Writes text to standard error.
func report(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

/// Ends the program with a line on standard error.
func fail(_ status: Int32, _ text: String) -> Never {
    report(text)
    exit(status)
}

func contents(of file: String) -> [UInt8] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
        fail(66, "build-patch: error: cannot read \(file)\n")
    }
    return Array(data)
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard 2...3 ~= arguments.count, !arguments.contains(where: { $0.hasPrefix("-") }) else { fail(64, usage) }
let builder = PatchBuilder(image: arguments.count > 2 ? arguments[2] : "registry.example/gtoken:0.1.0")

do {
    let outcome = try builder.outcome(
        review: contents(of: arguments[0]),
        serviceAccount: contents(of: arguments[1])
    )
    let operations = outcome.patch.operations.map { String(decoding: $0.encoded, as: UTF8.self) }
    print("[\(operations.joined(separator: ",\n "))]")
    for warning in outcome.warnings { report("warning: \(warning)\n") }
    guard case .notInjected(let reason) = outcome.decision else {
        report("decision: \(outcome.decision.name)\n")
        exit(0)
    }
    report("decision: left as it is, \(reason.rawValue)\n")
    exit(reason.isFault ? 1 : 0)
} catch {
    fail(65, "build-patch: error: \(error)\n")
}
