import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// The stand-in for the Kubernetes API as an issuer of ServiceAccount tokens.
final class TokenRequestTests: XCTestCase {
    func testIssuesABoundTokenWithTheClaimsOfARealOne() async throws {
        let cluster = try ClusterFixture()
        let uid = cluster.kubernetes.run(pod: "app-1", as: cluster.account)
        let response = await cluster.request(
            #"{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","metadata":{"creationTimestamp":null},"#
                + #""spec":{"audiences":["sts.amazonaws.com"],"expirationSeconds":86400,"boundObjectRef":"#
                + #"{"kind":"Pod","apiVersion":"v1","name":"app-1","uid":"\#(uid)"}},"status":{"token":""}}"#
        )
        XCTAssertEqual(response.status, 201)
        let answer = try JSONDocument(response.body).root
        XCTAssertEqual(answer["kind"]?.string(), "TokenRequest")
        XCTAssertEqual(answer["metadata"]?["name"]?.string(), "app")
        XCTAssertEqual(answer["spec"]?["boundObjectRef"]?["uid"]?.string(), uid)
        XCTAssertEqual(answer["status"]?["expirationTimestamp"]?.string(), "2026-11-24T20:59:40Z")
        let text = try XCTUnwrap(answer["status"]?["token"]?.string())
        let token = try UnverifiedJWT(parsing: text)
        let claims = token.claims
        XCTAssertEqual(claims.issuer, cluster.issuer.description)
        XCTAssertEqual(claims.subject, "system:serviceaccount:reports:app")
        XCTAssertEqual(claims.audience, ["sts.amazonaws.com"])
        XCTAssertEqual(claims.raw.root["aud"]?.isArray, true)
        XCTAssertEqual(claims.issuedAt, cluster.clock.now())
        XCTAssertEqual(claims.notBefore, cluster.clock.now())
        XCTAssertEqual(claims.lifetime, .seconds(86_400))
        XCTAssertEqual(claims.tokenID?.count, 36)
        XCTAssertNil(claims.authorizedParty)
        XCTAssertEqual(
            claims.raw.root.members.map(\.name),
            ["aud", "exp", "iat", "iss", "jti", "kubernetes.io", "nbf", "sub"]
        )
        let bound = try XCTUnwrap(claims.raw.root["kubernetes.io"])
        XCTAssertEqual(bound["namespace"]?.string(), "reports")
        XCTAssertEqual(bound["pod"]?["name"]?.string(), "app-1")
        XCTAssertEqual(bound["pod"]?["uid"]?.string(), uid)
        XCTAssertEqual(bound["serviceaccount"]?["name"]?.string(), "app")
        XCTAssertEqual(bound["serviceaccount"]?["uid"]?.string()?.count, 36)
        XCTAssertEqual(token.header.algorithm, "RS256")
        let key = try XCTUnwrap(token.header.keyID.flatMap { cluster.kubernetes.issuer?.keySet.keys[$0] })
        XCTAssertTrue(key.isValidSHA256Signature(token.signature, for: token.signingInput))
    }

    func testFillsInTheDefaultsOfTheAPI() async throws {
        let cluster = try ClusterFixture()
        for body in ["{}", #"{"spec":null}"#, #"{"spec":{"audiences":null,"expirationSeconds":null}}"#] {
            let response = await cluster.request(body)
            XCTAssertEqual(response.status, 201, body)
            let text = try XCTUnwrap(JSONDocument(response.body).root["status"]?["token"]?.string())
            let claims = try UnverifiedJWT(parsing: text).claims
            XCTAssertEqual(claims.audience, [cluster.issuer.description])
            XCTAssertEqual(claims.lifetime, .seconds(3600))
            XCTAssertNil(claims.raw.root["kubernetes.io"]?["pod"])
        }
    }

    func testNoTwoTokensAreTheSame() async throws {
        let cluster = try ClusterFixture()
        let first = try await cluster.token(audience: "a")
        let second = try await cluster.token(audience: "a")
        XCTAssertNotEqual(
            try UnverifiedJWT(parsing: first).claims.tokenID,
            try UnverifiedJWT(parsing: second).claims.tokenID
        )
    }

    func testRefusesWhatTheAPIServerRefuses() async throws {
        let cluster = try ClusterFixture()
        let other = try KubernetesServiceAccountName(namespace: "reports", name: "other")
        _ = cluster.kubernetes.run(pod: "other-1", as: other)
        _ = cluster.kubernetes.run(pod: "app-1", as: cluster.account)
        func bound(_ kind: String, _ name: String, uid: String = "") -> String {
            #"{"spec":{"boundObjectRef":{"kind":"\#(kind)","apiVersion":"v1","name":"\#(name)","uid":"\#(uid)"}}}"#
        }
        let cases: [(body: String, account: String, status: Int, reason: String, message: String)] = [
            ("{}", "nobody", 404, "NotFound", #"serviceaccounts "nobody" not found"#),
            ("{}", "No%2FBody", 404, "NotFound", #"serviceaccounts "No/Body" not found"#),
            (
                #"{"spec":{"expirationSeconds":599}}"#, "app", 422, "Invalid",
                "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes"
            ),
            (#"{"spec":{"expirationSeconds":-1}}"#, "app", 422, "Invalid", "Invalid value: -1"),
            (
                #"{"spec":{"expirationSeconds":4294967297}}"#, "app", 422, "Invalid",
                "may not specify a duration larger than 2^32 seconds"
            ),
            (#"{"spec":{"expirationSeconds":599}}"#, "nobody", 404, "NotFound", "nobody"),
            ("", "app", 400, "BadRequest", "must be of type TokenRequest"),
            ("[]", "app", 400, "BadRequest", "must be of type TokenRequest"),
            (#"{"kind":"Pod"}"#, "app", 400, "BadRequest", "must be of type TokenRequest"),
            (#"{"apiVersion":"v1"}"#, "app", 400, "BadRequest", "must be of type TokenRequest"),
            (#"{"spec":{"audiences":"a"}}"#, "app", 400, "BadRequest", "must be of type TokenRequest"),
            (#"{"spec":{"audiences":[1]}}"#, "app", 400, "BadRequest", "must be of type TokenRequest"),
            (#"{"spec":{"expirationSeconds":"3600"}}"#, "app", 400, "BadRequest", "TokenRequest"),
            (#"{"spec":{"expirationSeconds":600.5}}"#, "app", 400, "BadRequest", "TokenRequest"),
            (bound("Pod", "absent"), "app", 404, "NotFound", #"pods "absent" not found"#),
            (bound("Pod", "other-1"), "app", 400, "BadRequest", "different serviceaccount"),
            (bound("Pod", "app-1", uid: "another"), "app", 409, "Conflict", "does not match the UID"),
            (bound("ConfigMap", "app-1"), "app", 400, "BadRequest", "cannot bind token"),
        ]
        for (body, account, status, reason, message) in cases {
            let response = await cluster.request(body, account: account)
            XCTAssertEqual(response.status, status, body)
            let answer = try JSONDocument(response.body).root
            XCTAssertEqual(answer["kind"]?.string(), "Status", body)
            XCTAssertEqual(answer["reason"]?.string(), reason, body)
            XCTAssertTrue(answer["message"]?.string()?.contains(message) ?? false, response.text)
        }
    }

    func testNamesTheFieldThatIsInvalid() async throws {
        let cluster = try ClusterFixture()
        let response = await cluster.request(#"{"spec":{"expirationSeconds":0}}"#)
        let details = try JSONDocument(response.body).root["details"]
        XCTAssertEqual(details?["group"]?.string(), "authentication.k8s.io")
        XCTAssertEqual(details?["kind"]?.string(), "TokenRequest")
        let causes = details?["causes"]?.elements.map { $0["field"]?.string() }
        XCTAssertEqual(causes, ["spec.expirationSeconds"])
    }

    func testTakesOnlyPostAndOnlyFromThoseItKnows() async throws {
        let cluster = try ClusterFixture()
        let get = await cluster.request("", method: "GET")
        XCTAssertEqual(get.status, 405)
        cluster.kubernetes.change { $0.acceptedTokens = ["good"] }
        var statuses = [await cluster.request("{}").status]
        statuses.append(await cluster.request("{}", headers: ["Authorization": "Bearer good"]).status)
        XCTAssertEqual(statuses, [401, 201])
    }

    func testGivesLessWhereItsLongestIsShorterAndSaysSo() async throws {
        let cluster = try ClusterFixture()
        cluster.kubernetes.change { $0.maxTokenExpirationSeconds = 7200 }
        let response = await cluster.request(#"{"spec":{"expirationSeconds":86400}}"#)
        XCTAssertEqual(
            response.headers["Warning"],
            #"299 - "requested expiration of 86400 seconds shortened to 7200 seconds""#
        )
        let text = try XCTUnwrap(JSONDocument(response.body).root["status"]?["token"]?.string())
        XCTAssertEqual(try UnverifiedJWT(parsing: text).claims.lifetime, .seconds(7200))
        let shorter = await cluster.request(#"{"spec":{"expirationSeconds":600}}"#)
        XCTAssertNil(shorter.headers["Warning"])
    }

    func testServesItsKeysAsAnAPIServerAndAsGKEDoes() async throws {
        let cluster = try ClusterFixture()
        let addresses = [
            ("/.well-known/openid-configuration", "/openid/v1/jwks"),
            ("\(ClusterFixture.path)/.well-known/openid-configuration", "\(ClusterFixture.path)/jwks"),
        ]
        func get(_ path: String, method: String = "GET") async -> HTTPResponse {
            await cluster.kubernetes.respond(
                to: HTTPRequest(method: method, target: path, headers: ["Host": "127.0.0.1:1234"])
            )
        }
        for (discovery, keysPath) in addresses {
            let document = try JSONDocument(await get(discovery).body).root
            XCTAssertEqual(document["issuer"]?.string(), cluster.issuer.description)
            XCTAssertEqual(document["jwks_uri"]?.string(), "http://127.0.0.1:1234\(keysPath)")
            let keys = await get(keysPath)
            XCTAssertEqual(keys.headers["Content-Type"], "application/jwk-set+json")
            XCTAssertEqual(keys.headers["Cache-Control"], "public, max-age=3600")
            XCTAssertEqual(try JSONWebKeySet(parsing: keys.body), cluster.kubernetes.issuer?.keySet)
            let post = await get(keysPath, method: "POST")
            XCTAssertEqual(post.status, 405)
        }
        // Under the issuer's URL everybody may ask, as AWS does; under the API server's own, who may ask the API.
        cluster.kubernetes.change { $0.acceptedTokens = [] }
        var statuses: [Int] = []
        for (discovery, keys) in addresses {
            statuses.append(await get(discovery).status)
            statuses.append(await get(keys).status)
        }
        XCTAssertEqual(statuses, [401, 401, 200, 200])
    }

    func testAClusterWithoutAnIssuerHasNoneOfIt() async throws {
        let emulator = KubernetesEmulator(clock: ManualClock())
        emulator.apply(try KubernetesServiceAccountName(namespace: "reports", name: "app"))
        for (method, path) in [
            ("POST", "/api/v1/namespaces/reports/serviceaccounts/app/token"), ("GET", "/openid/v1/jwks"),
            ("GET", "/.well-known/openid-configuration"), ("GET", "/jwks"),
        ] {
            let response = await emulator.respond(to: HTTPRequest(method: method, target: path))
            XCTAssertEqual(response.status, 404, path)
        }
    }
}
