import GTokenCore
import XCTest

/// Pods as the API server sends them before it has validated them, and Pods made to do harm.
final class UnusualPodTests: XCTestCase {
    private let mount = #""volumeMounts":[{"name":"gtoken-volume","mountPath":"/var/run/secrets/aws/token"}]"#

    private let probe = RuleProbe().with { $0.annotations["amazonaws.com/region"] = "eu-west-1" }

    private func json(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }

    /// The first container's variables.
    private func environment(_ pod: JSONValue) throws -> [String: String] {
        try XCTUnwrap(pod.list("spec", "containers").first).variables
    }

    func testThePatchAppliesWhateverTheMetadata() throws {
        let spec = #""spec":{"containers":[{"name":"a"}]}"#
        for metadata in ["", #""metadata":null,"#, #""metadata":{},"#, #""metadata":{"annotations":null},"#] {
            let pod = try json("{\(metadata)\(spec)}")
            let result = try probe.patched(pod)
            XCTAssertEqual(
                result["metadata"]?["annotations"]?["admission.gtoken/status"]?.string(),
                "injected by 1",
                metadata
            )
        }
    }

    func testFieldsOfAnotherTypeAreLeftToTheAPIServer() throws {
        for metadata in [#""a""#, "[]", "1"] {
            let pod = try json(#"{"metadata":\#(metadata),"spec":{"containers":[{"name":"a"}]}}"#)
            XCTAssertEqual(probe.decide(pod), .left(.malformedPod), metadata)
        }
        for spec in [#""a""#, "[]", "1"] {
            XCTAssertEqual(
                probe.decide(try json(#"{"metadata":{},"spec":\#(spec)}"#)),
                .left(.malformedPod),
                spec
            )
        }
    }

    /// An API server never sends one; the patch would change the one and another reader believe the other.
    func testAFieldThatStandsTwiceIsLeftToTheAPIServer() throws {
        let spec = #""containers":[{"name":"a"}]"#
        let pods = [
            #"{"metadata":{},"metadata":{},"spec":{\#(spec)}}"#,
            #"{"spec":{\#(spec)},"sp\u0065c":{\#(spec)}}"#,
            #"{"metadata":{"annotations":{},"annotations":{}},"spec":{\#(spec)}}"#,
            #"{"metadata":{"labels":null,"labels":{}},"spec":{\#(spec)}}"#,
        ]
        for text in pods { XCTAssertEqual(probe.decide(try json(text)), .left(.malformedPod), text) }
        for name in ["containers", "initContainers", "volumes"] {
            let text = #""containers":[{"name":"a"}],"\#(name)":[],"\#(name)":[]"#
            XCTAssertEqual(probe.decide(try RuleProbe.pod(text)), .left(.malformedPod), text)
        }
        for name in ["hostNetwork", "restartPolicy", "os", "nodeSelector"] {
            let text = #"\#(spec),"\#(name)":null,"\#(name)":null"#
            XCTAssertEqual(probe.decide(try RuleProbe.pod(text)), .left(.malformedPod), text)
        }
        for name in ["name", "env", "envFrom", "volumeMounts", "command", "restartPolicy"] {
            let text = #""containers":[{"\#(name)":null,"\#(name)":null}]"#
            XCTAssertEqual(probe.decide(try RuleProbe.pod(text)), .left(.malformedPod), text)
        }
    }

    func testNoContainerNameIsEverGivenTwice() throws {
        let sidecar = #"{"name":"update-gcp-id-token","command":["/gtoken"],\#(mount)}"#
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"},\#(sidecar)]"#)
        for isNative in [true, false] {
            let spec = try XCTUnwrap(
                probe.with { $0.cluster.supportsNativeSidecars = isNative }.patched(pod)["spec"]
            )
            var names: [String] = []
            for list in ["containers", "initContainers"] {
                names += spec[list]?.elements.compactMap { $0["name"]?.string() } ?? []
            }
            XCTAssertEqual(
                names.sorted(),
                ["a", "generate-gcp-id-token", "update-gcp-id-token"],
                "native: \(isNative)"
            )
        }
    }

    func testTheInitContainersNameIsTakenForOursAmongInitContainersOnly() throws {
        let first = #"{"name":"generate-gcp-id-token","command":["/gtoken"],\#(mount)}"#
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"},\#(first)]"#)
        XCTAssertEqual(probe.decide(pod).decision, .notInjected(.collision))
    }

    func testARegionOfTheUsersIsNotOverriddenByItsOtherVariable() throws {
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let pod = try RuleProbe.pod(
                #""containers":[{"name":"a","env":[{"name":"\#(name)","value":"us-east-1"}]}]"#
            )
            let variables = try environment(probe.patched(pod))
            XCTAssertEqual(variables.filter { $0.key.hasSuffix("REGION") }, [name: "us-east-1"])
        }
    }

    func testAnAudienceThatGtokenWouldRefuseIsRefusedAtAdmission() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}]"#)
        for audience in ["with space", "line\nfeed", "é", "\u{7F}"] {
            let outcome = probe.with { $0.annotations["amazonaws.com/audience"] = audience }.decide(pod)
            XCTAssertEqual(outcome.decision, .notInjected(.invalidAnnotation), audience)
        }
    }

    /// Kubernetes puts the value of VAR for `$(VAR)`, and `$` for `$$`, in `command`, `args` and `env`.
    func testDollarsReachTheContainerAsTheyAre() throws {
        let pod = try RuleProbe.pod(#""containers":[{"name":"a"}]"#)
        let probe = self.probe.with {
            $0.annotations["amazonaws.com/audience"] = "a$(B)$$c"
            $0.annotations["amazonaws.com/role-arn"] = "arn:aws:iam::123456789012:role/$(P)/app"
            $0.configuration.tokenFile = "t$(X)"
        }
        let result = try probe.patched(pod)
        let path = "/var/run/secrets/aws/token/t$$(X)"
        let container = try XCTUnwrap(result["spec"]?["initContainers"]?.elements.first { _ in true })
        XCTAssertEqual(
            container["args"]?.elements.compactMap { $0.string() },
            ["--file=\(path)", "--refresh=true", "--audience=a$$(B)$$$$c"]
        )
        let startup = container["startupProbe"]?["exec"]?["command"]?.elements.compactMap { $0.string() }
        XCTAssertEqual(startup, ["/gtoken", "check", "--file=\(path)"])
        XCTAssertEqual(try environment(result)["AWS_ROLE_ARN"], "arn:aws:iam::123456789012:role/$$(P)/app")
        XCTAssertEqual(try environment(result)["AWS_WEB_IDENTITY_TOKEN_FILE"], path)
        XCTAssertEqual(probe.decide(result).decision, .alreadyInjected)
    }

    func testMoreContainersThanCanBeStoredAreNotMultiplied() throws {
        let container = #"{"name":"a","envFrom":[{}]}"#
        func pod(_ count: Int) throws -> JSONValue {
            try RuleProbe.pod(
                #""containers":[\#(Array(repeating: container, count: count).joined(separator: ","))]"#
            )
        }
        let most = probe.decide(try pod(1000))
        XCTAssertEqual(most.decision, .injected)
        XCTAssertLessThanOrEqual(most.warnings.count, 17)
        let outcome = probe.decide(try pod(1001))
        XCTAssertEqual(outcome.decision, .notInjected(.tooManyContainers))
        XCTAssertEqual(outcome.patch, JSONPatch())
    }

    func testALongContainerNameIsCutInWarningsAndRefusals() throws {
        let name = String(repeating: "n", count: 1 << 20)
        let warned = probe.decide(try RuleProbe.pod(#""containers":[{"name":"\#(name)","envFrom":[{}]}]"#))
        XCTAssertLessThanOrEqual(warned.warnings[0].utf8.count, 256)
        let foreign = #""volumeMounts":[{"name":"x","mountPath":"/var/run/secrets/aws/token"}]"#
        let collision = probe.decide(try RuleProbe.pod(#""containers":[{"name":"\#(name)",\#(foreign)}]"#))
        XCTAssertEqual(collision.decision, .notInjected(.collision))
        XCTAssertLessThanOrEqual(collision.response(onInvalid: .deny).message.utf8.count, 256)
    }
}
