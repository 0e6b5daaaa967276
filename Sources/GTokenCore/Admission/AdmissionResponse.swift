/// The answer to an AdmissionReview.
public struct AdmissionResponse: Sendable {
    /// Whether the request may go on.
    public var isAllowed: Bool
    /// The changes to the object; an empty patch is left out of the answer.
    public var patch: JSONPatch
    /// What the user is told; `kubectl` prints each on a line of its own.
    public var warnings: [String]
    /// Why the request is refused; for a refusal only.
    public var message: String

    /// The answer that lets the object pass with `patch`.
    public static func allowed(patch: JSONPatch = JSONPatch(), warnings: [String] = []) -> AdmissionResponse {
        AdmissionResponse(isAllowed: true, patch: patch, warnings: warnings, message: "")
    }

    /// The answer that refuses the object; the API server gives the user status 403 and `message`.
    public static func denied(message: String) -> AdmissionResponse {
        AdmissionResponse(isAllowed: false, patch: JSONPatch(), warnings: [], message: message)
    }

    /// The AdmissionReview to be sent, with the request's version and uid.
    public func encoded(for review: AdmissionReview) -> [UInt8] {
        let patch = patch.isEmpty ? [] : patch.encoded
        let uid = review.quotedUID
        var bytes: [UInt8] = []
        // Besides these there are names, and what a warning takes in a header.
        bytes.reserveCapacity(Base64.encodedCount(patch.count) + uid.count + 256 * (1 + warnings.count))
        bytes.append(#"{"apiVersion":""#)
        bytes.append(review.apiVersion.text)
        bytes.append(#"","kind":"AdmissionReview","response":{"uid":"#)
        bytes.append(contentsOf: uid)
        bytes.append(isAllowed ? #","allowed":true"# : #","allowed":false"#)
        if !patch.isEmpty {
            bytes.append(#","patchType":"JSONPatch","patch":""#)
            Base64.append(patch, to: &bytes)
            bytes.append(.quote)
        }
        if !warnings.isEmpty {
            var opening: StaticString = #","warnings":["#
            for warning in warnings {
                bytes.append(opening)
                JSONWriter.appendQuoted(Self.clipped(warning), to: &bytes)
                opening = ","
            }
            bytes.append(.closeBracket)
        }
        if !isAllowed {
            bytes.append(#","status":{"code":403,"reason":"Forbidden","message":"#)
            JSONWriter.appendQuoted(message, to: &bytes)
            bytes.append(.closeBrace)
        }
        bytes.append("}}")
        return bytes
    }

    /// A warning travels in an HTTP header; the API server drops what is longer than 256 bytes.
    private static func clipped(_ warning: String) -> String {
        guard warning.utf8.count > 256 else { return warning }
        var clipped = ""
        for character in warning {
            guard clipped.utf8.count + character.utf8.count <= 253 else { break }
            clipped.append(character)
        }
        return clipped + "..."
    }
}
