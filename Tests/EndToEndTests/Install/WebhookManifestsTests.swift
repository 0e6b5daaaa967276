import GTokenCore
import XCTest

@testable import gtokenctl

/// The objects that `gtokenctl install` applies, and how they and their differences are named.
final class WebhookManifestsTests: XCTestCase {
    private let settings = WebhookSettings(
        namespace: "platform",
        webhookImage: "r.example/gtoken-webhook:v1",
        tokenImage: "r.example/gtoken:v1"
    )

    func testEverySourceOfCertificatesHasTheSameCoreAndCarriesOurLabels() throws {
        for certificates in InstallConfiguration.Certificates.allCases {
            for hasMonitoring in [false, true] {
                var settings = settings
                settings.certificates = certificates
                settings.hasMonitoring = hasMonitoring
                let objects = try WebhookManifests(settings).objects()
                let names = objects.map { "\($0.reference)" }
                for name in [
                    "Namespace platform", "Deployment platform/gtoken-webhook-deployment",
                    "Service platform/gtoken-webhook-svc", "ServiceAccount platform/gtoken-webhook-sa",
                    "MutatingWebhookConfiguration mutating-gtoken-webhook-cfg",
                ] { XCTAssertTrue(names.contains(name), "\(name) in \(names)") }
                XCTAssertEqual(Set(names).count, names.count)
                for object in objects {
                    XCTAssertTrue(WebhookLabels.are(on: object.document.root), "\(object.reference)")
                    XCTAssertFalse(
                        String(decoding: object.bytes, as: UTF8.self).contains("@"),
                        "\(object.reference)"
                    )
                    XCTAssertTrue(
                        ["", "platform"].contains(object.reference.namespace),
                        "\(object.reference)"
                    )
                }
            }
        }
    }

    func testABridgeSharesNothingWithTheWebhookThatItStandsInFor() throws {
        let main = Set(try WebhookManifests(settings).objects().map(\.reference))
        let bridge = try WebhookManifests(settings.bridging, names: .bridge).objects()
        XCTAssertEqual(
            Set(bridge.map(\.reference)).intersection(main).map { "\($0)" },
            ["Namespace platform"]
        )
        for object in bridge {
            let text = String(decoding: object.bytes, as: UTF8.self)
            for name in [
                "gtoken-webhook-sa", "gtoken-webhook-svc\"", "\"app\": \"gtoken-webhook\"",
            ] {
                XCTAssertFalse(text.contains(name), "\(name) in \(object.reference)")
            }
        }
        let names = WebhookNames.bridge
        XCTAssertTrue(bridge.map(\.reference.name).contains(names.deployment))
        XCTAssertTrue(bridge.map(\.reference.name).contains(names.service))
        // API servers ask in this order.
        XCTAssertLessThan(WebhookNames.standard.configuration, names.configuration)
    }

    func testOtherSettingsMakeAnotherConfigMapAndTheSameMakeTheSame() throws {
        func name(_ environment: [String: String]) throws -> String? {
            var settings = settings
            settings.environment = environment
            return try WebhookManifests(settings).objects().first { $0.reference.kind == .configMap }?
                .reference.name
        }
        XCTAssertEqual(try name([:]), try name([:]))
        XCTAssertNotEqual(try name([:]), try name(["GTOKEN_WEBHOOK_DEFAULT_REGION": "eu-west-1"]))
    }

    func testAnImageGetsAnotherTagInPlaceOfItsOwnAndOfADigest() {
        for (image, expected) in [
            ("gtoken", "gtoken:v2"), ("r.example/x/gtoken:v1", "r.example/x/gtoken:v2"),
            ("r.example:5000/gtoken", "r.example:5000/gtoken:v2"),
            ("r.example:5000/gtoken:v1@sha256:00", "r.example:5000/gtoken:v2"),
        ] { XCTAssertEqual(image.withTag("v2"), expected) }
    }

    func testDifferencesNameTheFieldAndLeaveOutWhatTheServerWrites() throws {
        let before = try JSONDocument(
            Array(
                #"{"metadata":{"uid":"1","generation":1,"labels":{"a":"1"}},"spec":{"l":[{"name":"x","v":1}],"w":["a","b"],"n":{}},"status":{"r":1}}"#
                    .utf8
            )
        ).root
        let after = try JSONDocument(
            Array(
                #"{"metadata":{"uid":"1","generation":2,"labels":{"b":"2"}},"spec":{"l":[{"name":"x","v":2}],"w":["b","c"],"n":{"m":[1]}},"status":{"r":2}}"#
                    .utf8
            )
        ).root
        XCTAssertEqual(
            ObjectDifference.details(from: before, to: after),
            [
                .remove("metadata.labels.a", "1"), .add("metadata.labels.b", "2"),
                .change("spec.l[x].v", from: "1", to: "2"), .remove("spec.w", "a"), .add("spec.w", "c"),
                .add("spec.n.m", "[1]"),
            ]
        )
        XCTAssertEqual(ObjectDifference.details(from: after, to: after), [])
    }
}
