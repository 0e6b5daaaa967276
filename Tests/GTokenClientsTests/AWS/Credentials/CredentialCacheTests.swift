import Foundation
import GTokenClients
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

final class CredentialCacheTests: XCTestCase {
    /// A cache in a folder, and a count of how often new credentials were made.
    private struct Stage {
        let folder: TemporaryDirectory
        let clock = ManualClock()
        let made = Locked(0)

        init() throws { folder = try TemporaryDirectory() }

        var path: String { folder.file("cache") }

        func cache(_ settings: [String] = ["role=a"]) throws -> CredentialCache {
            CredentialCache(try PrivateDirectory(path: path), settings: settings, clock: clock)
        }

        /// The name of the file with credentials.
        func name() throws -> String {
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            return try XCTUnwrap(names.first { !$0.hasSuffix(".lock") })
        }

        func source(life: Duration = .seconds(3600)) -> CredentialCache.Source {
            { [made, clock] () async throws(CredentialExchangeError) in
                let number = made.withLock { number in
                    number += 1
                    return number
                }
                return SessionCredentials(
                    accessKeyID: "ASIA\(number)",
                    secretAccessKey: "not-a-secret",
                    sessionToken: "not-a-token",
                    accountID: "123456789012",
                    issuedAt: clock.now(),
                    expiresAt: clock.now() + life
                )
            }
        }
    }

    private static let away: CredentialCache.Source = { () async throws(CredentialExchangeError) in
        throw .token(ToolError("no answer", exitCode: .unavailable))
    }
    private static let refusing: CredentialCache.Source = { () async throws(CredentialExchangeError) in
        throw .token(ToolError("no", exitCode: .refused))
    }

    func testHandsOutTheSameUntilAMarginBeforeTheirEnd() async throws {
        for (life, margin) in [(3600, 1200), (900, 300), (43_200, 1200), (6, 2)] {
            let stage = try Stage()
            let source = stage.source(life: .seconds(life))
            let cache = try stage.cache()
            let first = try await cache.credentials(from: source)
            stage.clock.advance(by: .seconds(life - margin - 1))
            let second = try await stage.cache().credentials(from: source)
            XCTAssertEqual(second, first)
            XCTAssertEqual(second.accountID, "123456789012")
            stage.clock.advance(by: .seconds(1))
            let third = try await cache.credentials(from: source)
            XCTAssertEqual(third.accessKeyID, "ASIA2")
        }
    }

    func testOtherSettingsHaveOtherCredentials() async throws {
        let stage = try Stage()
        for (index, settings) in [["a", "b"], ["ab"], ["a", "b", ""], [], ["a\",\"b"]].enumerated() {
            let credentials = try await stage.cache(settings).credentials(from: stage.source())
            XCTAssertEqual(credentials.accessKeyID, "ASIA\(index + 1)")
        }
    }

    func testNamesAndModesTellNothing() async throws {
        let stage = try Stage()
        _ = try await stage.cache(["external-id=4711"]).credentials(from: stage.source())
        let files = FileManager.default
        let names = try files.contentsOfDirectory(atPath: stage.path).sorted()
        XCTAssertEqual(names.count, 2)
        XCTAssertEqual(names[0].count, 64)
        XCTAssertEqual(names[1], names[0] + ".lock")
        for name in names {
            let attributes = try files.attributesOfItem(atPath: stage.path + "/" + name)
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600)
        }
    }

    func testOldOnesServeWhileAServiceIsAwayButNotAgainstARefusal() async throws {
        let stage = try Stage()
        let cache = try stage.cache()
        let first = try await cache.credentials(from: stage.source())
        stage.clock.advance(by: .seconds(3000))
        let held = try await cache.credentials(from: Self.away)
        XCTAssertEqual(held, first)
        await assertThrows(.exchange(.token(ToolError("no", exitCode: .refused)))) {
            try await cache.credentials(from: Self.refusing)
        }
        stage.clock.advance(by: .seconds(541))
        await assertThrows(.exchange(.token(ToolError("no answer", exitCode: .unavailable)))) {
            try await cache.credentials(from: Self.away)
        }
    }

    func testWhatIsNoneOfOursIsReplaced() async throws {
        for junk in [
            "", "{}", "[", #"{"Version":1,"AccessKeyId":"ASIA0"}"#, String(repeating: "x", count: 70_000),
        ] {
            let stage = try Stage()
            let cache = try stage.cache()
            _ = try await cache.credentials(from: stage.source())
            _ = try stage.folder.write("cache/\(stage.name())", Array(junk.utf8))
            let credentials = try await cache.credentials(from: stage.source())
            XCTAssertEqual(credentials.accessKeyID, "ASIA2")
        }
    }

    func testCredentialsOfAnotherTimeAreNotTrusted() async throws {
        let stage = try Stage()
        let cache = try stage.cache()
        _ = try await cache.credentials(from: stage.source())
        stage.clock.jump(by: .seconds(-7200))
        let credentials = try await cache.credentials(from: stage.source())
        XCTAssertEqual(credentials.accessKeyID, "ASIA2")
    }

    func testOfManyAtTheSameTimeOneAsks() async throws {
        let stage = try Stage()
        let cache = try stage.cache()
        _ = try await cache.credentials(from: stage.source())
        stage.clock.advance(by: .seconds(3600))
        let holder = try XCTUnwrap(PrivateDirectory(path: stage.path).lock(stage.name() + ".lock"))
        let keys = Locked<[String]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let credentials = try await stage.cache().credentials(from: stage.source())
                    keys.withLock { $0.append(credentials.accessKeyID) }
                }
            }
            await stage.clock.waitForSleepers(8)
            XCTAssertEqual(stage.made.withLock { $0 }, 1)
            holder.release()
            // Each that sleeps looks again after each of these steps.
            for _ in 0..<100_000 where keys.withLock({ $0.count }) < 8 {
                stage.clock.advance(by: .milliseconds(50))
                await Task.yield()
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        XCTAssertEqual(keys.withLock { $0 }, Array(repeating: "ASIA2", count: 8))
    }

    func testAProcessThatIsStuckHoldsNobodyUp() async throws {
        let stage = try Stage()
        let cache = try stage.cache()
        _ = try await cache.credentials(from: stage.source())
        stage.clock.advance(by: .seconds(3600))
        let holder = try XCTUnwrap(PrivateDirectory(path: stage.path).lock(stage.name() + ".lock"))
        stage.clock.letSleepsPass(for: .seconds(120))
        let credentials = try await cache.credentials(from: stage.source())
        XCTAssertEqual(credentials.accessKeyID, "ASIA2")
        XCTAssertGreaterThan(stage.clock.elapsed, .seconds(3600) + CredentialCache.patience)
        holder.release()
    }

    func testPrintsNoSecret() async throws {
        let stage = try Stage()
        let credentials = try await stage.cache().credentials(from: stage.source())
        var printed = "\(credentials)"
        dump(credentials, to: &printed)
        XCTAssertTrue(printed.hasPrefix("credentials ASIA1 until "))
        XCTAssertFalse(printed.contains("not-a-"))
    }

    private func assertThrows(
        _ expected: CredentialCacheError,
        file: StaticString = #filePath,
        line: UInt = #line,
        _ body: () async throws -> SessionCredentials
    ) async {
        do {
            _ = try await body()
            XCTFail("did not throw", file: file, line: line)
        } catch {
            XCTAssertEqual(error as? CredentialCacheError, expected, file: file, line: line)
        }
    }
}
