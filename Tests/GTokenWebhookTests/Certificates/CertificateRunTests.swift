import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

@testable import gtoken_webhook

/// When the webhook looks at its certificate: at start, when one of the two objects changes, and each minute.
final class CertificateRunTests: XCTestCase {
    private func withRunningReplica(
        _ prepare: (CertificateTestAPI) async throws -> Void = { _ in },
        _ body: (CertificateTestAPI, Replica) async throws -> Void
    ) async throws {
        try await withCertificateAPI { api in
            try await prepare(api)
            let replica = try Replica(api)
            let running = Task { try await replica.certificate.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(api, replica)) } catch { result = .failure(error) }
            running.cancel()
            _ = await running.result
            try result.get()
        }
    }

    /// Waits for something, letting this much time pass again and again.
    private func wait(
        _ what: String,
        _ api: CertificateTestAPI,
        letting step: Duration = .zero,
        for condition: () -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while !condition() {
            try XCTUnwrap(ContinuousClock.now < end ? () : nil, "\(what) did not happen")
            if step > .zero { api.clock.advance(by: step) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func testAChangeIsSeenAtOnceByTheWatches() async throws {
        try await withRunningReplica { api, replica in
            try await self.wait("the first certificate", api) { replica.certificate.objection == nil }
            let anchors = try XCTUnwrap(api.webhooks).trustedByAll
            // No more than the pause after a change passes here: no tick of a minute.
            try await api.register(bundle: "")
            try await self.wait("the repair of caBundle", api, letting: .milliseconds(20)) {
                api.webhooks?.trustedByAll == anchors
            }
            try await api.deleteSecret()
            try await self.wait("another Secret", api, letting: .milliseconds(20)) { api.stored != nil }
            XCTAssertLessThan(api.clock.elapsed, .seconds(60))
            try await self.wait("both trusted", api) { api.webhooks?.trustedByAll.count == 2 }
            try replica.verify(api)
        }
    }

    func testTheRightsOfTheManifestsAreEnough() async throws {
        try await withRunningReplica({ $0.useManifestsRights() }) { api, replica in
            try await self.wait("the first certificate", api) { replica.certificate.objection == nil }
            try await api.setField("ca.key", nil)
            try await self.wait("the repair of the Secret", api, letting: .milliseconds(20)) {
                api.stored?.faults.isEmpty == true
            }
            try await self.wait("the new bundle", api, letting: .milliseconds(20)) {
                api.webhooks?.trustedByAll.count == 2
            }
            XCTAssertLessThan(api.clock.elapsed, .seconds(60))
            XCTAssertFalse(api.emulator.journal.entries.contains { $0.status == 403 })
            XCTAssertFalse(replica.log.lines.contains { $0.contains("RBAC") }, "\(replica.log.lines)")
            try replica.verify(api)
        }
    }

    func testWithoutTheRightToWatchAChangeIsSeenAMinuteLater() async throws {
        try await withRunningReplica({ $0.deny(["watch secrets", "watch mutatingwebhookconfigurations"]) }) {
            api,
            replica in
            try await self.wait("the first certificate", api) { replica.certificate.objection == nil }
            try await api.register(bundle: "")
            try await self.wait("the repair of caBundle", api, letting: .seconds(1)) {
                replica.certificate.objection == nil && api.webhooks?.trustedByAll.isEmpty == false
            }
            for object in [
                "Secret gtoken/gtoken-webhook-ca", "MutatingWebhookConfiguration mutating-gtoken-webhook-cfg",
            ] {
                let lines = replica.log.lines.filter { $0.contains("may not watch \(object) (RBAC)") }
                XCTAssertEqual(lines.count, 1, "\(replica.log.lines)")
            }
            XCTAssertFalse(
                api.emulator.journal.entries.contains {
                    $0.path.hasSuffix("/secrets") && $0.method == "GET" && $0.status == 200
                }
            )
        }
    }

    func testWhoChangesCaBundleBackAtOnceIsNotRacedAgainst() async throws {
        try await withRunningReplica { api, replica in
            try await self.wait("the first certificate", api) { replica.certificate.objection == nil }
            func patches() -> Int { api.emulator.journal.entries.filter { $0.method == "PATCH" }.count }
            let before = patches()
            // No time passes: the pause after the last change is not over.
            for _ in 0..<20 {
                try await api.register(bundle: "")
                try await Task.sleep(for: .milliseconds(2))
            }
            XCTAssertEqual(patches(), before)
            try await self.wait("one repair", api, letting: .milliseconds(100)) { patches() > before }
            XCTAssertEqual(patches(), before + 1)
            try replica.verify(api)
        }
    }

    func testAnAPIServerThatComesBackIsFoundWithoutWaitingForAMinute() async throws {
        try await withRunningReplica({ $0.setAway(true) }) { api, replica in
            try await self.wait("the first failure", api) {
                replica.log.lines.contains { $0.contains("cannot keep the certificate") }
            }
            XCTAssertNotNil(replica.certificate.objection)
            api.setAway(false)
            let before = api.clock.elapsed
            try await self.wait("the first certificate", api, letting: .milliseconds(100)) {
                replica.certificate.objection == nil
            }
            XCTAssertLessThan(api.clock.elapsed - before, .seconds(60))
            try replica.verify(api)
        }
    }
}
