import GTokenCore
import XCTest

/// What keeps a Pod from its role, and what it and its operator are told; a table for each rule.
final class ObstacleTests: XCTestCase {
    private static let accountKey = "iam.gke.io/gcp-service-account"
    private let container = #""containers":[{"name":"a"}]"#

    func testWhereTheNodeWouldAnswerForThePodTheOperatorDecides() throws {
        let missing = "the ServiceAccount has no annotation \(Self.accountKey)"
        let account = "app@project-id.iam.gserviceaccount.com"
        let cases: [(network: String, account: String?, reason: InjectionDecision.Reason?, cause: String)] = [
            (#""hostNetwork":false,"#, account, nil, ""), ("", account, nil, ""),
            (#""hostNetwork":null,"#, account, nil, ""),
            (#""hostNetwork":true,"#, account, .hostNetwork, "hostNetwork"),
            (#""hostNetwork":true,"#, nil, .hostNetwork, "hostNetwork"),
            ("", nil, .googleServiceAccountMissing, missing),
        ]
        for (network, account, reason, cause) in cases {
            let pod = try RuleProbe.pod(network + container)
            let probe = RuleProbe().with { $0.annotations[Self.accountKey] = account }
            let outcome = probe.decide(pod)
            XCTAssertEqual(outcome.decision, reason.map { .notInjected($0) } ?? .injected, cause)
            XCTAssertEqual(
                outcome.warnings,
                reason == nil
                    ? [] : ["gtoken: no AWS role for this Pod: it would have its node's identity (\(cause))"]
            )
            let allowing = probe.with { $0.configuration.allowsNodeIdentity = true }.decide(pod)
            XCTAssertEqual(allowing.decision, .injected, cause)
            XCTAssertEqual(
                allowing.warnings,
                reason == nil ? [] : ["gtoken: this Pod has its node's identity (\(cause))"]
            )
        }
    }

    func testAnAccountThatIsNoneIsRefusedWhateverTheOperatorAllows() throws {
        for account in [
            "", "app", "app@example.com", "app@.iam.gserviceaccount.com", "x y@p.iam.gserviceaccount.com",
        ] {
            let probe = RuleProbe().with {
                $0.annotations[Self.accountKey] = account
                $0.configuration.allowsNodeIdentity = true
            }
            let outcome = probe.decide(try RuleProbe.pod())
            XCTAssertEqual(outcome.decision, .notInjected(.invalidAnnotation), account)
            XCTAssertTrue(outcome.warnings[0].contains(Self.accountKey), account)
        }
    }

    func testWindowsIsRecognisedByItsFields() throws {
        let cases = [
            (#""os":{"name":"windows"},"#, true), (#""nodeSelector":{"kubernetes.io/os":"windows"},"#, true),
            (#""os":{"name":"linux"},"#, false), (#""os":null,"#, false), (#""nodeSelector":null,"#, false),
            (#""nodeSelector":{"kubernetes.io/os":"linux"},"#, false),
            (#""nodeSelector":{"os":"windows"},"#, false), (#""os":"windows","#, false),
            (#""nodeSelector":{"kubernetes.io/os":"linux"},"os":{"name":"windows"},"#, true),
        ]
        for (text, isWindows) in cases {
            let outcome = RuleProbe().decide(try RuleProbe.pod(text + container))
            XCTAssertEqual(outcome.decision, isWindows ? .notInjected(.windows) : .injected, text)
        }
    }

    func testWithoutAnImageOnlyTheClustersOwnTokenIsInjected() throws {
        for (probe, decision) in [
            (RuleProbe(), InjectionDecision.notInjected(.imageUnset)), (RuleProbe.cluster(), .injected),
        ] {
            let outcome = probe.with { $0.configuration.image = nil }.decide(try RuleProbe.pod())
            XCTAssertEqual(outcome.decision, decision)
        }
    }

    /// What stands at a name or place of ours is ours by its shape, or it is a collision.
    func testNamesAndPlacesOfOursAreKnownByTheirShape() throws {
        let mount = #""volumeMounts":[{"name":"gtoken-volume","mountPath":"/var/run/secrets/aws/token"}]"#
        let slash = #""volumeMounts":[{"name":"gtoken-volume","mountPath":"/var/run/secrets/aws/token/"}]"#
        let other = #""volumeMounts":[{"name":"other","mountPath":"/var/run/secrets/aws/token"}]"#
        let elsewhere = #""volumeMounts":[{"name":"gtoken-volume","mountPath":"/token"}]"#
        let a = #"{"name":"a"}"#
        func sidecar(_ rest: String) -> String { #"{"name":"update-gcp-id-token",\#(rest)}"# }
        func first(_ rest: String) -> String { #"{"name":"generate-gcp-id-token",\#(rest)}"# }
        let ours = #""command":["/gtoken"],\#(mount)"#
        let cases: [(String, collides: Bool)] = [
            (#""containers":[\#(a)],"initContainers":[\#(sidecar(ours))]"#, false),
            (#""containers":[\#(a)],"initContainers":[\#(first(ours))]"#, false),
            (#""containers":[\#(a),\#(sidecar(ours))]"#, false),
            (#""containers":[\#(a),\#(first(ours))]"#, true),
            (#""containers":[\#(a),\#(sidecar(#""command":["/gtoken"],\#(slash)"#))]"#, false),
            (#""containers":[\#(a),\#(sidecar(#""command":["/bin/sh"],\#(mount)"#))]"#, true),
            (#""containers":[\#(a),\#(sidecar(#""command":[],\#(mount)"#))]"#, true),
            (#""containers":[\#(a),\#(sidecar(mount))]"#, true),
            (#""containers":[\#(a),\#(sidecar(#""command":["/gtoken"]"#))]"#, true),
            (#""containers":[\#(a),\#(sidecar(#""command":["/gtoken"],\#(elsewhere)"#))]"#, true),
            (#""containers":[{"name":"a",\#(other)}]"#, true),
            (#""containers":[{"name":"a",\#(mount)}]"#, false),
            (#""containers":[{"name":"a",\#(elsewhere)}]"#, false),
            (#""containers":[\#(a)],"initContainers":[{"name":"i",\#(other)}]"#, true),
            (
                #""containers":[\#(a)],"volumes":[{"name":"gtoken-volume","emptyDir":{"medium":"Memory"}}]"#,
                false
            ),
            (#""containers":[\#(a)],"volumes":[{"name":"gtoken-volume","emptyDir":{}}]"#, true),
            (#""containers":[\#(a)],"volumes":[{"name":"gtoken-volume","emptyDir":null}]"#, true),
            (#""containers":[\#(a)],"volumes":[{"name":"gtoken-volume"}]"#, true),
            (#""containers":[\#(a)],"volumes":[{"name":"gtoken-volume","hostPath":{"path":"/x"}}]"#, true),
        ]
        for (spec, collides) in cases {
            let outcome = RuleProbe().decide(try RuleProbe.pod(spec))
            XCTAssertEqual(outcome.decision, collides ? .notInjected(.collision) : .injected, spec)
            XCTAssertEqual(outcome.warnings.count, collides ? 1 : 0, spec)
        }
    }

    func testKeysThatAnSDKPrefersAreSaid() throws {
        let sets = "sets AWS access keys, which SDKs prefer to the role"
        let from = "has envFrom; AWS access keys there would be preferred to the role"
        let cases: [(String, [String])] = [
            (#""env":[{"name":"AWS_ACCESS_KEY_ID","value":"x"}]"#, [sets]),
            (#""env":[{"name":"AWS_SECRET_ACCESS_KEY","valueFrom":{}}]"#, [sets]),
            (#""env":[{"name":"AWS_ACCESS_KEY_ID"},{"name":"AWS_SECRET_ACCESS_KEY"}]"#, [sets]),
            (#""env":[{"name":"AWS_ACCESS\u005fKEY_ID"}]"#, [sets]),
            (#""env":[{"name":"AWS_PROFILE","value":"x"}]"#, []), (#""env":null"#, []),
            (#""envFrom":[{"secretRef":{"name":"s"}}]"#, [from]), (#""envFrom":[]"#, []),
            (#""envFrom":null"#, []),
            (#""envFrom":[{}],"env":[{"name":"AWS_ACCESS_KEY_ID"}]"#, [sets, from]),
        ]
        for (text, warnings) in cases {
            for probe in [RuleProbe(), RuleProbe.cluster()] {
                let outcome = probe.decide(try RuleProbe.pod(#""containers":[{"name":"a",\#(text)}]"#))
                XCTAssertEqual(outcome.decision, .injected, text)
                XCTAssertEqual(outcome.warnings, warnings.map { #"gtoken: container "a" \#($0)"# }, text)
            }
        }
    }

    /// The user's own settings win, each for what it is about.
    func testAContainersOwnSettingsWin() throws {
        let all = [
            "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_SESSION_NAME", "AWS_REGION",
            "AWS_DEFAULT_REGION", "AWS_STS_REGIONAL_ENDPOINTS",
        ]
        let notCredentials = Array(all.suffix(3))
        let cases: [(own: String, value: String, added: [String])] = [
            ("X", "", all),
            ("AWS_ROLE_ARN", "arn:aws:iam::210987654321:role/own", all.filter { $0 != "AWS_ROLE_ARN" }),
            ("AWS_ROLE_SESSION_NAME", "own", all.filter { $0 != "AWS_ROLE_SESSION_NAME" }),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/own", notCredentials),
            (
                "AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/aws/token/gtoken",
                all.filter { $0 != "AWS_WEB_IDENTITY_TOKEN_FILE" }
            ),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/", notCredentials),
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/", notCredentials),
            ("AWS_REGION", "us-east-1", all.filter { !$0.hasSuffix("_REGION") }),
            ("AWS_DEFAULT_REGION", "us-east-1", all.filter { !$0.hasSuffix("_REGION") }),
            (
                "AWS_STS_REGIONAL_ENDPOINTS", "legacy", all.filter { $0 != "AWS_STS_REGIONAL_ENDPOINTS" }
            ),
        ]
        for (own, value, added) in cases {
            for probe in [RuleProbe(), RuleProbe.cluster()] {
                let asking = probe.with {
                    $0.annotations["amazonaws.com/region"] = "eu-west-1"
                    $0.annotations["amazonaws.com/sts-regional-endpoints"] = "true"
                }
                let pod = try RuleProbe.pod(
                    #""containers":[{"name":"a","env":[{"name":"\#(own)","value":"\#(value)"}]}]"#
                )
                let patched = try asking.patched(pod)
                let container = try XCTUnwrap(patched.list("spec", "containers").first)
                XCTAssertEqual(container.names("env"), [own] + added, own)
                XCTAssertEqual(container.variables[own], value, own)
                XCTAssertEqual(asking.decide(patched).decision, .alreadyInjected, own)
            }
        }
    }

    func testOnlyThoseWhoExpectARoleAreRefusedOne() {
        let faults: Set<InjectionDecision.Reason> = [
            .invalidAnnotation, .audienceRefused, .imageUnset, .hostNetwork, .windows,
            .googleServiceAccountMissing, .collision, .tooManyContainers,
        ]
        for reason in InjectionDecision.Reason.allCases {
            let outcome = InjectionOutcome(
                decision: .notInjected(reason),
                patch: JSONPatch(),
                warnings: ["gtoken: why"]
            )
            XCTAssertEqual(reason.isFault, faults.contains(reason), reason.rawValue)
            let allowed = outcome.response(onInvalid: .allow)
            XCTAssertTrue(allowed.isAllowed, reason.rawValue)
            XCTAssertEqual(allowed.warnings, ["gtoken: why"], reason.rawValue)
            let denied = outcome.response(onInvalid: .deny)
            XCTAssertEqual(denied.isAllowed, !faults.contains(reason), reason.rawValue)
            XCTAssertEqual(denied.message, faults.contains(reason) ? "gtoken: why" : "", reason.rawValue)
        }
    }

    /// A fault that a user can cause always says why, and every word of ours says who speaks.
    func testEveryFaultHasOneWarning() throws {
        let host = try RuleProbe.pod(#""hostNetwork":true,"# + container)
        let windows = try RuleProbe.pod(#""os":{"name":"windows"},"# + container)
        let many = Array(repeating: #"{"name":"a"}"#, count: 1001).joined(separator: ",")
        let displaced =
            #"{"name":"a","volumeMounts":[{"name":"x","mountPath":"/var/run/secrets/aws/token"}]}"#
        let cases: [(InjectionDecision.Reason, RuleProbe, JSONValue)] = [
            (
                .invalidAnnotation, RuleProbe().with { $0.annotations["amazonaws.com/role-arn"] = "x" },
                try RuleProbe.pod()
            ),
            (
                .audienceRefused, RuleProbe.cluster(["amazonaws.com/audience": "kubernetes"]),
                try RuleProbe.pod()
            ),
            (.imageUnset, RuleProbe().with { $0.configuration.image = nil }, try RuleProbe.pod()),
            (.hostNetwork, RuleProbe(), host), (.windows, RuleProbe(), windows),
            (
                .googleServiceAccountMissing, RuleProbe().with { $0.annotations[Self.accountKey] = nil },
                try RuleProbe.pod()
            ),
            (.collision, RuleProbe(), try RuleProbe.pod(#""containers":[\#(displaced)]"#)),
            (.tooManyContainers, RuleProbe(), try RuleProbe.pod(#""containers":[\#(many)]"#)),
        ]
        XCTAssertEqual(
            Set(cases.map(\.0)),
            Set(InjectionDecision.Reason.allCases.filter(\.isFault)),
            "a fault without a case"
        )
        for (reason, probe, pod) in cases {
            let outcome = probe.decide(pod)
            XCTAssertEqual(outcome.decision, .notInjected(reason))
            XCTAssertEqual(outcome.warnings.count, 1, reason.rawValue)
            XCTAssertTrue(
                outcome.warnings[0].hasPrefix("gtoken: no AWS role for this Pod: "),
                outcome.warnings[0]
            )
            XCTAssertEqual(outcome.patch, JSONPatch())
        }
    }
}
