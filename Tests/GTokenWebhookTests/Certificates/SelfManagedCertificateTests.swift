import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// What happens to the certificate in a cluster's life, round by round.
final class SelfManagedCertificateTests: XCTestCase {
    private static let day = Duration.seconds(86_400)

    func testTheFirstReplicaMakesTheAuthorityPublishesItAndSigns() async throws {
        try await withCertificateAPI { api in
            let replica = try Replica(api)
            XCTAssertEqual(replica.certificate.objection, "there is no certificate yet: starting")
            let outcome = await replica.certificate.reconcile(ticks: 0)
            XCTAssertEqual(outcome, .settled(changed: true))
            try replica.verify(api)
            XCTAssertNil(replica.certificate.objection)
            let again = await replica.certificate.reconcile(ticks: 1)
            XCTAssertEqual(again, .settled(changed: false))

            let now = api.clock.now()
            let leaf = replica.certificate.serving.context.leaf
            XCTAssertEqual(leaf.dnsNames, CertificateTestAPI.names.dnsNames)
            XCTAssertEqual(leaf.notAfter, now + Self.day * 7)
            for name in leaf.dnsNames {
                let anchors = try XCTUnwrap(api.webhooks).trustedByAll
                XCTAssertNil(replica.refusal(trusting: anchors, host: name, at: now), name)
            }
            XCTAssertEqual(
                replica.metric("gtoken_webhook_certificate_expiry_timestamp_seconds"),
                Double(leaf.notAfter.seconds)
            )
            XCTAssertEqual(
                replica.metric("gtoken_webhook_ca_certificate_expiry_timestamp_seconds"),
                Double((now + Self.day * 1825).seconds)
            )
            XCTAssertEqual(replica.metric("gtoken_webhook_ca_bundle_current"), 1)
        }
    }

    func testReplicasThatStartTogetherShareOneAuthority() async throws {
        for count in [2, 3] {
            try await withCertificateAPI { api in
                let replicas = try (0..<count).map { _ in try Replica(api) }
                await withTaskGroup(of: Void.self) { group in
                    for replica in replicas {
                        group.addTask { await replica.certificate.reconcile(ticks: 0) }
                    }
                }
                for replica in replicas {
                    try replica.verify(api)
                    XCTAssertNil(replica.certificate.objection)
                }
                XCTAssertEqual(api.webhooks?.trustedByAny.count, 1)
                XCTAssertEqual(api.stored?.retired.count, 0)
            }
        }
    }

    func testALostRaceIsReadAgain() async throws {
        try await withCertificateAPI { api in
            let replica = try Replica(api)
            api.loseWrites(5)
            await replica.certificate.reconcile(ticks: 0)
            try replica.verify(api)
            try await api.deleteSecret()
            api.loseWrites(nil)
            let outcome = await replica.certificate.reconcile(ticks: 1)
            XCTAssertEqual(outcome, .stopped(.contended))
            try replica.verify(api)
        }
    }

    func testADeletedSecretIsMadeAnewAndWhatOthersServeStaysTrusted() async throws {
        try await withCertificateAPI { api in
            let replicas = try [Replica(api), Replica(api)]
            for replica in replicas { await replica.certificate.reconcile(ticks: 0) }
            let old = try XCTUnwrap(api.stored?.current)
            try await api.deleteSecret()
            await replicas[0].certificate.reconcile(ticks: 0)
            for replica in replicas { try replica.verify(api, "after the first") }
            await replicas[1].certificate.reconcile(ticks: 0)
            for replica in replicas {
                try replica.verify(api, "after both")
                XCTAssertNil(replica.certificate.objection)
            }
            let stored = try XCTUnwrap(api.stored)
            XCTAssertNotEqual(stored.current, old)
            XCTAssertEqual(stored.retired, [old.anchor])
            try await self.pass(Self.day * 8, api, replicas)
            XCTAssertEqual(api.stored?.retired, [])
            XCTAssertEqual(api.webhooks?.trustedByAny, [try XCTUnwrap(api.stored?.current).anchor])
        }
    }

    /// Lets time pass in rounds of some hours, and checks every replica after each.
    private func pass(_ time: Duration, _ api: CertificateTestAPI, _ replicas: [Replica]) async throws {
        let end = api.clock.now() + time
        while api.clock.now() < end {
            api.clock.advance(by: .seconds(8 * 3600))
            for replica in replicas {
                await replica.certificate.reconcile(ticks: 480)
                for other in replicas { try other.verify(api, api.clock.now().rfc3339) }
            }
        }
    }

    func testEachFieldThatIsCorruptedIsNamedAndRepaired() async throws {
        let foreign = try CertificateAuthority.create(commonName: "foreign", validFor: .seconds(3600))
        let leaf = try foreign.issueServerCertificate(dnsNames: ["x"], validFor: .seconds(60))
        let cases: [(field: String, value: String?, fault: String)] = [
            ("ca.crt", nil, "ca.crt: missing"), ("ca.key", nil, "ca.key: missing"),
            ("ca.crt", "", "ca.crt: missing"), ("ca.key", "", "ca.key: missing"),
            ("ca.crt", Base64.encode(Array("hello".utf8)), "ca.crt: no certificate in the PEM text"),
            ("ca.key", Base64.encode(Array("hello".utf8)), "ca.key: no such key in the PEM text"),
            ("ca.key", Base64.encode(foreign.privateKeyPEM), "ca.key: private key does not belong"),
            ("ca.crt", Base64.encode(foreign.certificatePEM), "ca.key: private key does not belong"),
            (
                "ca.crt", Base64.encode(leaf.certificatePEM),
                "ca.crt: certificate is not a certificate authority"
            ),
            ("next.crt", Base64.encode(Array("hello".utf8)), "next.crt: no certificate in the PEM text"),
            ("next.key", Base64.encode(foreign.privateKeyPEM), "next.crt: missing"),
            (
                "retired.crt", Base64.encode(Array("hello".utf8)),
                "retired.crt: no certificate in the PEM text"
            ),
            ("retired.crt", Base64.encode(foreign.certificatePEM), "retired-until: missing"),
        ]
        for (field, value, fault) in cases {
            try await withCertificateAPI { api in
                let replicas = try [Replica(api), Replica(api)]
                for replica in replicas { await replica.certificate.reconcile(ticks: 0) }
                let old = try XCTUnwrap(api.stored?.current)
                try await api.setField(field, value)
                for replica in replicas {
                    await replica.certificate.reconcile(ticks: 0)
                    for other in replicas { try other.verify(api, "\(field): \(fault)") }
                }
                let stored = try XCTUnwrap(api.stored)
                XCTAssertEqual(stored.faults, [], fault)
                XCTAssertEqual(stored.current == old, !field.hasPrefix("ca."), fault)
                let log = replicas[0].log.lines.joined()
                XCTAssertTrue(log.contains(fault), "\(fault) in \(log)")
                XCTAssertFalse(log.contains("PRIVATE") || log.contains("BEGIN"), log)
            }
        }
    }

    func testAClockMovedByMonthsEitherWayGetsACertificateForItsTime() async throws {
        for months in [3, -3, 9, -9] {
            try await withCertificateAPI { api in
                let replicas = try [Replica(api), Replica(api)]
                for replica in replicas { await replica.certificate.reconcile(ticks: 0) }
                api.clock.jump(by: Self.day * 30 * months)
                for replica in replicas { XCTAssertNotNil(replica.certificate.objection, "\(months) months") }
                for replica in replicas { await replica.certificate.reconcile(ticks: 1) }
                for replica in replicas {
                    try replica.verify(api, "\(months) months")
                    XCTAssertNil(replica.certificate.objection)
                }
                // And back: what was retired meanwhile is no trap.
                api.clock.jump(by: Self.day * -30 * months)
                for replica in replicas { await replica.certificate.reconcile(ticks: 1) }
                for replica in replicas { try replica.verify(api, "\(months) months and back") }
            }
        }
    }

    func testTheLeafIsRenewedAtTwoThirdsOfItsLife() async throws {
        try await withCertificateAPI { api in
            let replica = try Replica(api)
            await replica.certificate.reconcile(ticks: 0)
            let first = replica.certificate.serving.context.leaf
            // Two thirds of seven days, a twentieth of them earlier at most.
            for hours in [0, 103, 9] {
                api.clock.advance(by: .seconds(3600 * hours))
                await replica.certificate.reconcile(ticks: hours * 60)
                try replica.verify(api)
                if hours != 9 { XCTAssertEqual(replica.certificate.serving.context.leaf, first) }
            }
            XCTAssertGreaterThan(replica.certificate.serving.context.leaf.notAfter, first.notAfter)
            XCTAssertEqual(replica.metric("gtoken_webhook_certificate_renewals_total"), 1)
        }
    }

    /// Short lives, so that the whole way of an authority is a few hundred rounds.
    func testTheAuthorityIsRenewedWithoutAMomentInWhichACertificateDoesNotVerify() async throws {
        var lives = CertificateLives()
        lives.authority = Self.day * 30
        let used = lives
        try await withCertificateAPI { api in
            let replicas = try (0..<3).map { _ in try Replica(api, lives: used) }
            for replica in replicas { await replica.certificate.reconcile(ticks: 0) }
            let first = try XCTUnwrap(api.stored?.current)
            try await self.pass(Self.day * 19, api, replicas)
            XCTAssertEqual(api.stored?.current, first)

            // The successor is published, and signs nothing yet.
            api.clock.advance(by: Self.day * 3 / 2)
            for replica in replicas {
                await replica.certificate.reconcile(ticks: 1)
                for other in replicas { try other.verify(api, "prepared") }
            }
            let next = try XCTUnwrap(api.stored?.next)
            XCTAssertEqual(api.stored?.current, first)
            XCTAssertEqual(Set(try XCTUnwrap(api.webhooks).trustedByAll), [first.anchor, next.anchor])

            // It is promoted after ten minutes in which everybody could learn of it, however the wall clock jumps.
            api.clock.jump(by: .seconds(7200))
            for minute in 1...11 {
                api.clock.advance(by: .seconds(60))
                for replica in replicas {
                    await replica.certificate.reconcile(ticks: 1)
                    for other in replicas { try other.verify(api, "minute \(minute)") }
                }
                if minute < 9 { XCTAssertEqual(api.stored?.current, first, "minute \(minute)") }
            }
            XCTAssertEqual(api.stored?.current, next)
            XCTAssertEqual(api.stored?.retired, [first.anchor])

            // The old one stays for a leaf's life, in which all replicas come to have leaves of the new.
            try await self.pass(Self.day * 6, api, replicas)
            XCTAssertEqual(api.stored?.retired, [first.anchor])
            for replica in replicas {
                XCTAssertNil(replica.refusal(trusting: [next.anchor], at: api.clock.now()))
            }
            try await self.pass(Self.day * 2, api, replicas)
            XCTAssertEqual(api.webhooks?.trustedByAny, [next.anchor])
            XCTAssertEqual(api.stored?.retired, [])
        }
    }

    func testNoLogLineAndNoMetricHoldsAKey() async throws {
        try await withCertificateAPI { api in
            let replica = try Replica(api)
            await replica.certificate.reconcile(ticks: 0)
            let first = try XCTUnwrap(api.stored?.current)
            try await api.setField("ca.key", Base64.encode(Array(first.privateKeyPEM.dropFirst(40))))
            await replica.certificate.reconcile(ticks: 1)
            try await api.deleteSecret()
            await replica.certificate.reconcile(ticks: 1)
            let second = try XCTUnwrap(api.stored?.current)
            let printed =
                replica.log.lines.joined() + String(decoding: replica.registry.exposition(), as: UTF8.self)
                + "\(String(describing: replica.certificate.objection))"
            XCTAssertTrue(printed.contains("repaired the certificate authority's Secret"), printed)
            for authority in [first, second] {
                let key = String(decoding: authority.privateKeyPEM, as: UTF8.self)
                for line in key.split(separator: "\n") + [Base64.encode(authority.privateKeyPEM)[...]] {
                    XCTAssertFalse(printed.contains(line))
                }
            }
        }
    }

    func testMissingRightsAreSaidByNameAndTriedAgain() async throws {
        let secret = "Secret gtoken/gtoken-webhook-ca"
        let configuration = "MutatingWebhookConfiguration mutating-gtoken-webhook-cfg"
        let cases = [
            ("get secrets", "may not get \(secret) (RBAC)"),
            ("create secrets", "may not create \(secret) (RBAC)"),
            ("get mutatingwebhookconfigurations", "may not get \(configuration) (RBAC)"),
            ("patch mutatingwebhookconfigurations", "may not patch \(configuration) (RBAC)"),
        ]
        for (denied, message) in cases {
            try await withCertificateAPI { api in
                api.deny([denied])
                let replica = try Replica(api)
                for _ in 0..<5 { await replica.certificate.reconcile(ticks: 1) }
                XCTAssertEqual(replica.certificate.objection, "there is no certificate yet: \(message)")
                XCTAssertEqual(replica.log.lines.filter { $0.contains(message) }.count, 1, message)
                api.deny([])
                await replica.certificate.reconcile(ticks: 1)
                try replica.verify(api)
                XCTAssertNil(replica.certificate.objection)
            }
        }
        try await withCertificateAPI { api in
            let replica = try Replica(api)
            await replica.certificate.reconcile(ticks: 0)
            try await api.setField("ca.key", nil)
            api.deny(["update secrets"])
            await replica.certificate.reconcile(ticks: 1)
            XCTAssertTrue(replica.log.lines.joined().contains("may not update \(secret) (RBAC)"))
            // What is served is as good as before.
            try replica.verify(api)
            XCTAssertNil(replica.certificate.objection)
        }
    }

    func testABundleThatOthersChangeIsRepairedAndNothingElseIsTouched() async throws {
        let foreign = try CertificateAuthority.create(commonName: "foreign", validFor: .seconds(3600))
        for bundle in [nil, "", "%%%", Base64.encode(foreign.certificatePEM)] {
            try await withCertificateAPI { api in
                let replica = try Replica(api)
                await replica.certificate.reconcile(ticks: 0)
                let anchors = try XCTUnwrap(api.webhooks).trustedByAny
                try await api.register(bundle: bundle)
                await replica.certificate.reconcile(ticks: 0)
                try replica.verify(api, bundle ?? "none")
                XCTAssertEqual(api.webhooks?.trustedByAny, anchors)
                let others = api.configuration?["webhooks"]?.elements.first { _ in true }
                XCTAssertEqual(others?["clientConfig"]?["caBundle"]?.string(), bundle)
            }
        }
    }

    func testAConfigurationThatIsNotThereOrDoesNotCallUsIsWaitedFor() async throws {
        try await withCertificateAPI { api in
            try await api.unregister()
            let replica = try Replica(api)
            let outcome = await replica.certificate.reconcile(ticks: 0)
            XCTAssertEqual(outcome, .stopped(.notRegistered(configuration: "mutating-gtoken-webhook-cfg")))
            XCTAssertEqual(
                replica.certificate.objection,
                "there is no certificate yet: there is no MutatingWebhookConfiguration mutating-gtoken-webhook-cfg"
            )
            try await api.register(webhooks: [])
            await replica.certificate.reconcile(ticks: 1)
            XCTAssertEqual(
                replica.certificate.objection,
                "there is no certificate yet: no webhook of MutatingWebhookConfiguration "
                    + "mutating-gtoken-webhook-cfg calls Service gtoken/gtoken-webhook-svc"
            )
            try await api.register()
            await replica.certificate.reconcile(ticks: 1)
            try replica.verify(api)
            XCTAssertNil(replica.certificate.objection)
        }
    }

    func testAnAPIServerThatIsAwayChangesNothing() async throws {
        try await withCertificateAPI { api in
            let replica = try Replica(api)
            await replica.certificate.reconcile(ticks: 0)
            api.setAway(true)
            for _ in 0..<24 {
                api.clock.advance(by: .seconds(3600))
                let outcome = await replica.certificate.reconcile(ticks: 60)
                guard case .stopped(let obstacle) = outcome else { return XCTFail("\(outcome)") }
                XCTAssertTrue(obstacle.isTransient)
                try replica.verify(api)
                XCTAssertNil(replica.certificate.objection)
            }
            // Past its end it is not ready, and says so.
            api.clock.advance(by: Self.day * 6)
            await replica.certificate.reconcile(ticks: 1)
            let objection = try XCTUnwrap(replica.certificate.objection)
            XCTAssertTrue(objection.hasPrefix("the certificate is not valid now"), objection)
            XCTAssertTrue(
                replica.log.lines.joined().contains("a certificate is not valid by this machine's clock")
            )
            api.setAway(false)
            await replica.certificate.reconcile(ticks: 1)
            try replica.verify(api)
            XCTAssertNil(replica.certificate.objection)
        }
    }
}
