package import Foundation

/// Files that stand beside a test target's sources.
package enum Fixture {
    /// The bytes of `Fixtures/<path>` next to the calling test target.
    package static func bytes(_ path: String, in bundle: Bundle) throws -> [UInt8] {
        Array(try Data(contentsOf: bundle.bundleURL.appendingPathComponent("Fixtures/\(path)")))
    }

    /// The names in the folder `Fixtures/<path>`, sorted.
    package static func names(_ path: String, in bundle: Bundle) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: bundle.bundleURL.appendingPathComponent("Fixtures/\(path)").path
        ).sorted()
    }
}
