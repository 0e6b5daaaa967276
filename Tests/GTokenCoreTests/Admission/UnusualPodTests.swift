import GTokenCore
import XCTest

/// Pods as the API server sends them before it has validated them, and Pods made to do harm.
final class UnusualPodTests: XCTestCase {
    private let annotations = [
        "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app",
        "amazonaws.com/region": "eu-west-1",
        "iam.gke.io/gcp-service-account": "app@project-id.iam.gserviceaccount.com",
    ]
    private let mount = #""volumeMounts":[{"name":"gtoken-volume","mountPath":"/var/run/secrets/aws/token"}]"#

    private func decide(
        _ pod: JSONValue,
        isNative: Bool = true,
        _ more: [String: String] = [:],
        _ change: (inout InjectionConfiguration) -> Void = { _ in }
    ) -> InjectionOutcome {
        var configuration = InjectionConfiguration(image: "image", version: "1")
        change(&configuration)
        let cluster = ClusterFacts(supportsNativeSidecars: isNative)
        return InjectionRules(configuration: configuration, cluster: cluster)
            .decide(pod: pod, annotations: annotations.merging(more) { $1 })
    }

    private func json(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }

    private func pod(_ spec: String) throws -> JSONValue {
        try json(#"{"metadata":{"name":"pod-1"},"spec":{\#(spec)}}"#)
    }

    private func patched(_ pod: JSONValue, _ outcome: InjectionOutcome) throws -> JSONValue {
        try JSONDocument(outcome.patch.applied(to: JSONDocument(Array(pod.rawBytes)))).root
    }

    /// The first container's variables.
    private func environment(_ pod: JSONValue) -> [String: String] {
        let path = JSONPointer(["spec", "containers", "0", "env"])
        var values: [String: String] = [:]
        for entry in pod.value(at: path)?.elements.map({ $0 }) ?? [] {
            values[entry["name"]?.string() ?? ""] = entry["value"]?.string() ?? ""
        }
        return values
    }

    func testThePatchAppliesWhateverTheMetadata() throws {
        let spec = #""spec":{"containers":[{"name":"a"}]}"#
        for metadata in ["", #""metadata":null,"#, #""metadata":{},"#, #""metadata":{"annotations":null},"#] {
            let pod = try json("{\(metadata)\(spec)}")
            let result = try patched(pod, decide(pod))
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
            XCTAssertEqual(decide(pod), .left(.malformedPod), metadata)
        }
        for spec in [#""a""#, "[]", "1"] {
            XCTAssertEqual(decide(try json(#"{"metadata":{},"spec":\#(spec)}"#)), .left(.malformedPod), spec)
        }
    }

    func testNoContainerNameIsEverGivenTwice() throws {
        let sidecar = #"{"name":"update-gcp-id-token","command":["/gtoken"],\#(mount)}"#
        let pod = try pod(#""containers":[{"name":"a"},\#(sidecar)]"#)
        for isNative in [true, false] {
            let spec = try XCTUnwrap(patched(pod, decide(pod, isNative: isNative))["spec"])
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
        let pod = try pod(#""containers":[{"name":"a"},\#(first)]"#)
        XCTAssertEqual(decide(pod).decision, .notInjected(.collision))
    }

    func testARegionOfTheUsersIsNotOverriddenByItsOtherVariable() throws {
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let pod = try pod(#""containers":[{"name":"a","env":[{"name":"\#(name)","value":"us-east-1"}]}]"#)
            let variables = environment(try patched(pod, decide(pod)))
            XCTAssertEqual(variables.filter { $0.key.hasSuffix("REGION") }, [name: "us-east-1"])
        }
    }

    func testAnAudienceThatGtokenWouldRefuseIsRefusedAtAdmission() throws {
        let pod = try pod(#""containers":[{"name":"a"}]"#)
        for audience in ["with space", "line\nfeed", "é", "\u{7F}"] {
            let outcome = decide(pod, ["amazonaws.com/audience": audience])
            XCTAssertEqual(outcome.decision, .notInjected(.invalidAnnotation), audience)
        }
    }

    /// Kubernetes puts the value of VAR for `$(VAR)`, and `$` for `$$`, in `command`, `args` and `env`.
    func testDollarsReachTheContainerAsTheyAre() throws {
        let pod = try pod(#""containers":[{"name":"a"}]"#)
        let more = [
            "amazonaws.com/audience": "a$(B)$$c",
            "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/$(P)/app",
        ]
        let outcome = decide(pod, more) { $0.tokenFile = "t$(X)" }
        let result = try patched(pod, outcome)
        let path = "/var/run/secrets/aws/token/t$$(X)"
        let container = try XCTUnwrap(result["spec"]?["initContainers"]?.elements.first { _ in true })
        XCTAssertEqual(
            container["args"]?.elements.compactMap { $0.string() },
            ["--file=\(path)", "--refresh=true", "--audience=a$$(B)$$$$c"]
        )
        let probe = container["startupProbe"]?["exec"]?["command"]?.elements.compactMap { $0.string() }
        XCTAssertEqual(probe, ["/gtoken", "check", "--file=\(path)"])
        XCTAssertEqual(environment(result)["AWS_ROLE_ARN"], "arn:aws:iam::123456789012:role/$$(P)/app")
        XCTAssertEqual(environment(result)["AWS_WEB_IDENTITY_TOKEN_FILE"], path)
        XCTAssertEqual(decide(result, more) { $0.tokenFile = "t$(X)" }.decision, .alreadyInjected)
    }

    func testMoreContainersThanCanBeStoredAreNotMultiplied() throws {
        let container = #"{"name":"a","envFrom":[{}]}"#
        func pod(_ count: Int) throws -> JSONValue {
            try self.pod(
                #""containers":[\#(Array(repeating: container, count: count).joined(separator: ","))]"#
            )
        }
        let most = decide(try pod(1000))
        XCTAssertEqual(most.decision, .injected)
        XCTAssertLessThanOrEqual(most.warnings.count, 17)
        let outcome = decide(try pod(1001))
        XCTAssertEqual(outcome.decision, .notInjected(.tooManyContainers))
        XCTAssertEqual(outcome.patch, JSONPatch())
    }

    func testALongContainerNameIsCutInWarningsAndRefusals() throws {
        let name = String(repeating: "n", count: 1 << 20)
        let warned = decide(try pod(#""containers":[{"name":"\#(name)","envFrom":[{}]}]"#))
        XCTAssertLessThanOrEqual(warned.warnings[0].utf8.count, 256)
        let foreign = #""volumeMounts":[{"name":"x","mountPath":"/var/run/secrets/aws/token"}]"#
        let collision = decide(try pod(#""containers":[{"name":"\#(name)",\#(foreign)}]"#))
        XCTAssertEqual(collision.decision, .notInjected(.collision))
        XCTAssertLessThanOrEqual(collision.response(onInvalid: .deny).message.utf8.count, 256)
    }
}
