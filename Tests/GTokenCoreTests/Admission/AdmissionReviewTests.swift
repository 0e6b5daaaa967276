import GTokenCore
import XCTest

final class AdmissionReviewTests: XCTestCase {
    private let good = #"""
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",
        "kind":{"group":"","version":"v1","kind":"Pod"},"namespace":"n","operation":"CREATE",
        "object":{"spec":{}},"oldObject":null,"dryRun":true}}
        """#

    private func review(_ text: String) throws -> AdmissionReview {
        try AdmissionReview(parsing: JSONDocument(Array(text.utf8)))
    }

    func testReadsWhatTheAnswerDependsOn() throws {
        let review = try review(good)
        XCTAssertEqual(review.uid, "u-1")
        XCTAssertEqual(review.namespace, "n")
        XCTAssertEqual(review.name, "")
        XCTAssertTrue(review.isDryRun)
        XCTAssertNotNil(review.createdPod)
    }

    func testOnlyTheCreationOfAPodIsAPodCreation() throws {
        let changes = [
            ("CREATE\"", "UPDATE\""), ("CREATE\"", "DELETE\""), ("CREATE\"", "CONNECT\""),
            ("\"Pod\"", "\"Binding\""),
            ("\"Pod\"", "\"Eviction\""), ("\"Pod\"", "\"PodExecOptions\""),
            ("\"v1\",\"kind\"", "\"v2\",\"kind\""),
            ("\"group\":\"\"", "\"group\":\"apps\""), ("{\"spec\":{}}", "null"), ("{\"spec\":{}}", "[]"),
            ("\"namespace\"", "\"subResource\":\"binding\",\"namespace\""),
        ]
        for (from, to) in changes {
            let text = good.replacing(from, with: to)
            XCTAssertNotEqual(text, good)
            XCTAssertNil(try review(text).createdPod, to)
        }
    }

    func testRefusesWhatIsNoReview() throws {
        let cases: [(String, String, AdmissionReviewError)] = [
            ("\"AdmissionReview\"", "\"Pod\"", .notAnAdmissionReview),
            ("io/v1\"", "io/v2\"", .unknownVersion),
            ("\"apiVersion\":\"admission.k8s.io/v1\"", "\"apiVersion\":1", .wrongType("apiVersion")),
            ("\"request\"", "\"response\"", .missing("request")),
            ("\"u-1\"", "\"\"", .missing("request.uid")),
            ("\"u-1\"", "7", .wrongType("request.uid")),
            ("\"uid\":\"u-1\"", "\"uid\":\"u-1\",\"uid\":\"u-2\"", .json(.duplicateMember("uid"))),
            ("\"namespace\":\"n\"", "\"namespace\":[]", .wrongType("request.namespace")),
            (
                "\"namespace\":\"n\"", "\"namespace\":\"n\",\"names\\u0070ace\":\"m\"",
                .json(.duplicateMember("namespace"))
            ),
            ("\"object\":{", "\"object\":{},\"object\":{", .json(.duplicateMember("object"))),
            ("\"kind\":{", "\"kinds\":{", .missing("request.kind")),
        ]
        for (from, to, error) in cases {
            let text = good.replacing(from, with: to)
            XCTAssertNotEqual(text, good)
            XCTAssertThrowsError(try review(text), to) {
                XCTAssertEqual($0 as? AdmissionReviewError, error, to)
            }
        }
        XCTAssertThrowsError(try review("[]")) { XCTAssertEqual($0 as? AdmissionReviewError, .wrongType("")) }
    }

    func testAnAnswerEchoesVersionAndUID() throws {
        for version in ["v1", "v1beta1"] {
            let review = try review(good.replacing("io/v1", with: "io/\(version)"))
            let answer = try JSONDocument(AdmissionResponse.allowed().encoded(for: review)).root
            XCTAssertEqual(answer["apiVersion"]?.string(), "admission.k8s.io/\(version)")
            XCTAssertEqual(answer["kind"]?.string(), "AdmissionReview")
            let response = try XCTUnwrap(answer["response"])
            XCTAssertEqual(response.members.map(\.name), ["uid", "allowed"])
            XCTAssertEqual(response["uid"]?.string(), "u-1")
            XCTAssertEqual(response["allowed"]?.boolean(), true)
        }
    }

    func testAnAnswerCarriesPatchWarningsAndRefusal() throws {
        let review = try review(good)
        let patch = JSONPatch([.add(JSONPointer(["metadata"]), value: Array("{}".utf8))])
        let long = String(repeating: "ä", count: 300)
        let allowed = AdmissionResponse.allowed(patch: patch, warnings: ["short", long])
        let response = try XCTUnwrap(JSONDocument(allowed.encoded(for: review)).root["response"])
        XCTAssertEqual(response["patchType"]?.string(), "JSONPatch")
        XCTAssertEqual(response["patch"]?.string().flatMap(Base64.decode), patch.encoded)
        let warnings = response["warnings"]?.elements.compactMap { $0.string() } ?? []
        XCTAssertEqual(warnings.first, "short")
        XCTAssertLessThanOrEqual(warnings.last?.utf8.count ?? .max, 256)
        XCTAssertTrue(warnings.last?.hasSuffix("...") ?? false)

        let denied = try JSONDocument(AdmissionResponse.denied(message: "no").encoded(for: review)).root[
            "response"
        ]
        XCTAssertEqual(denied?["allowed"]?.boolean(), false)
        XCTAssertEqual(denied?["status"]?["code"]?.integer(), 403)
        XCTAssertEqual(denied?["status"]?["message"]?.string(), "no")
    }
}
