import GTokenClients
import GTokenCore
import GTokenNet
import XCTest

@testable import gtoken_webhook

/// What is decided, case by case, from nothing but what is known.
final class CertificatePlanTests: XCTestCase {
    private static let now = UnixTime(seconds: 1_800_000_000)
    private static let day = Duration.seconds(86_400)

    private static func authority(
        _ name: String,
        age: Duration = .zero,
        life: Duration = CertificateLives().authority
    ) throws -> CertificateAuthority {
        try .create(commonName: name, validFor: life, at: now - age)
    }

    private static func stored(
        _ current: CertificateAuthority,
        next: CertificateAuthority? = nil,
        retired: [TrustAnchor] = [],
        until: UnixTime? = nil
    ) throws -> StoredAuthority {
        let record = AuthorityRecord(current: current, next: next, retired: retired, retiredUntil: until)
        let secret = try JSONDocument(record.secret(named: "s", in: "n"))
        let stored = StoredAuthority(secret.root, at: now)
        // The other way to write it reads the same.
        let again = StoredAuthority(try JSONDocument(record.secret(replacing: secret)).root, at: now)
        XCTAssertEqual(stored.record, again.record)
        XCTAssertEqual(stored.record, record)
        return stored
    }

    private static func webhooks(_ bundles: [[TrustAnchor]]) throws -> RegisteredWebhooks {
        let entries = bundles.enumerated().map { index, anchors in
            let bundle = Base64.encode(anchors.flatMap(\.pem))
            return
                #"{"name":"w\#(index)","clientConfig":{"service":{"name":"s","namespace":"n"},"caBundle":"\#(bundle)"}}"#
        }.joined(separator: ",")
        let text = #"{"metadata":{"resourceVersion":"7"},"webhooks":[\#(entries)]}"#
        return RegisteredWebhooks(try JSONDocument(Array(text.utf8)).root, callingService: "s", in: "n")
    }

    private static func leaf(_ issuer: CertificateAuthority, age: Duration = .zero) throws -> ServedLeaf {
        let lives = CertificateLives()
        let pem = try issuer.issueServerCertificate(dnsNames: ["x"], validFor: lives.leaf, at: now - age)
        let facts = try XCTUnwrap(TrustAnchor.read(pem.certificatePEM).first).facts
        return ServedLeaf(issuer: issuer.anchor, facts: facts, renewAt: now - age + lives.leaf * 2 / 3)
    }

    func testTheSecret() throws {
        let (a, b) = (try Self.authority("a"), try Self.authority("b"))
        let old = try Self.authority("old", age: Self.day * 1300)
        let until = CertificateLives().lastUse(ofRetiredAt: Self.now)
        func step(
            _ secret: StoredAuthority?,
            _ trusted: [TrustAnchor],
            ticks: [TrustAnchor: Int] = [:]
        ) throws -> CertificatePlan.Step? {
            CertificatePlan(
                now: Self.now,
                secret: secret,
                webhooks: try Self.webhooks([trusted, trusted]),
                ticksTrusted: ticks
            ).nextStep
        }
        XCTAssertEqual(try step(nil, []), .write(AuthorityDraft(reason: .absent, current: .new)))
        XCTAssertEqual(
            try step(nil, [a.anchor, b.anchor]),
            .write(
                AuthorityDraft(
                    reason: .absent,
                    current: .new,
                    retired: [a.anchor, b.anchor],
                    retiredUntil: until
                )
            )
        )
        XCTAssertEqual(
            try step(Self.stored(old), [old.anchor]),
            .write(AuthorityDraft(reason: .successorDue, current: .stored(old), next: .new))
        )
        for (ticks, isPromoted) in [(0, false), (9, false), (10, true), (1000, true)] {
            let promotion = CertificatePlan.Step.write(
                AuthorityDraft(
                    reason: .successorTrusted,
                    current: .stored(b),
                    retired: [old.anchor],
                    retiredUntil: until
                )
            )
            let taken = try step(
                Self.stored(old, next: b),
                [old.anchor, b.anchor],
                ticks: [b.anchor: ticks]
            )
            XCTAssertEqual(taken == promotion, isPromoted, "\(ticks) ticks")
        }
        let past = Self.now - .seconds(1)
        XCTAssertEqual(
            try step(Self.stored(a, retired: [b.anchor], until: past), [a.anchor]),
            .write(AuthorityDraft(reason: .retiredOver, current: .stored(a)))
        )
        // A flood in caBundle does not become a flood in the Secret.
        let many = try (0..<20).map { try Self.authority("\($0)").anchor }
        guard case .write(let draft)? = try step(nil, many) else { return XCTFail("nothing is written") }
        XCTAssertEqual(draft.retired.count, 16)
    }

    func testTheBundle() throws {
        let (a, b, c) = (try Self.authority("a"), try Self.authority("b"), try Self.authority("c"))
        let soon = Self.now + .seconds(60)
        let cases: [(StoredAuthority, [[TrustAnchor]], ServedLeaf?, [TrustAnchor]?)] = [
            (try Self.stored(a), [[], []], nil, [a.anchor]),
            (try Self.stored(a), [[a.anchor], []], nil, [a.anchor]),
            (try Self.stored(a), [[a.anchor, b.anchor]], nil, [a.anchor]),
            (try Self.stored(a, next: b), [[a.anchor]], nil, [a.anchor, b.anchor]),
            (try Self.stored(a, next: b), [[b.anchor, a.anchor]], try Self.leaf(a), nil),
            (
                try Self.stored(a, retired: [c.anchor], until: soon), [[a.anchor]], nil,
                [a.anchor, c.anchor]
            ),
            // Our own issuer stays until we have another.
            (try Self.stored(a), [[c.anchor]], try Self.leaf(c), [a.anchor, c.anchor]),
            (try Self.stored(a), [[c.anchor]], try Self.leaf(c, age: Self.day * 8), [a.anchor]),
            // Nobody calls us.
            (try Self.stored(a), [], nil, nil),
        ]
        for (number, (secret, bundles, leaf, expected)) in cases.enumerated() {
            let plan = CertificatePlan(
                now: Self.now,
                secret: secret,
                webhooks: try Self.webhooks(bundles),
                leaf: leaf
            )
            XCTAssertEqual(plan.nextStep, expected.map { .publish($0) }, "case \(number)")
        }
        let unregistered = CertificatePlan(now: Self.now, secret: try Self.stored(a), webhooks: nil)
        XCTAssertNil(unregistered.nextStep)
    }

    func testTheLeaf() throws {
        let (a, b) = (try Self.authority("a", age: Self.day * 30), try Self.authority("b"))
        let hours: (Int) -> UnixTime = { Self.now + .seconds(3600 * $0) }
        let alone = try Self.stored(a)
        let cases: [(String, StoredAuthority, ServedLeaf?, Int, Bool)] = [
            ("none yet", alone, nil, 0, true),
            ("new", alone, try Self.leaf(a), 100, false),
            ("due", alone, try Self.leaf(a, age: Self.day * 5), 100, true),
            ("due, its authority just published", alone, try Self.leaf(a, age: Self.day * 5), 3, false),
            ("over", alone, try Self.leaf(a, age: Self.day * 8), 0, true),
            ("of a time to come", alone, try Self.leaf(a, age: Self.day * -8), 0, true),
            (
                "of a retired authority", try Self.stored(a, retired: [b.anchor], until: hours(24)),
                try Self.leaf(b), 100, false
            ),
            (
                "of one that is about to go",
                try Self.stored(a, retired: [b.anchor], until: hours(0) + .seconds(60)),
                try Self.leaf(b), 0, true
            ),
        ]
        for (name, secret, leaf, ticks, isSigned) in cases {
            let plan = CertificatePlan(
                now: Self.now,
                secret: secret,
                webhooks: try Self.webhooks([XCTUnwrap(secret.record).trusted(at: Self.now)]),
                leaf: leaf,
                ticksTrusted: [a.anchor: ticks]
            )
            XCTAssertEqual(plan.nextStep, isSigned ? .sign(a) : nil, name)
        }
    }

    func testAPatchTouchesWhatDiffersOfOursAlone() throws {
        let (a, b) = (try Self.authority("a").anchor, try Self.authority("b").anchor)
        let patch = try Self.webhooks([[a], [b], [a, b]]).patch(toTrust: [a])
        XCTAssertEqual(
            patch.operations.map { "\($0.name) \($0.path)" },
            [
                "test /metadata/resourceVersion", "test /webhooks/1/name",
                "add /webhooks/1/clientConfig/caBundle", "test /webhooks/2/name",
                "add /webhooks/2/clientConfig/caBundle",
            ]
        )
    }

    func testWhatASecretCannotHoldIsSaidByField() throws {
        let good = try Self.authority("a")
        let old = try Self.authority("old", age: Self.day * 20, life: Self.day * 10)
        let early = try Self.authority("early", age: Self.day * -10)
        let (certificate, key) = (Base64.encode(good.certificatePEM), Base64.encode(good.privateKeyPEM))
        func faults(_ data: [String: String], annotation: String? = nil) throws -> [String] {
            var writer = JSONWriter()
            writer.object { secret in
                secret.member("metadata") { metadata in
                    metadata.object { metadata in
                        metadata.member("annotations") { annotations in
                            annotations.object {
                                $0.member(StoredAuthority.retiredUntilAnnotation, annotation ?? "")
                            }
                        }
                    }
                }
                secret.member("data") { fields in
                    fields.object { object in for (name, value) in data { object.member(name, value) } }
                }
            }
            let stored = StoredAuthority(try JSONDocument(writer.bytes).root, at: Self.now)
            XCTAssertEqual(stored.record == nil, !stored.faults.isEmpty)
            return stored.faults.map { "\($0)" }
        }
        let fine = ["ca.crt": certificate, "ca.key": key]
        XCTAssertEqual(try faults(fine), [])
        XCTAssertEqual(try faults([:]), ["ca.crt: missing"])
        XCTAssertEqual(try faults(["ca.crt": "%%%", "ca.key": key]), ["ca.crt: not base64"])
        XCTAssertEqual(try faults(["ca.crt": certificate, "ca.key": "%"]), ["ca.key: not base64"])
        XCTAssertEqual(
            try faults([
                "ca.crt": Base64.encode(old.certificatePEM), "ca.key": Base64.encode(old.privateKeyPEM),
            ]),
            ["ca.crt: expired at \(old.anchor.facts.notAfter)"]
        )
        XCTAssertEqual(
            try faults([
                "ca.crt": Base64.encode(early.certificatePEM), "ca.key": Base64.encode(early.privateKeyPEM),
            ]),
            ["ca.crt: not valid before \(early.anchor.facts.notBefore)"]
        )
        XCTAssertEqual(
            try faults(fine.merging(["next.key": key]) { $1 }),
            ["next.crt: missing"]
        )
        XCTAssertEqual(
            try faults(fine.merging(["retired.crt": certificate]) { $1 }, annotation: "soon"),
            ["admission.gtoken/retired-until: not a time of RFC 3339"]
        )
    }

    func testARecordShowsNoKey() throws {
        let record = AuthorityRecord(current: try Self.authority("a"), next: try Self.authority("b"))
        var text = ""
        dump(record, to: &text)
        text += "\(record) \(String(reflecting: record))"
        XCTAssertFalse(text.contains("PRIVATE"), text)
    }
}
