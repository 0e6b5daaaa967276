import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// A cluster that issues tokens, with two ServiceAccounts in one namespace, on a clock that stands still.
struct ClusterFixture {
    static let path = "/v1/projects/demo-project/locations/europe-west1/clusters/demo-cluster"

    let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
    let issuer: OpenIDConnectIssuer
    let kubernetes: KubernetesEmulator
    let account: KubernetesServiceAccountName

    init() throws {
        issuer = try OpenIDConnectIssuer(parsing: "https://container.googleapis.com\(Self.path)")
        kubernetes = KubernetesEmulator(issuer: try ServiceAccountTokenIssuer(issuer), clock: clock)
        account = try KubernetesServiceAccountName(namespace: "reports", name: "app")
        kubernetes.apply(account)
        kubernetes.apply(try KubernetesServiceAccountName(namespace: "reports", name: "other"))
    }

    /// Asks for a token of a ServiceAccount of the namespace.
    func request(
        _ body: String,
        account: String = "app",
        method: String = "POST",
        headers: HTTPHeaders = [:]
    ) async -> HTTPResponse {
        await kubernetes.respond(
            to: HTTPRequest(
                method: method,
                target: "/api/v1/namespaces/reports/serviceaccounts/\(account)/token",
                headers: headers,
                body: Array(body.utf8)
            )
        )
    }

    /// A token for an audience; for the API server itself where none is given.
    func token(
        audience: String?,
        account: String = "app",
        expirationSeconds: Int = 3600
    ) async throws -> String {
        let audiences = audience.map { "[\"\($0)\"]" } ?? "[]"
        let response = await request(
            #"{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","#
                + #""spec":{"audiences":\#(audiences),"expirationSeconds":\#(expirationSeconds)}}"#,
            account: account
        )
        XCTAssertEqual(response.status, 201)
        return try XCTUnwrap(JSONDocument(response.body).root["status"]?["token"]?.string())
    }
}
