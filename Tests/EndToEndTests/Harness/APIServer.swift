import GTokenCore
import XCTest

/// The API server's side of an admission.
enum APIServer {
    /// What an API server makes of an answer; the object that it would store.
    @discardableResult
    static func accept(_ answer: [UInt8], to review: [UInt8], _ name: String) throws -> JSONValue {
        let asked = try JSONDocument(review).root
        let root = try JSONDocument(answer).root
        XCTAssertEqual(root["apiVersion"]?.string(), asked["apiVersion"]?.string(), name)
        XCTAssertEqual(root["kind"]?.string(), "AdmissionReview", name)
        let response = try XCTUnwrap(root["response"], name)
        XCTAssertEqual(response["uid"]?.string(), asked["request"]?["uid"]?.string(), name)
        XCTAssertEqual(response["allowed"]?.boolean(), true, name)
        XCTAssertEqual(response["patch"] == nil, response["patchType"] == nil, name)
        let object = try XCTUnwrap(asked["request"]?["object"], name)
        guard let encoded = response["patch"]?.string() else { return object }
        XCTAssertEqual(response["patchType"]?.string(), "JSONPatch", name)
        let patch = try JSONPatch(parsing: JSONDocument(XCTUnwrap(Base64.decode(encoded), name)))
        return try JSONDocument(patch.applied(to: JSONDocument(Array(object.rawBytes)))).root
    }
}
