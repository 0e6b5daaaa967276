import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The built webhook among hostile clients, which have a loop of their own.
struct HostileWebhook: Sendable {
    let webhook: RunningWebhook
    let raw: RawClient

    /// Runs `body` on the hostile clients' loop; the process must outlive it and go on answering.
    static func run(_ body: (HostileWebhook) async throws -> Void) async throws {
        let cluster = try Cluster(namespace: "ns")
        try cluster.annotate("app")
        let webhook = try await RunningWebhook(
            api: .port(cluster.port),
            on: cluster.loop,
            arguments: ["--image=registry.example/gtoken:1.0.0"]
        )
        let group = try EventLoopGroup(count: 1)
        let loop = group.next()
        let raw = RawClient(port: webhook.port, loop: loop, trust: try XCTUnwrap(webhook.trust))
        let hostile = HostileWebhook(webhook: webhook, raw: raw)
        do {
            try await withTaskExecutorPreference(loop) {
                try await body(hostile)
                try await hostile.expectService()
            }
            XCTAssertNil(webhook.process.exitStatus(), "the process has ended")
            let status = try await webhook.terminate()
            XCTAssertEqual(status, 0)
        } catch {
            XCTFail("\(error)\n\(webhook.log.suffix(2000))")
        }
        webhook.client.close()
        await cluster.stop()
        group.shutdown()
    }

    /// A client like any other gets its patch.
    func expectService(file: StaticString = #filePath, line: UInt = #line) async throws {
        let response = try await webhook.reviewOnNewConnection(HostileReview.small)
        XCTAssertEqual(response.status, 200, file: file, line: line)
        let patched = try APIServer.accept(response.body, to: HostileReview.small, "another client")
        XCTAssertNotNil(patched["spec"]?["volumes"], file: file, line: line)
    }

    /// A review's status and answer over the connection that is kept.
    func review(_ body: [UInt8]) async throws -> HTTPResponse { try await webhook.review(body) }

    /// A review as a request, with these fields besides those that make it one.
    static func post(_ body: [UInt8], fields: String = "Content-Type: application/json\r\n") -> [UInt8] {
        Array(
            "POST /pods?timeout=10s HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.count)\r\n\r\n"
                .utf8
        )
            + body
    }
}

/// Reviews of a Pod that gets a role.
enum HostileReview {
    /// The least that makes a review.
    static let small = review(pod: #"{"spec":{"serviceAccountName":"app","containers":[{"name":"a"}]}}"#)

    /// One as large as those of Pods with much in them: 55 KB.
    static let large = review(
        pod: #"{"metadata":{"annotations":{"note":"\#(String(repeating: "n", count: 55_000))"}},"#
            + #""spec":{"serviceAccountName":"app","containers":[{"name":"a"}]}}"#
    )

    /// The largest that an API server was seen to send: a Pod of 2.9 MB of `<`, each escaped as six bytes.
    static let largest = review(
        pod: #"{"metadata":{"annotations":{"note":"\#(String(repeating: "\\u003c", count: 2_900_000))"}},"#
            + #""spec":{"serviceAccountName":"app","containers":[{"name":"a"}]}}"#
    )

    /// One with something in every field that the webhook reads.
    static let full = review(
        pod: #"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","generateName":"p-","namespace":"ns",
            "labels":{"app":"a","admission.gtoken/ignore":"false"},
            "annotations":{"admission.gtoken/status":"s","admission.gtoken/skip-containers":"b",
            "admission.gtoken/sidecar":"native","admission.gtoken/cpu":"10m","admission.gtoken/memory":"32Mi"}},
            "spec":{"serviceAccountName":"app","serviceAccount":"app","restartPolicy":"Always","hostNetwork":false,
            "os":{"name":"linux"},"nodeSelector":{"kubernetes.io/os":"linux"},
            "securityContext":{"runAsUser":1,"runAsNonRoot":true,"fsGroup":2,
            "windowsOptions":{"hostProcess":false}},
            "volumes":[{"name":"data","emptyDir":{"medium":"Memory"}}],
            "initContainers":[{"name":"i","image":"i","env":[{"name":"A","value":"b"}],
            "volumeMounts":[{"name":"data","mountPath":"/data","readOnly":true}],"restartPolicy":"Always"}],
            "containers":[{"name":"a","image":"i","command":["c"],"args":["d"],
            "env":[{"name":"AWS_REGION","value":"eu-west-1"},{"name":"B","valueFrom":{"fieldRef":{}}}],
            "envFrom":[{"configMapRef":{"name":"c"}}],"resources":{"limits":{"cpu":"1","memory":"1Gi"}},
            "volumeMounts":[{"name":"data","mountPath":"/data"}]},{"name":"b"}]}}
            """#
    )

    static func review(pod: String, operation: String = "CREATE") -> [UInt8] {
        Array(
            (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1","#
                + #""kind":{"group":"","version":"v1","kind":"Pod"},"subResource":"","name":"p","#
                + #""namespace":"ns","operation":"\#(operation)","dryRun":false,"object":\#(pod)}}"#).utf8
        )
    }

    /// Every place in a value below the root: members and elements, of any depth.
    static func pointers(in value: JSONValue, below tokens: [String] = []) -> [[String]] {
        let children: [(String, JSONValue)] =
            value.isObject
            ? value.members.map { ($0.name, $0.value) }
            : value.isArray ? value.elements.enumerated().map { ("\($0.offset)", $0.element) } : []
        return children.flatMap { name, child in
            [tokens + [name]] + pointers(in: child, below: tokens + [name])
        }
    }
}
