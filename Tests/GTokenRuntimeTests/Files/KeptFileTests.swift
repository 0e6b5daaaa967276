import Foundation
import GTokenRuntime
import TestSupport
import XCTest

final class KeptFileTests: XCTestCase {
    func testSeesEachChangeThatOthersMake() throws {
        let files = FileManager.default
        let changes: [(String, (String) throws -> Void)] = [
            ("removed", { try files.removeItem(atPath: $0) }),
            ("appended to", { try self.append("x", to: $0) }),
            ("emptied", { try Data().write(to: URL(fileURLWithPath: $0)) }),
            (
                "the same contents",
                { try Data("contents".utf8).write(to: URL(fileURLWithPath: $0), options: .atomic) }
            ),
            ("mode", { XCTAssertEqual(unsafe chmod($0, 0o600), 0) }),
            ("the same mode again", { XCTAssertEqual(unsafe chmod($0, 0o640), 0) }),
            ("owner", { XCTAssertEqual(unsafe chown($0, geteuid(), getegid()), 0) }),
            ("another link", { try files.linkItem(atPath: $0, toPath: $0 + ".link") }),
            ("time", { XCTAssertEqual(unsafe utimes($0, nil), 0) }),
            (
                "a directory",
                {
                    try files.removeItem(atPath: $0)
                    try files.createDirectory(atPath: $0, withIntermediateDirectories: false)
                }
            ),
            (
                "a link to the same file",
                {
                    try files.moveItem(atPath: $0, toPath: $0 + ".moved")
                    try files.createSymbolicLink(atPath: $0, withDestinationPath: "file.moved")
                }
            ),
        ]
        for (name, change) in changes {
            let directory = try TemporaryDirectory()
            let file = KeptFile(directory.file("file"), mode: 0o640)
            XCTAssertFalse(file.isAsLeft, "nothing was put there")
            try file.put("contents".utf8)
            XCTAssertTrue(file.isAsLeft)
            _ = try FileReader.read(path: file.path, maxBytes: 100)
            XCTAssertTrue(file.isAsLeft, "to read it is no change")
            // The kernel counts changes in ticks of some milliseconds.
            usleep(20_000)
            try change(file.path)
            XCTAssertFalse(file.isAsLeft, name)
            if name == "a directory" { try files.removeItem(atPath: file.path) }
            try file.put("more".utf8)
            XCTAssertTrue(file.isAsLeft, name)
            XCTAssertEqual(directory.text("file"), "more")
        }
    }

    func testAFileOfBeforeIsNotOnesOwn() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("file", Array("contents".utf8))
        XCTAssertFalse(KeptFile(path, mode: 0o600).isAsLeft)
    }

    func testAPutThatFailsLeavesTheFormerStateKnown() throws {
        let directory = try TemporaryDirectory()
        let file = KeptFile(directory.file("file"), mode: 0o600)
        try file.put("contents".utf8)
        try FileManager.default.removeItem(atPath: file.path)
        try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
        XCTAssertThrowsError(try file.put("more".utf8)) {
            XCTAssertEqual($0 as? FileError, .notARegularFile(path: file.path))
        }
        XCTAssertFalse(file.isAsLeft)
    }

    private func append(_ text: String, to path: String) throws {
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: path))
        handle.seekToEndOfFile()
        handle.write(Data(text.utf8))
        try handle.close()
    }
}
