import GTokenCore
import XCTest

final class InjectionRulesTests: XCTestCase {
    func testAContainerThatCameBetweenTwoCallsGetsItsShare() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}]"#)
        let first = try RuleProbe().patched(pod)
        let added = JSONPatch([
            .add(JSONPointer(["spec", "containers", "0"]), value: Array(#"{"name":"mesh"}"#.utf8)),
            .add(JSONPointer(["spec", "initContainers", "0"]), value: Array(#"{"name":"mesh-init"}"#.utf8)),
        ])
        let between = try JSONDocument(added.applied(to: JSONDocument(Array(first.rawBytes)))).root
        let second = RuleProbe().decide(between)
        XCTAssertEqual(second.decision, .injected)
        XCTAssertEqual(
            second.patch.operations.map(\.path.description),
            [
                "/spec/containers/0/volumeMounts", "/spec/containers/0/env",
                "/spec/initContainers/0/volumeMounts",
                "/spec/initContainers/0/env",
            ]
        )
    }

    func testARestartPolicyThatWasStrippedIsPutBack() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}]"#)
        let first = try RuleProbe().patched(pod)
        let path = JSONPointer(["spec", "initContainers", "0", "restartPolicy"])
        let stripped = try JSONDocument(
            JSONPatch([.remove(path)]).applied(to: JSONDocument(Array(first.rawBytes)))
        ).root
        let second = RuleProbe().decide(stripped)
        XCTAssertEqual(second.patch.operations, [.add(path, value: Array(#""Always""#.utf8))])
    }

    func testTheGoProjectsContainersAreTakenForOurs() throws {
        let mount = #""volumeMounts":[{"name":"gtoken-volume","mountPath":"/var/run/secrets/aws/token"}]"#
        let pod = try RuleProbe.pod(
            """
            "volumes":[{"name":"gtoken-volume","emptyDir":{"medium":"Memory"}}],
            "initContainers":[{"name":"generate-gcp-id-token","command":["/gtoken","--refresh=false"],\(mount)}],
            "containers":[{"name":"a",\(mount),"env":[{"name":"AWS_WEB_IDENTITY_TOKEN_FILE",
            "value":"/var/run/secrets/aws/token/gtoken"},{"name":"AWS_ROLE_ARN","value":"x"},
            {"name":"AWS_ROLE_SESSION_NAME","value":"y"}]},
            {"name":"update-gcp-id-token","command":["/gtoken","--refresh=true"],\(mount)}]
            """
        )
        for form in InjectionConfiguration.SidecarForm.allCases {
            let outcome = RuleProbe().with { $0.configuration.sidecar = form }.decide(pod)
            XCTAssertEqual(outcome.decision, .alreadyInjected, form.rawValue)
        }
    }

    func testFaultsAreDeniedWhereTheOperatorSaysSo() throws {
        let pod = try RuleProbe.pod(#""hostNetwork":true,"containers":[{"name":"a"}]"#)
        let outcome = RuleProbe().decide(pod)
        XCTAssertEqual(outcome.decision, .notInjected(.hostNetwork))
        XCTAssertTrue(outcome.response(onInvalid: .allow).isAllowed)
        XCTAssertEqual(outcome.response(onInvalid: .allow).warnings, outcome.warnings)
        let denial = outcome.response(onInvalid: .deny)
        XCTAssertFalse(denial.isAllowed)
        XCTAssertEqual(denial.message, outcome.warnings.joined())
        let notAsked = RuleProbe().with { $0.annotations = [:] }.decide(pod)
        XCTAssertTrue(notAsked.response(onInvalid: .deny).isAllowed)
    }

    func testInvalidAnnotationsNameTheKeyAndWhatWasExpected() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}]"#)
        let cases = [
            ("amazonaws.com/role-arn", "role/app"), ("amazonaws.com/identity", "azure"),
            ("amazonaws.com/audience", ""), ("amazonaws.com/region", "Frankfurt"),
            ("amazonaws.com/session-name", "x"), ("amazonaws.com/session-name", "with space"),
            ("amazonaws.com/sts-regional-endpoints", "yes"),
            ("iam.gke.io/gcp-service-account", "app@example.com"),
        ]
        for (key, value) in cases {
            let probe = RuleProbe().with { $0.annotations[key] = value }
            let outcome = probe.decide(pod)
            XCTAssertEqual(outcome.decision, .notInjected(.invalidAnnotation), "\(key)=\(value)")
            XCTAssertTrue(outcome.warnings[0].contains("\(key): expected "), outcome.warnings[0])
            XCTAssertLessThanOrEqual(outcome.warnings[0].utf8.count, 256)
        }
    }

    func testTheOperatorsSettingsReachThePod() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}]"#)
        let probe = RuleProbe().with {
            $0.configuration.volumeName = "v"
            $0.configuration.volumePath = "/token"
            $0.configuration.tokenFile = "f"
            $0.configuration.resources = ContainerResources(cpu: .milli(7), memory: .mebi(9))
            $0.configuration.imagePullPolicy = "Always"
            $0.configuration.annotationPrefix = "example.com/"
            $0.configuration.defaultRegion = try? AWSRegion(parsing: "eu-west-1")
            $0.annotations["example.com/role-arn"] = $0.annotations.removeValue(
                forKey: "amazonaws.com/role-arn"
            )
        }
        let spec = try XCTUnwrap(probe.patched(pod)["spec"])
        let container = try XCTUnwrap(spec["initContainers"]?.elements.first { _ in true })
        XCTAssertEqual(container["imagePullPolicy"]?.string(), "Always")
        XCTAssertEqual(container["args"]?.elements.first { _ in true }?.string(), "--file=/token/f")
        XCTAssertEqual(container["resources"]?["limits"]?["cpu"]?.string(), "7m")
        XCTAssertEqual(container["resources"]?["limits"]?["memory"]?.string(), "9Mi")
        XCTAssertEqual(spec["volumes"]?.elements.map { $0["name"]?.string() }, ["v"])
        let application = try XCTUnwrap(spec["containers"]?.elements.first { _ in true })
        let values = application["env"]?.elements.compactMap { $0["value"]?.string() } ?? []
        XCTAssertTrue(values.contains("/token/f"))
        XCTAssertEqual(values.filter { $0 == "eu-west-1" }.count, 2)
    }

    func testServerVersionsDecideAboutNativeSidecars() {
        let cases = [
            ("1", "31", false), ("1", "32", true), ("1", "33+", true), ("2", "0", true), ("", "", false),
        ]
        for (major, minor, expected) in cases {
            XCTAssertEqual(
                ClusterFacts(serverMajor: major, serverMinor: minor).supportsNativeSidecars,
                expected,
                minor
            )
        }
    }

    func testAPodWithoutAServiceAccountNameRunsAsDefault() throws {
        for spec in [#""containers":[]"#, #""serviceAccountName":"""#, #""serviceAccountName":null"#] {
            XCTAssertEqual(try InjectionRules.serviceAccountName(of: RuleProbe.pod(spec)), "default")
        }
        XCTAssertEqual(
            try InjectionRules.serviceAccountName(of: RuleProbe.pod(#""serviceAccountName":"x""#)),
            "x"
        )
        let twice = try RuleProbe.pod(#""serviceAccountName":"x","service\u0041ccountName":"y""#)
        XCTAssertThrowsError(try InjectionRules.serviceAccountName(of: twice)) {
            XCTAssertEqual($0 as? JSONError, .duplicateMember("serviceAccountName"))
        }
    }
}
