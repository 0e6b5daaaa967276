import Foundation

/// One way in for hostile bytes: what is called with them, and what must hold whatever they are.
///
/// All targets are in one binary; the name that it is started by chooses (`fuzz-json` runs `json`).
struct FuzzTarget: Sendable {
    let name: String
    /// Passes one input through the code under test; a property that does not hold ends the process.
    let run: @Sendable ([UInt8]) -> Void
    /// What the code makes of an input, as a line of JSON for another implementation to be compared with;
    /// `nil` where nothing is compared.
    var answer: (@Sendable ([UInt8]) -> [UInt8])?

    static let all = [
        json, jsonPatch, jwt, httpRequest, httpResponse, httpText, review, xml, policy, text,
    ]

    /// The target that this process was started as.
    nonisolated(unsafe) static var current = json
}

/// Called once by libFuzzer's `main`, before any input.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    let own = (CommandLine.arguments.first ?? "").split(separator: "/").last ?? ""
    guard let target = FuzzTarget.all.first(where: { "fuzz-\($0.name)" == own }) else {
        let names = FuzzTarget.all.map { "fuzz-\($0.name)" }.joined(separator: " ")
        end("fuzz: started as \"\(own)\", which is none of: \(names)", status: 64)
    }
    unsafe FuzzTarget.current = target
    let rest = CommandLine.arguments.dropFirst()
    switch rest.first {
    case "--answers": end(Answers.print(of: target, in: rest.dropFirst()), status: 0)
    case "--seeds": end(Seeds.write(for: target, in: rest.dropFirst()), status: 0)
    default: return 0
    }
}

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe FuzzTarget.current.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

private func end(_ complaint: String?, status: CInt) -> Never {
    guard let complaint else { exit(status) }
    FileHandle.standardError.write(Data("\(complaint)\n".utf8))
    exit(status == 0 ? 1 : status)
}
