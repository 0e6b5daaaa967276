import Foundation
import GTokenCore
import XCTest

/// A folder of the core's `Fixtures/cases`, read from the sources.
struct ReviewCase {
    let name: String
    private let folder: URL

    static func all() throws -> [ReviewCase] {
        let cases = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../GTokenCoreTests/Fixtures/cases")
        return try FileManager.default.contentsOfDirectory(atPath: cases.path).sorted().map {
            ReviewCase(name: $0, folder: cases.appendingPathComponent($0))
        }
    }

    /// A case by its folder's name.
    static func named(_ name: String) throws -> ReviewCase {
        try XCTUnwrap(all().first { $0.name == name })
    }

    func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(file)))
    }

    func value(_ file: String) throws -> JSONValue { try JSONDocument(bytes(file)).root }

    /// The server's version and the webhook's arguments that the case is about.
    var options: ReviewOptions {
        let options = try? value("options.json")
        return ReviewOptions(
            server: options?["server"]?.string() ?? "1.33",
            arguments: options?["arguments"]?.elements.compactMap { $0.string() } ?? []
        )
    }
}

/// What a webhook has to be for a case.
struct ReviewOptions: Hashable {
    var server: String
    var arguments: [String]
}
