import GTokenCore
package import GTokenNet

/// Why the Kubernetes API server gave no answer that can be used.
package enum KubernetesError: Error, Equatable {
    /// The object does not exist.
    case notFound
    /// Somebody else has changed the object, or made it first.
    case conflict
    /// What was asked for lies further back than the server remembers: a watch or a list has to begin anew.
    case expired
    /// The server refused, with its status and the reason of its Status object.
    case refused(status: Int, reason: String)
    /// The server could not be asked.
    case unreachable(HTTPClientError)
    /// The caller's time was over before there was an answer, or before its turn came.
    case timedOut
    /// The answer is not what the API promises.
    case malformedAnswer
    /// The token's file cannot be read, and why.
    case noToken(String)
}

extension KubernetesError {
    /// What a status other than success means, with the Status object that came with it, if one did.
    ///
    /// That an object does not exist is believed of a Status alone: a proxy's 404 says nothing about objects.
    init(status: Int, _ object: JSONValue?) {
        let isStatus = object?["kind"]?.isString("Status") == true
        switch status {
        case 404 where isStatus: self = .notFound
        case 409: self = .conflict
        case 410: self = .expired
        default: self = .refused(status: status, reason: Self.reason(object?["reason"]?.string()))
        }
    }

    /// Whether the answer was larger than what is taken.
    var isTooLarge: Bool {
        if case .unreachable(.responseTooLarge) = self { true } else { false }
    }

    /// A Status object's reason, one word such as `Forbidden`; empty for what is none, whoever answered.
    private static func reason(_ text: String?) -> String {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let text, text.utf8.count <= 64, text.utf8.allSatisfy({ letters.contains($0 | 0x20) }) else {
            return ""
        }
        return text
    }
}

extension KubernetesError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound: "the Kubernetes API has no such object"
        case .conflict: "the object in the Kubernetes API is another by now"
        case .expired: "the Kubernetes API no longer has what happened since"
        case .refused(let status, let reason):
            "the Kubernetes API answered \(status)\(reason.isEmpty ? "" : " (\(reason))")"
        case .timedOut: "the Kubernetes API did not answer in time"
        case .unreachable(let error): "cannot ask the Kubernetes API: \(error)"
        case .malformedAnswer: "the Kubernetes API's answer is not the object that was asked for"
        case .noToken(let reason): "no token for the Kubernetes API: \(reason)"
        }
    }
}
