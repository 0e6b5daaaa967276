import Foundation
import GTokenRuntime
import TestSupport
import XCTest

final class FileReaderTests: XCTestCase {
    private func withDirectory(_ body: (TemporaryDirectory) throws -> Void) throws {
        try body(TemporaryDirectory())
    }

    func testReadsAFileUpToTheLimitAndNotBeyond() throws {
        try withDirectory { directory in
            let path = directory.file("f")
            for size in [0, 1, 4095, 4096, 4097, 10_000] {
                let contents = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                try Data(contents).write(to: URL(fileURLWithPath: path))
                XCTAssertEqual(try FileReader.read(path: path, maxBytes: size), contents)
                XCTAssertThrowsError(try FileReader.read(path: path, maxBytes: size - 1)) {
                    XCTAssertEqual($0 as? FileError, .tooLarge(path: path, limit: size - 1))
                }
            }
        }
    }

    func testFollowsALinkAsKubernetesMountsSecrets() throws {
        try withDirectory { directory in
            try Data("x".utf8).write(to: URL(fileURLWithPath: directory.file("real")))
            try FileManager.default.createSymbolicLink(
                atPath: directory.file("link"),
                withDestinationPath: "real"
            )
            XCTAssertEqual(try FileReader.read(path: directory.file("link"), maxBytes: 10), [0x78])
        }
    }

    func testReadsAFileWhoseSizeIsNotKnown() throws {
        XCTAssertFalse(try FileReader.read(path: "/proc/self/status", maxBytes: 1 << 20).isEmpty)
        XCTAssertThrowsError(try FileReader.read(path: "/proc/self/status", maxBytes: 10)) {
            XCTAssertEqual($0 as? FileError, .tooLarge(path: "/proc/self/status", limit: 10))
        }
    }

    func testRefusesWhatIsNotAFileWithoutWaiting() throws {
        try withDirectory { directory in
            let pipe = directory.file("pipe")
            XCTAssertEqual(unsafe mkfifo(pipe, 0o600), 0)
            for path in [directory.path, pipe, "/dev/null"] {
                XCTAssertThrowsError(try FileReader.read(path: path, maxBytes: 10)) {
                    XCTAssertEqual($0 as? FileError, .notARegularFile(path: path))
                }
            }
        }
    }

    func testSaysWhatIsMissing() {
        XCTAssertThrowsError(try FileReader.read(path: "/nowhere/f", maxBytes: 10)) { error in
            XCTAssertEqual(error as? FileError, .system(call: "open", path: "/nowhere/f", errno: ENOENT))
            XCTAssertEqual("\(error)", "/nowhere/f: open: No such file or directory")
            XCTAssertEqual((error as? FileError)?.isNotFound, true)
        }
    }
}
