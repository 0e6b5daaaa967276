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
        // Around the patch there are names and an id of 36 characters.
        var writer = JSONWriter(capacity: Base64.encodedCount(patch.count) + 256)
        writer.object { root in
            root.member("apiVersion", review.apiVersion.rawValue)
            root.member("kind", "AdmissionReview")
            root.member("response") { $0.object { write(to: &$0, uid: review.uid, patch: patch) } }
        }
        return writer.bytes
    }

    private func write(to response: inout JSONWriter, uid: String, patch: [UInt8]) {
        response.member("uid", uid)
        response.member("allowed", isAllowed)
        if !patch.isEmpty {
            response.member("patchType", "JSONPatch")
            response.member("patch") { $0.base64(patch) }
        }
        if !warnings.isEmpty {
            response.member("warnings") { list in
                list.array { array in
                    for warning in warnings { array.value(Self.clipped(warning)) }
                }
            }
        }
        if !isAllowed {
            response.member("status") { status in
                status.object {
                    $0.member("code", 403)
                    $0.member("reason", "Forbidden")
                    $0.member("message", message)
                }
            }
        }
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
