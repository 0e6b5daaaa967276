import GTokenCore
import XCTest

/// What a Pod's own annotations and label do.
final class PodSettingsTests: XCTestCase {
    private let skip = "admission.gtoken/skip-containers"

    // MARK: Opting out

    func testTheLabelOptsOutByItsValue() throws {
        let cases: [(String, InjectionDecision, warns: Bool)] = [
            (#""true""#, .notInjected(.optedOut), false), (#""false""#, .injected, false),
            (#""""#, .injected, true), (#""True""#, .injected, true), (#""yes""#, .injected, true),
            ("true", .injected, true), ("null", .injected, true),
        ]
        for (value, decision, warns) in cases {
            let pod = try RuleProbe.pod(
                metadata: #""labels":{"app":"a","admission.gtoken/ignore":\#(value)}"#
            )
            let outcome = RuleProbe().decide(pod)
            XCTAssertEqual(outcome.decision, decision, value)
            XCTAssertEqual(
                outcome.warnings,
                warns ? [#"gtoken: label admission.gtoken/ignore: expected "true" or "false""#] : [],
                value
            )
            let denial = outcome.response(onInvalid: .deny)
            XCTAssertTrue(denial.isAllowed, "\(value): an opt-out is no fault")
        }
    }

    func testAnOptOutCountsWhateverElseIsWrong() throws {
        let pod = try RuleProbe.pod(
            #""hostNetwork":true,"containers":null"#,
            metadata: #""labels":{"admission.gtoken/ignore":"true"}"#
        )
        XCTAssertEqual(InjectionRules.exemption(of: pod), .optedOut)
        let probe = RuleProbe().with { $0.annotations["amazonaws.com/role-arn"] = "nonsense" }
        XCTAssertEqual(probe.decide(pod), .left(.optedOut))
    }

    func testAnIgnoreAnnotationIsNotTheLabelAndIsSaidToMeanNothing() throws {
        let outcome = RuleProbe().decide(try RuleProbe.pod(annotations: ["admission.gtoken/ignore": "true"]))
        XCTAssertEqual(outcome.decision, .injected)
        XCTAssertEqual(
            outcome.warnings,
            ["gtoken: Pod annotation admission.gtoken/ignore means nothing"]
        )
    }

    func testAMirrorPodIsLeftAsItIs() throws {
        let pod = try RuleProbe.pod(annotations: ["kubernetes.io/config.mirror": "4f5e"])
        XCTAssertEqual(InjectionRules.exemption(of: pod), .mirrorPod)
        XCTAssertEqual(RuleProbe().decide(pod), .left(.mirrorPod))
        XCTAssertNil(InjectionRules.exemption(of: try RuleProbe.pod()))
    }

    // MARK: Containers that are left out

    func testSkippedContainersGetNeitherTokenNorEnvironment() throws {
        let spec = """
            "containers":[{"name":"a"},{"name":"mesh"},{"name":"b"}],"initContainers":[{"name":"mesh-init"},{"name":"i"}]
            """
        for (list, expected) in [
            ("mesh,mesh-init", ["a", "b", "i"]), (" mesh , mesh-init ,", ["a", "b", "i"]),
            ("mesh mesh-init", ["a", "b", "i"]),
            ("a,b,mesh-init,mesh", ["i"]), ("", ["a", "mesh", "b", "mesh-init", "i"]),
            ("mesh,mesh-init,mesh", ["a", "b", "i"]),
        ] {
            for probe in [RuleProbe(), RuleProbe.cluster()] {
                let pod = try RuleProbe.pod(annotations: [skip: list], spec: spec)
                let outcome = probe.decide(pod)
                XCTAssertEqual(outcome.decision, .injected, list)
                XCTAssertEqual(outcome.warnings, [], list)
                let patched = try probe.patched(pod)
                let equipped = (patched.list("spec", "containers") + patched.list("spec", "initContainers"))
                    .filter { $0["env"] != nil }
                XCTAssertEqual(equipped.compactMap { $0["name"]?.string() }, expected, list)
                XCTAssertTrue(equipped.allSatisfy { $0["volumeMounts"] != nil }, list)
                XCTAssertEqual(probe.decide(patched).decision, .alreadyInjected, list)
            }
        }
    }

    func testASkippedContainersCollisionsAndKeysAreItsOwn() throws {
        let spec = """
            "containers":[{"name":"a"},{"name":"b","envFrom":[{}],"env":[{"name":"AWS_ACCESS_KEY_ID","value":"x"}],
            "volumeMounts":[{"name":"other","mountPath":"/var/run/secrets/aws/token"}]}]
            """
        let outcome = RuleProbe().decide(try RuleProbe.pod(annotations: [skip: "b"], spec: spec))
        XCTAssertEqual(outcome.decision, .injected)
        XCTAssertEqual(outcome.warnings, [])
        XCTAssertEqual(RuleProbe().decide(try RuleProbe.pod(spec)).decision, .notInjected(.collision))
    }

    func testWhereEveryContainerIsSkippedNothingIsAdded() throws {
        for probe in [RuleProbe(), RuleProbe.cluster()] {
            let outcome = probe.decide(try RuleProbe.pod(annotations: [skip: "a"]))
            XCTAssertEqual(outcome, .left(.allContainersSkipped))
            XCTAssertTrue(outcome.response(onInvalid: .deny).isAllowed)
        }
    }

    func testANameThatNoContainerHasIsSaid() throws {
        let long = String(repeating: "x", count: 5000)
        let outcome = RuleProbe().decide(try RuleProbe.pod(annotations: [skip: "meshh,\(long)"]))
        XCTAssertEqual(outcome.decision, .injected)
        XCTAssertEqual(outcome.warnings[0], #"gtoken: skip-containers: there is no container "meshh""#)
        XCTAssertEqual(outcome.warnings.count, 2)
        XCTAssertLessThanOrEqual(outcome.warnings[1].utf8.count, 256)
    }

    // MARK: The form

    func testAPodChoosesItsForm() throws {
        let once = "the AWS role works for one hour in this Pod: it asks for init-only"
        let unrenewed =
            "the AWS role works for one hour in this Pod: only a native sidecar could renew its token and end with it"
        let (first, sidecar) = ("generate-gcp-id-token", "update-gcp-id-token")
        let cases:
            [(String?, String, InjectionConfiguration.SidecarForm, isNew: Bool, [String], [String], String?)] =
                [
                    (nil, "Always", .auto, true, [sidecar], ["a"], nil),
                    (nil, "Always", .auto, false, [first], ["a", sidecar], nil),
                    (nil, "Never", .auto, true, [sidecar], ["a"], nil),
                    (nil, "Never", .auto, false, [first], ["a"], unrenewed),
                    (nil, "OnFailure", .container, true, [first], ["a"], unrenewed),
                    (nil, "Always", .container, true, [first], ["a", sidecar], nil),
                    (nil, "Never", .native, false, [sidecar], ["a"], nil),
                    ("native", "Always", .container, false, [sidecar], ["a"], nil),
                    ("native", "Never", .auto, false, [sidecar], ["a"], nil),
                    ("container", "Always", .native, true, [first], ["a", sidecar], nil),
                    ("container", "Never", .native, true, [first], ["a"], unrenewed),
                    ("init-only", "Always", .auto, true, [first], ["a"], once),
                    ("init-only", "Never", .native, true, [first], ["a"], once),
                ]
        for (chosen, restartPolicy, standard, isNew, inits, containers, warning) in cases {
            let name = "\(chosen ?? "-") \(restartPolicy) \(standard) \(isNew)"
            let probe = RuleProbe().with {
                $0.configuration.sidecar = standard
                $0.cluster.supportsNativeSidecars = isNew
            }
            let pod = try RuleProbe.pod(
                annotations: chosen.map { ["admission.gtoken/sidecar": $0] } ?? [:],
                spec: #""restartPolicy":"\#(restartPolicy)","containers":[{"name":"a"}]"#
            )
            XCTAssertEqual(probe.decide(pod).warnings, warning.map { ["gtoken: \($0)"] } ?? [], name)
            let patched = try probe.patched(pod)
            XCTAssertEqual(patched.names("spec", "initContainers"), inits, name)
            XCTAssertEqual(patched.names("spec", "containers"), containers, name)
            XCTAssertEqual(probe.decide(patched).decision, .alreadyInjected, name)
        }
    }

    // MARK: Resources

    func testAPodMayAskForResourcesWithinTheOperatorsBounds() throws {
        let cpu = "expected a quantity from 10m to 500m"
        let cases: [(String, String, String?)] = [
            ("cpu", "100m", nil), ("cpu", "10m", nil), ("cpu", "0.5", nil), ("cpu", "9m", cpu),
            ("cpu", "501m", cpu), ("cpu", "64", cpu), ("cpu", "-1", cpu), ("cpu", "", cpu),
            ("cpu", "1e999", cpu),
            ("memory", "64Mi", nil), ("memory", "1Ti", "expected a quantity from 16Mi to 256Mi"),
            ("memory", "NaN", "expected a quantity from 16Mi to 256Mi"),
        ]
        let standard = ["cpu": "50m", "memory": "32Mi"]
        for (name, value, problem) in cases {
            let key = "admission.gtoken/\(name)"
            let pod = try RuleProbe.pod(annotations: [key: value])
            XCTAssertEqual(
                RuleProbe().decide(pod).warnings,
                problem.map { ["gtoken: Pod annotation \(key): \($0)"] } ?? [],
                value
            )
            let container = try XCTUnwrap(RuleProbe().patched(pod).list("spec", "initContainers").first)
            for kind in ["requests", "limits"] {
                var expected = standard
                if problem == nil { expected[name] = value }
                let members = container["resources"]?[kind]?.members.map {
                    ($0.name, $0.value.string() ?? "")
                }
                XCTAssertEqual(Dictionary(uniqueKeysWithValues: members ?? []), expected, "\(name) \(value)")
            }
        }
    }

    // MARK: What means nothing

    func testUnknownValuesAndNamesOfOursAreSaidAndLeftAside() throws {
        let cases = [
            ("sidecar", "sidecar", #": expected "native" or "container" or "init-only""#),
            ("sidecar", "", #": expected "native" or "container" or "init-only""#),
            ("skip-container", "a", " means nothing"), ("image", "evil.example/gtoken", " means nothing"),
            ("", "x", " means nothing"),
        ]
        let plain = try RuleProbe().patched(RuleProbe.pod())
        for (name, value, problem) in cases {
            let pod = try RuleProbe.pod(annotations: ["admission.gtoken/\(name)": value])
            let outcome = RuleProbe().decide(pod)
            XCTAssertEqual(outcome.warnings, ["gtoken: Pod annotation admission.gtoken/\(name)\(problem)"])
            let spec = try RuleProbe().patched(pod)["spec"]
            XCTAssertTrue(try XCTUnwrap(spec).isEqual(to: XCTUnwrap(plain["spec"])), name)
        }
    }

    /// An API server drops a warning with a control character.
    func testAWarningHasNoControlCharacters() throws {
        let pod = try RuleProbe.pod(annotations: ["admission.gtoken/skip-containers": "b\nc\u{85}"])
        XCTAssertEqual(
            RuleProbe().decide(pod).warnings,
            ["gtoken: skip-containers: there is no container \"b\u{FFFD}c\u{FFFD}\""]
        )
    }

    func testNothingIsDecidedFromTheStatusOrFromOthersAnnotations() throws {
        for annotations in [
            ["admission.gtoken/status": "injected by 0.1"], ["admission.gtoken.example/sidecar": "x"],
            ["sidecar": "init-only"],
        ] {
            let outcome = RuleProbe().decide(try RuleProbe.pod(annotations: annotations))
            XCTAssertEqual(outcome.decision, .injected)
            XCTAssertEqual(outcome.warnings, [])
        }
    }

    func testAnAnnotationThatNoPodCouldHaveIsNotRead() throws {
        let list = "a," + String(repeating: "x,", count: 200_000)
        let outcome = RuleProbe().decide(try RuleProbe.pod(annotations: [skip: list]))
        XCTAssertEqual(outcome.decision, .injected, "the API server refuses more than 256 KiB of annotations")
        XCTAssertEqual(outcome.warnings, [])
    }
}
