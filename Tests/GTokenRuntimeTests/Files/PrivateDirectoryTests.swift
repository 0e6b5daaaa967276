import Foundation
import GTokenRuntime
import TestSupport
import XCTest

final class PrivateDirectoryTests: XCTestCase {
    private let files = FileManager.default

    private func mode(_ path: String) throws -> Int? {
        try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    func testMakesADirectoryAndFilesForItsOwnerAlone() throws {
        let folder = try TemporaryDirectory()
        let old = umask(0)
        defer { umask(old) }
        let directory = try PrivateDirectory(path: folder.file("a/b"))
        for path in ["a", "a/b"] { XCTAssertEqual(try mode(folder.file(path)), 0o700) }
        XCTAssertNil(try directory.read("secret", maxBytes: 10))
        for text in ["first", "second"] {
            try directory.replace("secret", contents: Array(text.utf8))
            XCTAssertEqual(try directory.read("secret", maxBytes: 10), Array(text.utf8))
            XCTAssertEqual(try mode(folder.file("a/b/secret")), 0o600)
        }
        XCTAssertEqual(try files.contentsOfDirectory(atPath: folder.file("a/b")), ["secret"])
        XCTAssertThrowsError(try directory.read("secret", maxBytes: 3)) {
            XCTAssertEqual(
                $0 as? PrivateFileError,
                .file(.tooLarge(path: folder.file("a/b/secret"), limit: 3))
            )
        }
    }

    func testADirectoryThatOthersHaveRightsToIsNotUsed() throws {
        for mode in [0o750, 0o705, 0o720, 0o777] {
            let folder = try TemporaryDirectory()
            let path = folder.file("cache")
            try files.createDirectory(atPath: path, withIntermediateDirectories: false)
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            XCTAssertThrowsError(try PrivateDirectory(path: path)) {
                XCTAssertEqual($0 as? PrivateFileError, .open(path: path))
            }
        }
    }

    func testNoLinkIsFollowed() throws {
        let folder = try TemporaryDirectory()
        let directory = try PrivateDirectory(path: folder.file("real"))
        try files.createSymbolicLink(
            atPath: folder.file("link"),
            withDestinationPath: folder.file("real")
        )
        XCTAssertThrowsError(try PrivateDirectory(path: folder.file("link")))
        let target = try folder.write("elsewhere", Array("theirs".utf8))
        for name in ["secret", "secret.lock"] {
            try files.createSymbolicLink(atPath: folder.file("real/\(name)"), withDestinationPath: target)
        }
        XCTAssertThrowsError(try directory.read("secret", maxBytes: 10))
        XCTAssertThrowsError(try directory.lock("secret.lock"))
        // A link at the place is replaced itself.
        try directory.replace("secret", contents: Array("ours".utf8))
        XCTAssertEqual(try directory.read("secret", maxBytes: 10), Array("ours".utf8))
        XCTAssertEqual(folder.text("elsewhere"), "theirs")
    }

    func testAFileThatOthersHaveRightsToIsNotRead() throws {
        let folder = try TemporaryDirectory()
        let directory = try PrivateDirectory(path: folder.file("real"))
        try directory.replace("secret", contents: [1])
        try files.setAttributes([.posixPermissions: 0o604], ofItemAtPath: folder.file("real/secret"))
        XCTAssertThrowsError(try directory.read("secret", maxBytes: 10)) {
            XCTAssertEqual($0 as? PrivateFileError, .open(path: folder.file("real/secret")))
        }
    }

    func testAnotherUsersDirectoryIsNotUsed() throws {
        try XCTSkipIf(geteuid() != 0, "only root can make another user's directory")
        let folder = try TemporaryDirectory()
        let path = folder.file("theirs")
        try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        try files.setAttributes([.posixPermissions: 0o700, .ownerAccountID: 65532], ofItemAtPath: path)
        XCTAssertThrowsError(try PrivateDirectory(path: path)) {
            XCTAssertEqual($0 as? PrivateFileError, .foreign(path: path))
        }
    }

    func testOneHasTheLockUntilItIsReleased() throws {
        let folder = try TemporaryDirectory()
        let directory = try PrivateDirectory(path: folder.file("real"))
        let first = try XCTUnwrap(directory.lock("lock"))
        XCTAssertNil(try directory.lock("lock"))
        XCTAssertNotNil(try directory.lock("another"))
        first.release()
        let second = try XCTUnwrap(directory.lock("lock"))
        XCTAssertNil(try directory.lock("lock"))
        second.release()
    }
}
