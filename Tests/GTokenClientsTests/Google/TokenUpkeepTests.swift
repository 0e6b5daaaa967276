import Foundation
import GTokenClients
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

/// A real file that others change, remove or make impossible, and a manual clock.
final class TokenUpkeepTests: XCTestCase {
    private let start = UnixTime(seconds: 1_795_467_580)

    private struct Scene {
        let directory: TemporaryDirectory
        let path: String
        let stage: RefresherStage
        let files = FileManager.default

        init(_ start: UnixTime, in folder: String = "volume") throws {
            directory = try TemporaryDirectory()
            path = directory.file("\(folder)/gtoken")
            stage = RefresherStage(start)
            stage.file = KeptFile(path, mode: 0o644)
        }

        var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

        /// Runs for half an hour, before anything is due; `mischief` happens after the fifth minute.
        func run(
            _ mischief: @escaping () throws -> Void,
            after: @escaping (_ minute: Int) throws -> Void
        ) async {
            var minute = 0.0
            stage.onSleep = { _, _ in
                do {
                    if stage.now == 300 { try mischief() }
                    if stage.now > 300, stage.now >= minute + 60 {
                        minute = stage.now
                        try after(Int(minute / 60))
                    }
                } catch { XCTFail("\(error)") }
            }
            await stage.keepFresh(for: .seconds(1800))
        }
    }

    func testWhatOthersDoToTheFileIsUndoneWithinAMinute() async throws {
        let mischief: [(String, (Scene) throws -> Void)] = [
            ("removed", { try $0.files.removeItem(atPath: $0.path) }),
            ("emptied", { try Data().write(to: URL(fileURLWithPath: $0.path)) }),
            ("replaced", { try AtomicFile.replace(path: $0.path, contents: "other".utf8) }),
            ("overwritten", { try Data("other".utf8).write(to: URL(fileURLWithPath: $0.path)) }),
            ("another mode", { _ = unsafe chmod($0.path, 0o600) }),
            ("moved away", { try $0.files.moveItem(atPath: $0.path, toPath: $0.path + ".old") }),
            (
                "a link",
                {
                    try $0.files.removeItem(atPath: $0.path)
                    try $0.files.createSymbolicLink(atPath: $0.path, withDestinationPath: "/etc/passwd")
                }
            ),
            ("folder removed", { try $0.files.removeItem(atPath: $0.directory.file("volume")) }),
            (
                "folder moved",
                {
                    let folder = $0.directory.file("volume")
                    try $0.files.moveItem(atPath: folder, toPath: folder + ".old")
                }
            ),
        ]
        for (name, act) in mischief {
            let scene = try Scene(start)
            await scene.run({ try act(scene) }) { minute in
                // The look at the clock that follows has put it back.
                guard minute > 6 else { return }
                XCTAssertEqual(scene.text, scene.stage.token(expires: 3600).text, name)
                let attributes = try scene.files.attributesOfItem(atPath: scene.path)
                XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o644, name)
                XCTAssertEqual(attributes[.type] as? FileAttributeType, .typeRegular, name)
            }
            XCTAssertEqual(scene.stage.questions, [0], name)
            XCTAssertEqual(scene.stage.written.count, 2, name)
            XCTAssertEqual(scene.stage.levels.filter { $0 == "warning" }.count, 1, name)
            XCTAssertEqual(Set(scene.stage.clock.sleeps), [.seconds(60)], "\(name): no other wake-ups")
        }
    }

    func testADirectoryInTheFilesPlaceIsWaitedOut() async throws {
        let scene = try Scene(start)
        await scene.run({
            try scene.files.removeItem(atPath: scene.path)
            try scene.files.createDirectory(atPath: scene.path, withIntermediateDirectories: false)
        }) { minute in
            if minute == 20 { try scene.files.removeItem(atPath: scene.path) }
            if minute == 21 { XCTAssertEqual(scene.text, scene.stage.token(expires: 3600).text) }
        }
        XCTAssertEqual(scene.stage.questions, [0], "the token is there, only its place is not")
        XCTAssertLessThan(scene.stage.clock.sleeps.count, 30 + 15 * 10)
        XCTAssertTrue(scene.stage.lines.contains { $0.contains("not a regular file") })
        XCTAssertLessThan(scene.stage.levels.filter { $0 == "warning" }.count, 20)
    }

    func testAFileInTheFoldersPlaceIsWaitedOut() async throws {
        let scene = try Scene(start)
        let folder = scene.directory.file("volume")
        await scene.run({
            try scene.files.removeItem(atPath: folder)
            try Data().write(to: URL(fileURLWithPath: folder))
        }) { minute in
            if minute == 10 { try scene.files.removeItem(atPath: folder) }
            if minute == 11 { XCTAssertEqual(scene.text, scene.stage.token(expires: 3600).text) }
        }
        XCTAssertEqual(scene.stage.questions, [0])
    }

    func testAVolumeSwappedByALinkGetsTheTokenToo() async throws {
        // As Kubernetes lays out what it projects: the folder is a link that is swapped.
        let scene = try Scene(start, in: "..data")
        for name in ["one", "two"] {
            try scene.files.createDirectory(
                atPath: scene.directory.file(name),
                withIntermediateDirectories: false
            )
        }
        let link = scene.directory.file("..data")
        try scene.files.createSymbolicLink(atPath: link, withDestinationPath: "one")
        await scene.run({
            XCTAssertEqual(scene.directory.text("one/gtoken"), scene.text)
            try scene.files.removeItem(atPath: link)
            try scene.files.createSymbolicLink(atPath: link, withDestinationPath: "two")
        }) { minute in
            guard minute > 6 else { return }
            XCTAssertEqual(scene.directory.text("two/gtoken"), scene.stage.token(expires: 3600).text)
        }
        XCTAssertEqual(scene.stage.written.count, 2)
    }

    func testATokenThatCannotBeWrittenIsKeptAndNotAskedForAgain() async throws {
        let stage = RefresherStage(start)
        stage.writeFailure = { now in
            (2000..<5000).contains(now) ? .system(call: "openat", path: "/f", errno: 30) : nil
        }
        await stage.keepFresh(for: .seconds(5500))
        XCTAssertEqual(stage.questions.count, 2)
        XCTAssertEqual(stage.written.count, 2)
        XCTAssertTrue((5000...5032).contains(stage.written[1].at))
        // Half an hour with the former token still valid, then as an error.
        let obstacles = stage.lines.filter { $0.contains("cannot be written") }
        XCTAssertLessThan(obstacles.count, 60)
        XCTAssertTrue(obstacles.first?.contains("level=warning") == true, "\(obstacles)")
        XCTAssertTrue(obstacles.last?.contains("level=error") == true, "\(obstacles)")
    }

    func testAFullDiskAtTheStartIsWaitedOut() async throws {
        for code in [28, 122, 5] as [Int32] {
            let stage = RefresherStage(start)
            stage.writeFailure = { $0 < 100 ? .system(call: "write", path: "/f", errno: code) : nil }
            await stage.keepFresh(for: .seconds(200))
            XCTAssertEqual(stage.questions, [0])
            XCTAssertEqual(stage.written.count, 1)
            XCTAssertTrue((100...131).contains(stage.written[0].at))
        }
    }

    func testAnExpiredTokenIsSaidAtASaneRate() async throws {
        let stage = RefresherStage(start)
        stage.minimum = .seconds(30)
        stage.failure = { $0 > 0 ? .refused(url: "u", status: 503, message: "away") : nil }
        await stage.keepFresh(for: .seconds(3600 * 3))
        let errors = stage.lines.filter { $0.contains("level=error") }
        XCTAssertTrue((60...130).contains(errors.count), "\(errors.count)")
        for line in errors {
            XCTAssertTrue(line.contains("has expired") && line.contains("answered 503: away"), line)
        }
    }
}
