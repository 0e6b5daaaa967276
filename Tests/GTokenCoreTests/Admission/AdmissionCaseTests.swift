import Foundation
import GTokenCore
import TestSupport
import XCTest

/// Every case of `Fixtures/cases`; `GTOKEN_UPDATE_CASES=1` writes what is expected anew, to be read as a diff.
final class AdmissionCaseTests: XCTestCase {
    func testEachCaseHasTheExpectedOutcome() throws {
        for test in try AdmissionCase.all() {
            let outcome = try test.outcome()
            let object = try test.patchedObject(outcome)
            if ProcessInfo.processInfo.environment["GTOKEN_UPDATE_CASES"] == "1" {
                try update(test, outcome, object)
                continue
            }
            let expected = try XCTUnwrap(test.expected("outcome.json"), "\(test.name) has no outcome.json")
            XCTAssertEqual(expected["decision"]?.string(), outcome.decision.name, test.name)
            XCTAssertEqual(expected["reason"]?.string(), outcome.decision.reason, test.name)
            XCTAssertEqual(expected["warnings"]?.elements.map { $0.string() }, outcome.warnings, test.name)
            let patch = try XCTUnwrap(test.expected("patch.json"), test.name)
            XCTAssertTrue(
                try patch.isEqual(to: JSONDocument(outcome.patch.encoded).root),
                "\(test.name): patch"
            )
            let pod = try XCTUnwrap(test.expected("expected.json"), test.name)
            XCTAssertTrue(try pod.isEqual(to: JSONDocument(object).root), "\(test.name): object")
        }
    }

    func testASecondCallAddsNothing() throws {
        for test in try AdmissionCase.all() {
            let first = try test.outcome()
            guard first.decision == .injected else { continue }
            let second = try test.outcome(object: test.patchedObject(first))
            XCTAssertEqual(second.decision, .alreadyInjected, test.name)
            XCTAssertEqual(second.patch, JSONPatch(), test.name)
            XCTAssertEqual(second.warnings, first.warnings, test.name)
        }
    }

    func testPatchesOnlyAddAndReplaceNothing() throws {
        for test in try AdmissionCase.all() {
            let review = try AdmissionReview(parsing: JSONDocument(test.reviewBytes))
            for operation in try test.outcome().patch.operations {
                guard case .add(let path, _) = operation else {
                    XCTFail("\(test.name): \(operation.name) \(operation.path)")
                    continue
                }
                let parent = JSONPointer(path.tokens.dropLast())
                guard review.object?.value(at: parent)?.isArray != true else { continue }
                let existing = review.object?.value(at: path)
                XCTAssertTrue(existing == nil || existing?.isNull == true, "\(test.name): \(path)")
            }
        }
    }

    func testEverythingOutsideThePatchStaysByteForByte() throws {
        for test in try AdmissionCase.all() {
            let review = try AdmissionReview(parsing: JSONDocument(test.reviewBytes))
            guard let original = review.object else { continue }
            let outcome = try test.outcome()
            let object = try JSONDocument(test.patchedObject(outcome)).root
            let touched = outcome.patch.operations.map(\.path.tokens)
            assertSameBytes(original, object, at: [], touched: touched, test.name)
        }
    }

    /// Every value that no operation adds to is found in the result with the same bytes.
    private func assertSameBytes(
        _ original: JSONValue,
        _ result: JSONValue,
        at path: [String],
        touched: [[String]],
        _ name: String
    ) {
        guard touched.contains(where: { $0.starts(with: path) }), !original.isNull else {
            if !touched.contains(path) {
                XCTAssertEqual(Array(original.rawBytes), Array(result.rawBytes), "\(name): \(path)")
            }
            return
        }
        if original.isArray {
            // Our init container comes first and moves the others up by one.
            let shift = touched.contains(path + ["0"]) ? 1 : 0
            let results = Array(result.elements.dropFirst(shift))
            for (index, element) in original.elements.enumerated() {
                let path = path + [String(index)]
                let inserted = touched.filter { $0 != path }
                assertSameBytes(element, results[index], at: path, touched: inserted, name)
            }
        } else {
            var results = result.members
            for member in original.members {
                let counterpart = results.next()
                XCTAssertEqual(counterpart?.name, member.name, name)
                if let value = counterpart?.value {
                    assertSameBytes(member.value, value, at: path + [member.name], touched: touched, name)
                }
            }
        }
    }

    /// The container fields of Pod Security `restricted` (Kubernetes, "Pod Security Standards").
    func testInjectedContainersMeetPodSecurityRestricted() throws {
        var checked = 0
        for test in try AdmissionCase.all() where try test.outcome().decision == .injected {
            let pod = try JSONDocument(test.patchedObject(test.outcome())).root
            for list in ["containers", "initContainers"] {
                for container in pod["spec"]?[list]?.elements ?? JSONElements.none {
                    let names = ["update-gcp-id-token", "generate-gcp-id-token"]
                    guard names.contains(container["name"]?.string() ?? "") else { continue }
                    let context = try XCTUnwrap(container["securityContext"], test.name)
                    XCTAssertEqual(context["allowPrivilegeEscalation"]?.boolean(), false, test.name)
                    XCTAssertEqual(context["privileged"]?.boolean(), false, test.name)
                    XCTAssertEqual(context["runAsNonRoot"]?.boolean(), true, test.name)
                    XCTAssertGreaterThan(context["runAsUser"]?.integer() ?? 0, 0, test.name)
                    XCTAssertGreaterThan(context["runAsGroup"]?.integer() ?? 0, 0, test.name)
                    XCTAssertEqual(
                        context["capabilities"]?["drop"]?.elements.map { $0.string() },
                        ["ALL"],
                        test.name
                    )
                    XCTAssertNil(context["capabilities"]?["add"], test.name)
                    XCTAssertEqual(context["seccompProfile"]?["type"]?.string(), "RuntimeDefault", test.name)
                    XCTAssertEqual(context["readOnlyRootFilesystem"]?.boolean(), true, test.name)
                    XCTAssertNil(container["ports"], test.name)
                    let resources = try XCTUnwrap(container["resources"], test.name)
                    let requests = try XCTUnwrap(resources["requests"]),
                        limits = try XCTUnwrap(resources["limits"])
                    XCTAssertTrue(
                        requests.isEqual(to: limits),
                        "\(test.name): a Guaranteed Pod would not stay one"
                    )
                    checked += 1
                }
            }
        }
        XCTAssertGreaterThan(checked, 20)
    }

    private func update(_ test: AdmissionCase, _ outcome: InjectionOutcome, _ object: [UInt8]) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/cases/\(test.name)")
        var summary = JSONWriter()
        summary.object {
            $0.member("decision", outcome.decision.name)
            $0.member("reason", outcome.decision.reason)
            $0.member("warnings") { list in
                list.array { array in outcome.warnings.forEach { array.value($0) } }
            }
        }
        let files = [
            ("outcome.json", summary.bytes), ("patch.json", outcome.patch.encoded), ("expected.json", object),
        ]
        for (file, json) in files {
            try Data((JSONDocument(json).root.pretty() + "\n").utf8).write(
                to: folder.appendingPathComponent(file)
            )
        }
    }
}

extension JSONElements {
    /// No values.
    static var none: JSONElements {
        // Invariant: the text is JSON.
        guard let empty = try? JSONDocument(Array("[]".utf8)) else { preconditionFailure() }
        return empty.root.elements
    }
}
