import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import XCTest

/// The built webhook in front of a Kubernetes API in trouble, which answers neither the watch nor a GET as it should: what
/// the caller gets for a ServiceAccount that is known from the watch, and for one that has to be asked for.
final class APITroubleTests: XCTestCase {
    /// What is wrong, and what comes of it.
    private struct Trouble {
        let name: String
        /// What reading a ServiceAccount meets; nil where the whole API is away.
        var effect: KubernetesFault.Effect?
        /// The verbs that meet it; the others work.
        var verbs: Set<String> = ["get", "list", "watch"]
        var outage: KubernetesOutage?
        /// Whether the Pod of the ServiceAccount that the watch told of is injected.
        var knowsOptedIn = true
        /// Whether the Pod of another is answered.
        var knowsPlain = false
        /// What the log says of the watch; nil where the webhook goes on waiting for it.
        var watchLine: String? = "cannot watch ServiceAccounts: what is known of them stays"
        /// What the log and the answer say of the GET.
        var words = ""
        /// The result under which the GET is counted.
        var lookup = "refused"
    }

    private static let forbidden =
        "may not list and watch ServiceAccounts: each is asked for when a Pod needs it"

    private static let troubles =
        [401, 429, 500, 503].map {
            Trouble(name: "\($0)", effect: .status($0), words: "the Kubernetes API answered \($0)")
        } + [
            Trouble(
                name: "403 for everything",
                effect: .status(403),
                knowsOptedIn: false,
                watchLine: forbidden,
                words: "the Kubernetes API answered 403"
            ),
            Trouble(
                name: "403 for list and watch",
                effect: .status(403),
                verbs: ["list", "watch"],
                knowsPlain: true,
                watchLine: forbidden
            ),
            Trouble(
                name: "403 for get",
                effect: .status(403),
                verbs: ["get"],
                watchLine: nil,
                words: "the Kubernetes API answered 403"
            ),
            Trouble(
                name: "slow",
                effect: .delay(.seconds(30)),
                watchLine: nil,
                words: "cannot ask the Kubernetes API",
                lookup: "unreachable"
            ),
            Trouble(
                name: "silent",
                outage: .silent,
                watchLine: nil,
                words: "cannot ask the Kubernetes API",
                lookup: "unreachable"
            ),
            Trouble(
                name: "closing",
                outage: .closing,
                words: "cannot ask the Kubernetes API",
                lookup: "unreachable"
            ),
        ]

    func testWhatIsKnownIsAnsweredAndTheRestIsA500WithinTheDeadline() async throws {
        for trouble in Self.troubles {
            let cluster = try Cluster(namespace: "cap")
            try cluster.annotate("app-sa")
            try cluster.annotate("plain-sa", with: [:])
            let webhook = try await RunningWebhook(
                api: .port(cluster.port),
                on: cluster.loop,
                arguments: ["--image=registry.example/gtoken:1.0.0"]
            )
            do {
                try await check(trouble, cluster, webhook)
            } catch {
                XCTFail("\(trouble.name): \(error)\n\(webhook.log)")
            }
            webhook.client.close()
            await cluster.stop()
        }
    }

    private func check(_ trouble: Trouble, _ cluster: Cluster, _ webhook: RunningWebhook) async throws {
        let name = trouble.name
        // Known from the watch: nothing was asked about either yet.
        var expected = Counts()
        try await assertCounts(webhook, expected, name)

        cluster.disturb { behaviour in
            behaviour.outage = trouble.outage
            behaviour.faults =
                trouble.effect.map {
                    [KubernetesFault($0, verbs: trouble.verbs, resources: ["serviceaccounts"])]
                } ?? []
        }
        if let line = trouble.watchLine {
            _ = try await eventually("\(name): \(line)") { webhook.log.contains(line) ? true : nil }
        }
        // Without a watch nobody would tell of changes: asked for, as the one that is not opted in.
        let isForgotten = trouble.watchLine == Self.forbidden
        for (account, isKnown) in [("app-sa", trouble.knowsOptedIn), ("plain-sa", trouble.knowsPlain)] {
            let isAsked = account == "plain-sa" || isForgotten
            try await review(account, isKnown ? nil : trouble, webhook, name)
            switch (isKnown, account) {
            case (true, "app-sa"): expected.injected += 1
            case (true, _): expected.notInjected += 1
            case (false, _): expected.errors += 1
            }
            if isAsked { expected.lookups[isKnown ? "found" : trouble.lookup, default: 0] += 1 }
            try await assertCounts(webhook, expected, "\(name), \(account)")
        }
        let ready = try await webhook.get("/readyz")
        XCTAssertEqual(ready.status, 200, "\(name): an outage makes nobody unready")

        cluster.disturb { ($0.outage, $0.faults) = (nil, []) }
        try await review("app-sa", nil, webhook, "\(name), over")
        try await review("plain-sa", nil, webhook, "\(name), over")
        XCTAssertNil(webhook.process.exitStatus(), name)
    }

    /// Sends a review of a Pod of the ServiceAccount; `trouble` says why there is to be no answer, nil where there is.
    private func review(
        _ account: String,
        _ trouble: Trouble?,
        _ webhook: RunningWebhook,
        _ name: String
    ) async throws {
        let row = "\(name), \(account)"
        let template = String(decoding: try ReviewCase.named("custom-sa").bytes("review.json"), as: UTF8.self)
        let body =
            template
            .replacing(#""serviceAccountName":"app-sa""#, with: #""serviceAccountName":"\#(account)""#)
            .replacing("fbfa7850-b5ef-4e74-8e62-5861b0d89919", with: row)
        let start = ContinuousClock.now
        let answer = try await webhook.review(Array(body.utf8), timeout: "2s")
        XCTAssertLessThan(ContinuousClock.now - start, .seconds(2), row)
        let lines = webhook.log.split(separator: "\n").compactMap {
            try? JSONDocument(Array($0.utf8)).root
        }.filter { $0["uid"]?.isString(row) == true }
        XCTAssertEqual(lines.count, 1, "\(row): one event, one line")
        let line = try XCTUnwrap(lines.first, row)
        guard let trouble else {
            XCTAssertEqual(answer.status, 200, row)
            let patch = try JSONDocument(answer.body).root["response"]?["patch"]
            XCTAssertEqual(patch != nil, account == "app-sa", row)
            XCTAssertEqual(line["msg"]?.string(), "admission", row)
            XCTAssertEqual(line["outcome"]?.string(), account == "app-sa" ? "injected" : "not_injected", row)
            return
        }
        XCTAssertEqual(answer.status, 500, row)
        let text = "cannot read the Pod's ServiceAccount: \(trouble.words)"
        XCTAssertTrue(answer.text.hasPrefix(text), "\(row): \(answer.text)")
        XCTAssertEqual(line["level"]?.string(), "error", row)
        XCTAssertEqual(line["msg"]?.string(), "cannot decide about a Pod", row)
        let error = line["error"]?.string() ?? ""
        XCTAssertTrue(error.hasPrefix(trouble.words), "\(row): \(error)")
    }

    /// What the webhook has counted since it started.
    private struct Counts {
        var injected = 0
        var notInjected = 0
        var errors = 0
        var lookups: [String: Int] = [:]
    }

    private func assertCounts(_ webhook: RunningWebhook, _ expected: Counts, _ row: String) async throws {
        let text = try await webhook.get("/metrics").text
        func value(_ series: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            return line.flatMap { $0.split(separator: " ").last.flatMap { Int($0) } } ?? 0
        }
        func admissions(_ outcome: String, _ reason: String) -> Int {
            value(#"gtoken_webhook_admissions_total{outcome="\#(outcome)",reason="\#(reason)"}"#)
        }
        XCTAssertEqual(admissions("injected", ""), expected.injected, row)
        XCTAssertEqual(admissions("not_injected", "not_opted_in"), expected.notInjected, row)
        XCTAssertEqual(admissions("error", "service_account_unavailable"), expected.errors, row)
        for result in ["found", "not_found", "refused", "unreachable", "failed"] {
            XCTAssertEqual(
                value(#"gtoken_webhook_service_account_lookups_total{result="\#(result)"}"#),
                expected.lookups[result] ?? 0,
                "\(row): \(result)"
            )
        }
    }
}
