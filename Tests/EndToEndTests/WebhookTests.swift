import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import XCTest

/// The built webhook over real connections, asked the way an API server asks.
final class WebhookTests: XCTestCase {
    private let namespace = "cap"

    func testEveryReviewIsAnsweredSoThatAnAPIServerWouldAcceptIt() async throws {
        for (options, cases) in Dictionary(grouping: try ReviewCase.all(), by: \.options) {
            try await withCluster(version: options.server, arguments: options.arguments) {
                cluster,
                webhook in
                for test in cases { try await self.check(test, cluster, webhook) }
            }
        }
    }

    private func check(_ test: ReviewCase, _ cluster: Cluster, _ webhook: RunningWebhook) async throws {
        try cluster.put(test.value("serviceaccount.json"))
        let reviewBytes = try test.bytes("review.json")
        let response = try await webhook.review(reviewBytes)
        XCTAssertEqual(response.status, 200, test.name)
        XCTAssertEqual(response.headers["Content-Type"], "application/json", test.name)
        let patched = try APIServer.accept(response.body, to: reviewBytes, test.name)
        let expected = try test.value("expected.json")
        XCTAssertTrue(try withoutVersion(patched).isEqual(to: withoutVersion(expected)), test.name)

        guard try test.value("outcome.json")["decision"]?.isString("injected") == true else { return }
        let second = try replacingObject(of: reviewBytes, with: patched)
        let answer = try await webhook.review(second)
        XCTAssertNil(try JSONDocument(answer.body).root["response"]?["patch"], "\(test.name): a second call")
    }

    /// The cases were written by version 1.0.0; the tools under test have their own.
    private func withoutVersion(_ pod: JSONValue) throws -> JSONValue {
        let status = JSONPointer(["metadata", "annotations", "admission.gtoken/status"])
        guard pod.value(at: status) != nil else { return pod }
        let patch = JSONPatch([.replace(status, value: Array(#""injected""#.utf8))])
        return try JSONDocument(patch.applied(to: JSONDocument(Array(pod.rawBytes)))).root
    }

    private func replacingObject(of review: [UInt8], with object: JSONValue) throws -> [UInt8] {
        try JSONPatch([
            .replace(JSONPointer(["request", "object"]), value: Array(object.rawBytes)),
            .replace(JSONPointer(["request", "uid"]), value: Array(#""second-call""#.utf8)),
        ]).applied(to: JSONDocument(review))
    }

    func test200NewConnectionsAtOnceAreAllAnswered() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        try await withCluster { cluster, webhook in
            try cluster.annotate("app-sa")
            for round in 1...3 {
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<200 {
                        group.addTask { try await webhook.reviewOnNewConnection(body).status }
                    }
                    return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
                }
                XCTAssertEqual(statuses, [200: 200], "round \(round)")
            }
        }
    }

    func testTroubleWithAServiceAccountIsOneAnswerAndTheProcessStays() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        try await withCluster { cluster, webhook in
            // Missing: the API server refuses the Pod in its own words.
            let missing = try await webhook.review(body)
            XCTAssertEqual(missing.status, 200)
            XCTAssertNil(try JSONDocument(missing.body).root["response"]?["patch"])
            for status in [401, 403, 429, 500, 503] {
                try cluster.fail("app-sa", with: status)
                let response = try await webhook.review(body)
                XCTAssertEqual(response.status, 500, "the failurePolicy decides after \(status)")
            }
            try cluster.delay("app-sa", by: .seconds(60))
            let start = ContinuousClock.now
            let slow = try await webhook.review(body, timeout: "2s")
            XCTAssertEqual(slow.status, 500)
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(2))
            try cluster.heal("app-sa")
            try cluster.annotate("app-sa")
            let healed = try await webhook.review(body)
            XCTAssertNotNil(try JSONDocument(healed.body).root["response"]?["patch"])
            XCTAssertNil(webhook.process.exitStatus())
        }
    }

    func testAPodThatOptsOutNeedsNoServiceAccount() async throws {
        let body = try ReviewCase.named("label-opts-out").bytes("review.json")
        try await withCluster { cluster, webhook in
            try cluster.fail("app-sa", with: 500)
            let response = try await webhook.review(body)
            XCTAssertEqual(response.status, 200)
            XCTAssertNil(try JSONDocument(response.body).root["response"]?["patch"])
            XCTAssertTrue(webhook.log.contains("opted_out"), webhook.log)
        }
    }

    func testAnOperatorMayHavePodsRefusedThatExpectARole() async throws {
        let body = try ReviewCase.named("audience-of-the-api").bytes("review.json")
        try await withCluster(arguments: ["--on-invalid=deny"]) { cluster, webhook in
            try cluster.put(ReviewCase.named("audience-of-the-api").value("serviceaccount.json"))
            let root = try JSONDocument(try await webhook.review(body).body).root
            let answer = try XCTUnwrap(root["response"])
            XCTAssertEqual(answer.members.map(\.name), ["uid", "allowed", "status"])
            XCTAssertEqual(answer["allowed"]?.boolean(), false)
            XCTAssertEqual(answer["status"]?["code"]?.integer(), 403)
            XCTAssertEqual(answer["status"]?["message"]?.string()?.hasPrefix("gtoken: no AWS role"), true)
        }
    }

    func testAClientThatLeavesHarmsNobody() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        try await withCluster { cluster, webhook in
            try cluster.annotate("app-sa")
            try cluster.delay("app-sa", by: .milliseconds(200))
            for _ in 0..<20 {
                // Gone while the ServiceAccount is being read.
                _ = try? await webhook.reviewOnNewConnection(body, timeout: .milliseconds(20))
            }
            let response = try await webhook.review(body)
            XCTAssertEqual(response.status, 200)
            XCTAssertNil(webhook.process.exitStatus())
        }
    }

    /// A rule broader than the creation of Pods brings these; one has an object that looks like a Pod.
    func testOtherKindsAndOperationsPassUnchanged() async throws {
        let text = String(decoding: try ReviewCase.named("custom-sa").bytes("review.json"), as: UTF8.self)
        let kind = #""kind":{"group":"","version":"v1","kind":"Pod"}"#
        let changes = [
            (kind, #""kind":{"group":"policy","version":"v1","kind":"Eviction"},"subResource":"eviction""#),
            (kind, #""kind":{"group":"","version":"v1","kind":"PodExecOptions"},"subResource":"exec""#),
            (kind, #""kind":{"group":"","version":"v1","kind":"Binding"},"subResource":"binding""#),
            (kind, #""kind":{"group":"apps","version":"v1","kind":"Deployment"}"#),
            (#""operation":"CREATE""#, #""operation":"UPDATE""#),
            (#""operation":"CREATE""#, #""operation":"CONNECT""#),
        ]
        try await withCluster { cluster, webhook in
            try cluster.annotate("app-sa")
            for (from, to) in changes {
                let response = try await webhook.review(Array(text.replacing(from, with: to).utf8))
                XCTAssertEqual(response.status, 200, to)
                let answer = try XCTUnwrap(JSONDocument(response.body).root["response"])
                XCTAssertEqual(answer.members.map(\.name), ["uid", "allowed"], to)
                XCTAssertEqual(answer["allowed"]?.boolean(), true, to)
            }
        }
    }

    func testRequestsThatAreNoReviewsGetTheirStatus() async throws {
        try await withCluster { _, webhook in
            for body in [
                "", "{", "[]", "{}", #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#,
            ] {
                let response = try await webhook.review(Array(body.utf8))
                XCTAssertEqual(response.status, 400, body)
            }
            for (path, status) in [
                ("/pods", 405), ("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/x", 404),
            ] {
                let response = try await webhook.get(path)
                XCTAssertEqual(response.status, status, path)
            }
            let metrics = try await webhook.get("/metrics").text
            XCTAssertTrue(metrics.contains("gtoken_webhook_bad_requests_total 5\n"), metrics)
        }
    }

    func testPlainHTTPIsServedWhereThereIsNoCertificate() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        try await withCluster(usesTLS: false) { cluster, webhook in
            try cluster.annotate("app-sa")
            let response = try await webhook.review(body)
            XCTAssertEqual(response.status, 200)
            XCTAssertTrue(webhook.log.contains("plain HTTP"), webhook.log)
        }
    }

    func testAKubeconfigIsReadThroughKubectl() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        let cluster = try Cluster(namespace: namespace, usesTLS: true)
        let token = "a-token-of-the-kubeconfig"
        let webhook = try await RunningWebhook(
            api: .kubeconfig(cluster.kubeconfig(token: token)),
            on: cluster.loop,
            arguments: ["--image=registry.example/gtoken:1.0.0"]
        )
        try cluster.annotate("app-sa")
        let response = try await webhook.review(body)
        XCTAssertNotNil(try JSONDocument(response.body).root["response"]?["patch"], webhook.log)
        XCTAssertFalse(webhook.log.contains(token), "a token in the log")
        await cluster.stop()
    }

    func testATerminatedWebhookEndsWellAndLogsNoBodies() async throws {
        let body = try ReviewCase.named("custom-sa").bytes("review.json")
        try await withCluster { cluster, webhook in
            try cluster.annotate("app-sa")
            _ = try await webhook.review(body)
            let status = try await webhook.terminate()
            XCTAssertEqual(status, 0)
            XCTAssertTrue(webhook.log.contains("fbfa7850-b5ef-4e74-8e62-5861b0d89919"), "the request's uid")
            XCTAssertFalse(webhook.log.contains("registry.example/app"), "a body in the log")
        }
    }

    private func withCluster(
        version: String = "1.33",
        usesTLS: Bool = true,
        arguments: [String] = [],
        _ body: (Cluster, RunningWebhook) async throws -> Void
    ) async throws {
        let cluster = try Cluster(namespace: namespace, version: version)
        let webhook = try await RunningWebhook(
            api: .port(cluster.port),
            on: cluster.loop,
            usesTLS: usesTLS,
            arguments: ["--image=registry.example/gtoken:1.0.0"] + arguments
        )
        do {
            try await body(cluster, webhook)
        } catch {
            XCTFail("\(error)\n\(webhook.log)")
        }
        await cluster.stop()
    }
}
