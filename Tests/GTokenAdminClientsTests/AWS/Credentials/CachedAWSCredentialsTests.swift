import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

final class CachedAWSCredentialsTests: XCTestCase {
    func testKeepsThemUntilShortlyBeforeTheirEnd() async throws {
        let clock = ManualClock()
        let source = NumberedCredentials(life: .seconds(3600), clock: clock)
        let cache = CachedAWSCredentials(source, clock: clock)
        for (advance, expected) in [(0, 1), (3299, 1), (2, 2), (3299, 2), (2, 3)] {
            clock.advance(by: .seconds(advance))
            let credentials = try await cache.current()
            XCTAssertEqual(credentials.accessKeyID, "ASIA\(expected)", "\(advance)")
        }
    }

    func testRenewsThoseOfAShortLifeAtHalfOfIt() async throws {
        let clock = ManualClock()
        let source = NumberedCredentials(life: .seconds(60), clock: clock)
        let cache = CachedAWSCredentials(source, clock: clock)
        for (advance, expected) in [(0, 1), (29, 1), (2, 2)] {
            clock.advance(by: .seconds(advance))
            _ = try await cache.current()
            XCTAssertEqual(source.count, expected, "\(advance)")
        }
    }

    func testKeysWithoutAnEndAreKept() async throws {
        let clock = ManualClock()
        let source = NumberedCredentials()
        let cache = CachedAWSCredentials(source, clock: clock)
        for _ in 0..<3 {
            clock.advance(by: .seconds(1_000_000))
            _ = try await cache.current()
        }
        XCTAssertEqual(source.count, 1)
    }

    func testAsksOnceForAllWhoWait() async throws {
        let source = NumberedCredentials()
        let cache = CachedAWSCredentials(source, clock: ManualClock())
        let ids = try await withThrowingTaskGroup { group in
            for _ in 0..<100 { group.addTask { try await cache.current().accessKeyID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        XCTAssertEqual(ids, ["ASIA1"])
        XCTAssertEqual(source.count, 1)
    }

    func testTheOldOnesServeAsLongAsTheyAreGood() async throws {
        let clock = ManualClock()
        let source = FailingAfterOne(end: clock.now() + .seconds(3600))
        let cache = CachedAWSCredentials(source, clock: clock)
        for advance in [0, 3400, 199] {
            clock.advance(by: .seconds(advance))
            let credentials = try await cache.current()
            XCTAssertEqual(credentials.accessKeyID, "ASIA1")
        }
        clock.advance(by: .seconds(1))
        do throws(AWSCredentialError) {
            _ = try await cache.current()
            XCTFail("no error")
        } catch {
            XCTAssertEqual(error, .notFound(profile: "p"))
        }
    }

    func testThoseThatHaveEndedAreNone() async {
        let clock = ManualClock()
        let old = AWSCredentials(accessKeyID: "ASIA", secretAccessKey: "s", expiresAt: clock.now())
        do throws(AWSCredentialError) {
            _ = try await CachedAWSCredentials(old, clock: clock).current()
            XCTFail("no error")
        } catch {
            XCTAssertEqual(error, .expired)
        }
    }
}

/// Credentials that can be had once.
private final class FailingAfterOne: AWSCredentialsSource {
    private let given = Locked(0)
    private let end: UnixTime

    init(end: UnixTime) { self.end = end }

    var isRenewable: Bool { true }

    func credentials() async throws(AWSCredentialError) -> AWSCredentials {
        let number = given.withLock { given in
            given += 1
            return given
        }
        guard number == 1 else { throw .notFound(profile: "p") }
        return AWSCredentials(accessKeyID: "ASIA1", secretAccessKey: ScriptedAWS.secret, expiresAt: end)
    }
}
