/// The request of an AdmissionReview as the API server sends it, read in place.
///
/// Source: `admission.k8s.io/v1` and `v1beta1`, Kubernetes' "Dynamic Admission Control".
public struct AdmissionReview: Sendable {
    /// The version to be echoed in the answer.
    public let apiVersion: APIVersion
    /// The request's unique id, to be echoed in the answer.
    public let uid: String
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    public let operation: String
    /// The namespace of the object: the one to trust, because the object's own may be absent.
    public let namespace: String
    /// The object's name; empty where the API server has yet to generate it.
    public let name: String
    /// Whether the answer's object will not be stored.
    public let isDryRun: Bool
    /// Group, version and kind of the object, as the webhook registered for it.
    public let kind: Kind
    /// `ephemeralcontainers`, `binding` and the like; empty for the object itself.
    public let subresource: String
    /// The object; `nil` for DELETE and for anything that is not a JSON object.
    public let object: JSONValue?

    /// The versions of AdmissionReview that are understood.
    public enum APIVersion: String, Sendable {
        /// Since Kubernetes 1.16.
        case v1 = "admission.k8s.io/v1"
        /// Until Kubernetes 1.21.
        case v1beta1 = "admission.k8s.io/v1beta1"
    }

    /// What kind of object a request is about.
    public struct Kind: Equatable, Sendable {
        /// The API group; empty for the core group.
        public var group: String
        /// The version in the group, such as `v1`.
        public var version: String
        /// The kind, such as `Pod`.
        public var kind: String

        /// The core group's Pod.
        public static let pod = Kind(group: "", version: "v1", kind: "Pod")
    }

    /// Reads the review out of its document.
    ///
    /// - Throws: ``AdmissionReviewError`` when it is no AdmissionReview with a request of a known version, or
    ///   a member that identity depends on stands twice.
    public init(parsing document: JSONDocument) throws(AdmissionReviewError) {
        let root = document.root
        guard root.isObject else { throw .wrongType("") }
        guard try Self.text("kind", in: root, "kind") == "AdmissionReview" else {
            throw .notAnAdmissionReview
        }
        let version = try Self.text("apiVersion", in: root, "apiVersion") ?? ""
        guard let apiVersion = APIVersion(rawValue: version) else { throw .unknownVersion }
        guard let request = try Self.unique("request", in: root), request.isObject else {
            throw .missing("request")
        }
        self.apiVersion = apiVersion
        guard let uid = try Self.text("uid", in: request, "request.uid"), !uid.isEmpty else {
            throw .missing("request.uid")
        }
        self.uid = uid
        operation = try Self.text("operation", in: request, "request.operation") ?? ""
        namespace = try Self.text("namespace", in: request, "request.namespace") ?? ""
        name = try Self.text("name", in: request, "request.name") ?? ""
        subresource = try Self.text("subResource", in: request, "request.subResource") ?? ""
        isDryRun = request["dryRun"]?.boolean() ?? false
        let kind = try Self.unique("kind", in: request)
        guard let kind, kind.isObject else { throw .missing("request.kind") }
        self.kind = Kind(
            group: try Self.text("group", in: kind, "request.kind.group") ?? "",
            version: try Self.text("version", in: kind, "request.kind.version") ?? "",
            kind: try Self.text("kind", in: kind, "request.kind.kind") ?? ""
        )
        let object = try Self.unique("object", in: request)
        self.object = object.flatMap { $0.isObject ? $0 : nil }
    }

    /// The Pod that is being created; `nil` when the request is about anything else.
    public var createdPod: JSONValue? {
        guard operation == "CREATE", kind == .pod, subresource.isEmpty else { return nil }
        return object
    }

    private static func unique(
        _ name: String,
        in object: JSONValue
    ) throws(AdmissionReviewError) -> JSONValue? {
        do throws(JSONError) { return try object.uniqueMember(name) } catch { throw .json(error) }
    }

    /// The string member `name`; `nil` when it is absent or null.
    private static func text(
        _ name: String,
        in object: JSONValue,
        _ field: String
    ) throws(AdmissionReviewError) -> String? {
        guard let value = try unique(name, in: object), !value.isNull else { return nil }
        guard let text = value.string() else { throw .wrongType(field) }
        return text
    }
}

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
