/// Why a body is no AdmissionReview that can be answered.
public enum AdmissionReviewError: Error, Equatable, Sendable {
    /// The body is not JSON, or a member that identity depends on stands twice.
    case json(JSONError)
    /// The object's `kind` is not `AdmissionReview`.
    case notAnAdmissionReview
    /// An `apiVersion` other than `admission.k8s.io/v1` and `v1beta1`.
    case unknownVersion
    /// A field without which there is nothing to answer.
    case missing(String)
    /// A field of another type than the API's; the empty name is the body itself.
    case wrongType(String)
}

extension AdmissionReviewError: CustomStringConvertible {
    /// One lower-case line without the review's content.
    public var description: String {
        switch self {
        case .json(let error): "the body is not an AdmissionReview: \(error)"
        case .notAnAdmissionReview: "the body's kind is not AdmissionReview"
        case .unknownVersion: "the AdmissionReview's apiVersion is not admission.k8s.io/v1 or v1beta1"
        case .missing(let field): "the AdmissionReview has no valid \(field)"
        case .wrongType(let field):
            field.isEmpty
                ? "the body is not a JSON object" : "the AdmissionReview's \(field) is of the wrong type"
        }
    }
}
