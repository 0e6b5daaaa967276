import Foundation
import GTokenRuntime
import TestSupport
import XCTest

final class AtomicFileTests: XCTestCase {
    private func withDirectory(_ body: (TemporaryDirectory) throws -> Void) throws {
        try body(TemporaryDirectory())
    }

    private func contents(_ path: String) throws -> String {
        String(decoding: try FileReader.read(path: path, maxBytes: 1 << 24), as: UTF8.self)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try XCTUnwrap(attributes[.posixPermissions] as? Int)
    }

    private func assertFails(
        _ path: String,
        _ expected: FileError,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertThrowsError(try AtomicFile.replace(path: path, contents: "x".utf8), file: file, line: line) {
            XCTAssertEqual($0 as? FileError, expected, file: file, line: line)
        }
    }

    func testWritesAndReplacesAFileLeavingNothingElse() throws {
        try withDirectory { directory in
            let path = directory.file("gtoken")
            for text in ["first", "", String(repeating: "long", count: 100_000), "last"] {
                try AtomicFile.replace(path: path, contents: text.utf8)
                XCTAssertEqual(try contents(path), text)
                XCTAssertEqual(directory.names, ["gtoken"])
            }
        }
    }

    func testSetsTheModeWhateverTheUmaskAndTheOldMode() throws {
        try withDirectory { directory in
            let path = directory.file("gtoken")
            let old = umask(0o077)
            defer { umask(old) }
            try AtomicFile.replace(path: path, contents: "x".utf8)
            XCTAssertEqual(try mode(path), 0o644)
            try AtomicFile.replace(path: path, contents: "x".utf8, mode: 0o600)
            XCTAssertEqual(try mode(path), 0o600)
        }
    }

    func testNobodySeesTheFileWithAnotherMode() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("gtoken")
        try AtomicFile.replace(path: path, contents: "x".utf8, mode: 0o604)
        try await withThrowingTaskGroup { group in
            group.addTask {
                for _ in 0..<100 { try AtomicFile.replace(path: path, contents: "y".utf8, mode: 0o604) }
            }
            group.addTask {
                for _ in 0..<500 {
                    var status = stat()
                    XCTAssertEqual(unsafe lstat(path, &status), 0)
                    XCTAssertEqual(status.st_mode & 0o7777, 0o604)
                }
            }
            try await group.waitForAll()
        }
    }

    func testIsOfTheGroupThatASetGroupIDDirectoryGives() throws {
        try withDirectory { directory in
            // Only root may give a directory to a group that it is not in.
            let group: gid_t = geteuid() == 0 ? 12_345 : getegid()
            XCTAssertEqual(unsafe chown(directory.path, geteuid(), group), 0)
            XCTAssertEqual(unsafe chmod(directory.path, 0o2770), 0)
            let path = directory.file("gtoken")
            try AtomicFile.replace(path: path, contents: "x".utf8, mode: 0o640)
            var status = stat()
            XCTAssertEqual(unsafe lstat(path, &status), 0)
            XCTAssertEqual(status.st_gid, group)
            XCTAssertEqual(status.st_uid, geteuid())
            XCTAssertEqual(status.st_mode & 0o7777, 0o640)
        }
    }

    func testMakesMissingDirectoriesThatOthersCannotWrite() throws {
        try withDirectory { directory in
            let old = umask(0)
            defer { umask(old) }
            let path = directory.file("a/b/c/gtoken")
            try AtomicFile.replace(path: path, contents: "x".utf8)
            XCTAssertEqual(try contents(path), "x")
            for name in ["a", "a/b", "a/b/c"] {
                XCTAssertEqual(try mode(directory.file(name)), 0o755, name)
            }
        }
    }

    func testWritesRelativeToTheWorkingDirectory() throws {
        try withDirectory { directory in
            let old = FileManager.default.currentDirectoryPath
            XCTAssertTrue(FileManager.default.changeCurrentDirectoryPath(directory.path))
            defer { _ = FileManager.default.changeCurrentDirectoryPath(old) }
            try AtomicFile.replace(path: "gtoken", contents: "x".utf8)
            try AtomicFile.replace(path: "sub//gtoken", contents: "y".utf8)
            XCTAssertEqual(directory.names, ["gtoken", "sub"])
            XCTAssertEqual(try contents(directory.file("sub/gtoken")), "y")
        }
    }

    func testPathsAreBytesNotCharacters() throws {
        try withDirectory { directory in
            // The slash and the accent are one Character.
            let path = directory.file("folder") + "/\u{301}name"
            try AtomicFile.replace(path: path, contents: "x".utf8)
            XCTAssertEqual(try contents(path), "x")
            XCTAssertEqual(directory.names, ["folder"])
        }
    }

    func testReplacesALinkAndLeavesWhatItPointsTo() throws {
        try withDirectory { directory in
            try AtomicFile.replace(path: directory.file("outside/secret"), contents: "untouched".utf8)
            let path = directory.file("gtoken")
            for destination in ["outside/secret", "outside/absent", "gtoken"] {
                try? FileManager.default.removeItem(atPath: path)
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: destination)
                try AtomicFile.replace(path: path, contents: "new".utf8)
                XCTAssertEqual(try contents(path), "new")
                let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                XCTAssertEqual(type, .typeRegular)
            }
            XCTAssertEqual(try contents(directory.file("outside/secret")), "untouched")
            XCTAssertFalse(FileManager.default.fileExists(atPath: directory.file("outside/absent")))
        }
    }

    func testFollowsALinkToItsDirectory() throws {
        try withDirectory { directory in
            try AtomicFile.replace(path: directory.file("one/other"), contents: [])
            try FileManager.default.createSymbolicLink(
                atPath: directory.file("..data"),
                withDestinationPath: "one"
            )
            try AtomicFile.replace(path: directory.file("..data/gtoken"), contents: "x".utf8)
            XCTAssertEqual(directory.text("one/gtoken"), "x")
            XCTAssertEqual(directory.names, ["..data", "one"])
            // A link that leads nowhere is no directory, and is not made one.
            try FileManager.default.removeItem(atPath: directory.file("one"))
            let path = directory.file("..data/gtoken")
            assertFails(path, .system(call: "open", path: directory.file("..data"), errno: ENOENT))
        }
    }

    func testRefusesATargetThatIsNotAFile() throws {
        try withDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: directory.file("d"),
                withIntermediateDirectories: true
            )
            XCTAssertEqual(unsafe mkfifo(directory.file("pipe"), 0o600), 0)
            for path in [
                directory.file("d"), directory.file("d/"), directory.file("d/."), directory.file("d/.."),
                directory.file("pipe"), "/dev/null", "/",
            ] {
                assertFails(path, .notARegularFile(path: path))
            }
            XCTAssertEqual(directory.names, ["d", "pipe"])
        }
    }

    func testSaysWhyADirectoryCannotBeMade() throws {
        try withDirectory { directory in
            try AtomicFile.replace(path: directory.file("f"), contents: [])
            let inFile = directory.file("f/gtoken")
            assertFails(inFile, .system(call: "open", path: directory.file("f"), errno: ENOTDIR))
            let below = directory.file("f/g/gtoken")
            assertFails(below, .system(call: "mkdir", path: directory.file("f/g"), errno: ENOTDIR))
            let long = directory.file(String(repeating: "n", count: 256))
            assertFails(long, .system(call: "fstatat", path: long, errno: ENAMETOOLONG))
        }
    }

    func testWritesAFileWithTheLongestName() throws {
        try withDirectory { directory in
            let name = String(repeating: "é", count: 127)
            try AtomicFile.replace(path: directory.file(name), contents: "x".utf8)
            XCTAssertEqual(directory.names, [name])
        }
    }

    func testAReadOnlyDirectoryIsAnErrorThatKeepsTheOldFile() throws {
        try withDirectory { directory in
            let path = directory.file("d/gtoken")
            try AtomicFile.replace(path: path, contents: "old".utf8)
            unsafe chmod(directory.file("d"), 0o555)
            defer { unsafe chmod(directory.file("d"), 0o755) }
            // Root may write anywhere, so the process is somebody else meanwhile.
            let isRoot = geteuid() == 0
            if isRoot { XCTAssertEqual(seteuid(65534), 0) }
            defer { if isRoot { seteuid(0) } }
            assertFails(path, .system(call: "openat", path: path, errno: EACCES))
            XCTAssertEqual(try contents(path), "old")
        }
    }

    func testAReadOnlyFileSystemIsAnErrorEvenForRoot() throws {
        // /proc takes no new files from anybody.
        XCTAssertThrowsError(try AtomicFile.replace(path: "/proc/self/gtoken", contents: "x".utf8)) { error in
            guard case .system("openat", "/proc/self/gtoken", _) = error as? FileError else {
                return XCTFail("\(error)")
            }
        }
    }

    func testAFullDiskLeavesTheOldFileAndNothingElse() throws {
        try withDirectory { directory in
            let path = directory.file("gtoken")
            try AtomicFile.replace(path: path, contents: "old".utf8)
            // A file size limit fails a write just as a full disk does, once its signal is ignored.
            _ = signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var small = rlimit(rlim_cur: 100, rlim_max: limit.rlim_max)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
            defer { unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
            XCTAssertThrowsError(
                try AtomicFile.replace(path: path, contents: String(repeating: "n", count: 200).utf8)
            ) {
                XCTAssertEqual($0 as? FileError, .system(call: "write", path: path, errno: EFBIG))
            }
            XCTAssertEqual(try contents(path), "old")
            XCTAssertEqual(directory.names, ["gtoken"])
        }
    }

    func testRemovesOnlyItsOwnLeftovers() throws {
        try withDirectory { directory in
            let path = directory.file("gtoken")
            let kept = [
                ".gtoken.0123456789abcde", ".gtoken.0123456789abcdeg", ".gtoken.0123456789ABCDEF",
                ".other.0123456789abcdef",
                "gtoken.0123456789abcdef", ".gtoken.x.0123456789abcdef",
            ]
            for name in kept + [".gtoken.0123456789abcdef", ".gtoken.fedcba9876543210"] {
                try Data().write(to: URL(fileURLWithPath: directory.file(name)))
            }
            // Named like a leftover, but no file of ours: a link is not followed, a directory stays.
            try FileManager.default.createSymbolicLink(
                atPath: directory.file(".gtoken.00000000000000aa"),
                withDestinationPath: "gtoken"
            )
            try FileManager.default.createDirectory(
                atPath: directory.file(".gtoken.00000000000000bb"),
                withIntermediateDirectories: false
            )
            try AtomicFile.replace(path: path, contents: "x".utf8)
            XCTAssertEqual(
                directory.names,
                (kept + [".gtoken.00000000000000aa", ".gtoken.00000000000000bb", "gtoken"]).sorted()
            )
        }
    }

    func testLeavesAReplacementUnderWayAlone() throws {
        try withDirectory { directory in
            let path = directory.file("gtoken")
            let name = ".gtoken.0123456789abcdef"
            let other = unsafe open(directory.file(name), O_CREAT | O_WRONLY, 0o600)
            XCTAssertEqual(flock(other, LOCK_EX), 0)
            AtomicFile.removeLeftovers(path: path)
            XCTAssertEqual(directory.names, [name])
            close(other)
            AtomicFile.removeLeftovers(path: path)
            XCTAssertEqual(directory.names, [])
        }
    }

    func testRemovingLeftoversOfAnAbsentDirectoryDoesNothing() {
        AtomicFile.removeLeftovers(path: "/nowhere/gtoken")
    }

    func testReadersAndSeveralWritersNeverSeeAPart() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("gtoken")
        let texts = (0..<3).map { String(repeating: "\($0)", count: 50_000) }
        try AtomicFile.replace(path: path, contents: texts[0].utf8)
        try await withThrowingTaskGroup { group in
            for text in texts {
                group.addTask {
                    for _ in 0..<50 { try AtomicFile.replace(path: path, contents: text.utf8) }
                }
            }
            group.addTask {
                for _ in 0..<200 {
                    let seen = String(
                        decoding: try FileReader.read(path: path, maxBytes: 1 << 20),
                        as: UTF8.self
                    )
                    XCTAssertTrue(texts.contains(seen))
                }
            }
            try await group.waitForAll()
        }
        XCTAssertEqual(directory.names, ["gtoken"])
    }
}
