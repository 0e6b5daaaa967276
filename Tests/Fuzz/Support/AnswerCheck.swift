import Foundation

@testable import GTokenCore

/// What an API server asks of a webhook's answer (`VerifyAdmissionResponse` of k8s.io/apiserver), judged with
/// Foundation's JSON and base 64.
enum AnswerCheck {
    static func check(_ bytes: [UInt8], to review: AdmissionReview, patch: JSONPatch) {
        require((try? JSONDocument(bytes)) != nil, "an answer is JSON")
        let root = require(ForeignJSON.parse(bytes) as? [String: Any], "for Foundation too")
        require(root["kind"] as? String == "AdmissionReview", "the kind")
        require(root["apiVersion"] as? String == review.apiVersion.rawValue, "the version of the request")
        let response = require(root["response"] as? [String: Any], "there is a response")
        require((response["uid"] as? String)?.isIdentical(to: review.uid) ?? false, "the uid of the request")
        let isAllowed = require(response["allowed"] as? Bool, "it says whether")
        checkPatch(response, isAllowed ? patch : JSONPatch())
        let warnings = response["warnings"] as? [String] ?? []
        require(warnings.count <= 17, "only as many warnings as are passed on")
        for warning in warnings { checkWarning(warning) }
        let status = response["status"] as? [String: Any]
        require((status == nil) == isAllowed, "a refusal has a status")
        guard let status else { return }
        require(status["code"] as? Int == 403 && status["message"] as? String != "", "that says why")
    }

    private static func checkPatch(_ response: [String: Any], _ patch: JSONPatch) {
        let text = response["patch"] as? String
        require((text == nil) == patch.isEmpty, "a patch is there when it changes something")
        require((response["patchType"] as? String) == (patch.isEmpty ? nil : "JSONPatch"), "with its type")
        guard let text else { return }
        let bytes = Array(require(Data(base64Encoded: text), "a patch is base 64"))
        require(bytes == Base64.decode(text), "the same for both decoders")
        let parsed = (try? JSONDocument(bytes)).flatMap { try? JSONPatch(parsing: $0) }
        require(parsed == patch, "and the one that was made")
    }

    /// A warning travels in a header of its own (RFC 7234 section 5.5): an API server drops what has control
    /// characters, and cuts what is longer than 256 bytes.
    private static func checkWarning(_ warning: String) {
        require(warning.utf8.count <= 256, "a warning is passed on whole")
        let hasControl = warning.unicodeScalars.contains { $0.properties.generalCategory == .control }
        require(!hasControl, "a warning has no control characters: \(warning.debugDescription)")
    }
}
