import GTokenCore
import XCTest

/// Identity `cluster`: the kubelet keeps the token fresh, and no container is added.
final class ClusterIdentityTests: XCTestCase {
    private let token = JSONPointer([
        "spec", "volumes", "0", "projected", "sources", "0", "serviceAccountToken",
    ])

    func testAPodGetsAProjectedTokenAndNothingElseThatRuns() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}],"initContainers":[{"name":"i"}]"#)
        let patched = try RuleProbe.cluster().patched(pod)
        XCTAssertEqual(patched.names("spec", "containers"), ["a"])
        XCTAssertEqual(patched.names("spec", "initContainers"), ["i"])
        XCTAssertEqual(patched.names("spec", "volumes"), ["gtoken-volume"])
        let source = try XCTUnwrap(patched.value(at: token))
        XCTAssertEqual(source["audience"]?.string(), "sts.amazonaws.com")
        XCTAssertEqual(source["expirationSeconds"]?.integer(), 86_400)
        XCTAssertEqual(source["path"]?.string(), "gtoken")
        for container in patched.list("spec", "containers") + patched.list("spec", "initContainers") {
            XCTAssertEqual(
                container.variables,
                [
                    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/app",
                    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/secrets/aws/token/gtoken",
                    "AWS_ROLE_SESSION_NAME": "",
                ]
            )
            XCTAssertEqual(container.list("volumeMounts").first?["readOnly"]?.boolean(), true)
        }
    }

    func testAudienceAndLifeAreTheServiceAccountsElseTheOperators() throws {
        let operators = RuleProbe.cluster().with {
            $0.configuration.clusterAudience = "operator"
            $0.configuration.tokenExpirationSeconds = 7200
            // Google's tokens have an audience of their own.
            $0.configuration.audience = "google"
        }
        let own = operators.with {
            $0.annotations["amazonaws.com/audience"] = "own"
            $0.annotations["amazonaws.com/token-expiration"] = "600"
        }
        for (probe, audience, seconds) in [(operators, "operator", 7200), (own, "own", 600)] {
            let source = try XCTUnwrap(probe.patched(RuleProbe.pod()).value(at: token))
            XCTAssertEqual(source["audience"]?.string(), audience)
            XCTAssertEqual(source["expirationSeconds"]?.integer(), Int64(seconds))
        }
    }

    func testATokenLivesAsLongAsTheAPIServerWouldGrant() throws {
        let cases = [
            ("599", false), ("600", true), ("86400", true), ("4294967296", true), ("4294967297", false),
            ("0", false), ("-600", false), ("+600", false), ("600.0", false), ("6e2", false), ("600s", false),
            ("", false), (" 600", false), ("99999999999999999999", false), ("６００", false),
        ]
        for (text, isGood) in cases {
            let outcome = RuleProbe.cluster(["amazonaws.com/token-expiration": text]).decide(
                try RuleProbe.pod()
            )
            XCTAssertEqual(
                outcome.decision,
                isGood ? .injected : .notInjected(.invalidAnnotation),
                "'\(text)'"
            )
        }
    }

    func testATokenThatTheKubernetesAPIWouldTakeIsRefused() throws {
        let issuer = "https://issuer.example/clusters/one"
        let cases = [
            ("https://kubernetes.default.svc", true), ("https://kubernetes.default.svc.cluster.local", true),
            ("https://kubernetes.default", true), ("kubernetes.default.svc", true), ("kubernetes", true),
            ("https://kubernetes.default.svc/", true), ("https://Kubernetes.Default.Svc", true),
            ("api", true),
            ("https://container.googleapis.com/v1/projects/p/locations/l/clusters/c", true),
            ("https://container.googleapis.com/v1/projects/p/locations/l/clusters/another", true),
            (issuer, true), (issuer + "/", true),
            ("sts.amazonaws.com", false), ("https://issuer.example/clusters/two", false),
            ("https://api.example", false), ("container.googleapis.com.example", false),
        ]
        for (audience, isRefused) in cases {
            let outcome = RuleProbe.cluster(["amazonaws.com/audience": audience])
                .with { $0.cluster.apiAudiences = [issuer] }
                .decide(try RuleProbe.pod())
            XCTAssertEqual(outcome.decision, isRefused ? .notInjected(.audienceRefused) : .injected, audience)
            XCTAssertEqual(outcome.patch.isEmpty, isRefused, audience)
        }
        let operators = RuleProbe.cluster().with { $0.configuration.clusterAudience = "kubernetes" }
        XCTAssertEqual(operators.decide(try RuleProbe.pod()).decision, .notInjected(.audienceRefused))
        let google = RuleProbe().with { $0.annotations["amazonaws.com/audience"] = "kubernetes" }
        XCTAssertEqual(
            google.decide(try RuleProbe.pod()).decision,
            .injected,
            "Google's tokens are not the cluster's"
        )
    }

    func testWhatOnlyGoogleNeedsIsNotAskedFor() throws {
        let spec = #""containers":[{"name":"a"}]"#
        let pods = [
            #""hostNetwork":true,"# + spec, #""os":{"name":"windows"},"# + spec,
            #""restartPolicy":"Never","# + spec, #""automountServiceAccountToken":false,"# + spec,
        ]
        for text in pods {
            let probe = RuleProbe.cluster().with {
                $0.configuration.image = nil
                $0.cluster.supportsNativeSidecars = false
            }
            let outcome = probe.decide(try RuleProbe.pod(text))
            XCTAssertEqual(outcome.decision, .injected, text)
            XCTAssertEqual(outcome.warnings, [], text)
        }
    }

    func testAContainerOnWindowsFindsTheTokenByAPathOfWindows() throws {
        for os in [#""os":{"name":"windows"}"#, #""nodeSelector":{"kubernetes.io/os":"windows"}"#] {
            let pod = try RuleProbe.pod(#"\#(os),"containers":[{"name":"a"}]"#)
            let probe = RuleProbe.cluster()
            let container = try XCTUnwrap(probe.patched(pod).list("spec", "containers").first)
            XCTAssertEqual(
                container.variables["AWS_WEB_IDENTITY_TOKEN_FILE"],
                #"C:\var\run\secrets\aws\token\gtoken"#
            )
            XCTAssertEqual(
                container.list("volumeMounts").first?["mountPath"]?.string(),
                "/var/run/secrets/aws/token"
            )
            XCTAssertEqual(try probe.decide(probe.patched(pod)).decision, .alreadyInjected)
        }
    }

    func testOurVolumeIsKnownByItsTokensAudienceAndFile() throws {
        func volume(_ source: String) throws -> JSONValue {
            try RuleProbe.pod(#""volumes":[{"name":"gtoken-volume",\#(source)}],"containers":[{"name":"a"}]"#)
        }
        func projected(_ audience: String, _ path: String) -> String {
            #""projected":{"sources":[{"configMap":{"name":"c"}},{"serviceAccountToken":"#
                + #"{"audience":"\#(audience)","expirationSeconds":3600,"path":"\#(path)"}}],"defaultMode":420}"#
        }
        let cases: [(String, InjectionDecision)] = [
            (projected("sts.amazonaws.com", "gtoken"), .injected),
            (projected("another", "gtoken"), .notInjected(.collision)),
            (projected("sts.amazonaws.com", "token"), .notInjected(.collision)),
            (#""projected":{"sources":null}"#, .notInjected(.collision)),
            (#""emptyDir":{"medium":"Memory"}"#, .notInjected(.collision)),
            (#""secret":{"secretName":"s"}"#, .notInjected(.collision)),
        ]
        for (source, decision) in cases {
            let outcome = RuleProbe.cluster().decide(try volume(source))
            XCTAssertEqual(outcome.decision, decision, source)
            XCTAssertFalse(outcome.patch.operations.contains { $0.path.tokens.contains("volumes") }, source)
        }
        // And identity google does not take the cluster's volume for its own.
        let outcome = RuleProbe().decide(try volume(projected("sts.amazonaws.com", "gtoken")))
        XCTAssertEqual(outcome.decision, .notInjected(.collision))
    }

    func testAContainerNamedLikeGooglesIsTheUsersOwn() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"update-gcp-id-token"}]"#)
        let patched = try RuleProbe.cluster().patched(pod)
        XCTAssertNotNil(patched.list("spec", "containers").first?.variables["AWS_ROLE_ARN"])
    }

    func testTheOperatorChoosesTheIdentityOfThoseWhoDoNotSay() throws {
        let cases: [(RoleAnnotations.Identity, String?, String)] = [
            (.google, nil, "emptyDir"), (.cluster, nil, "projected"),
            (.cluster, "google", "emptyDir"), (.google, "cluster", "projected"),
        ]
        for (standard, asked, source) in cases {
            let probe = RuleProbe().with {
                $0.configuration.defaultIdentity = standard
                $0.annotations["amazonaws.com/identity"] = asked
            }
            let volume = try XCTUnwrap(probe.patched(RuleProbe.pod()).list("spec", "volumes").first)
            XCTAssertNotNil(volume[source], "\(standard) \(asked ?? "-")")
        }
    }
}
