/// The request of an AdmissionReview as the API server sends it, read in place.
///
/// It is checked as a whole, and keeps places: a text is made of its bytes when it is asked for.
///
/// Source: `admission.k8s.io/v1` and `v1beta1`, Kubernetes' "Dynamic Admission Control".
public struct AdmissionReview: Sendable {
    /// The version to be echoed in the answer.
    public let apiVersion: APIVersion
    let storage: JSONStorage
    private let request: RequestPlaces

    /// The versions of AdmissionReview that are understood.
    public enum APIVersion: String, Sendable {
        /// Since Kubernetes 1.16.
        case v1 = "admission.k8s.io/v1"
        /// Until Kubernetes 1.21.
        case v1beta1 = "admission.k8s.io/v1beta1"

        /// The raw value, without a String.
        var text: StaticString {
            switch self {
            case .v1: "admission.k8s.io/v1"
            case .v1beta1: "admission.k8s.io/v1beta1"
            }
        }
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
        storage = document.storage
        let (array, list) = (storage.bytes, storage.containers)
        let (bytes, containers) = (array.span, list.span)
        let root = document.root.place
        guard bytes[root.offset] == .openBrace else { throw .wrongType("") }
        let review = try ReviewPlaces(root, bytes, containers)
        guard review.kind.isString("AdmissionReview", bytes) else { throw .notAnAdmissionReview }
        if review.apiVersion.isString("admission.k8s.io/v1", bytes) {
            apiVersion = .v1
        } else if review.apiVersion.isString("admission.k8s.io/v1beta1", bytes) {
            apiVersion = .v1beta1
        } else {
            throw .unknownVersion
        }
        guard let place = review.request, bytes[place.offset] == .openBrace else { throw .missing("request") }
        request = try RequestPlaces(place, bytes, containers)
    }

    /// The request's unique id, to be echoed in the answer.
    public var uid: String { text(request.uid) }
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    public var operation: String { text(request.operation) }
    /// The namespace of the object: the one to trust, because the object's own may be absent.
    public var namespace: String { text(request.namespace) }
    /// The object's name; empty where the API server has yet to generate it.
    public var name: String { text(request.name) }
    /// Whether the answer's object will not be stored.
    public var isDryRun: Bool { request.isDryRun }
    /// `ephemeralcontainers`, `binding` and the like; empty for the object itself.
    public var subresource: String { text(request.subresource) }
    /// The object; `nil` for DELETE and for anything that is not a JSON object.
    public var object: JSONValue? { request.object.map { JSONValue(storage, $0) } }

    /// Group, version and kind of the object, as the webhook registered for it.
    public var kind: Kind {
        let kind = request.kind
        return Kind(group: text(kind.group), version: text(kind.version), kind: text(kind.kind))
    }

    /// The Pod that is being created; `nil` when the request is about anything else.
    public var createdPod: JSONValue? { isPodCreation ? object : nil }

    private var isPodCreation: Bool {
        let array = storage.bytes
        let bytes = array.span
        return request.operation.isString("CREATE", bytes) && request.kind.isPod(bytes)
            && request.subresource.isEmpty(bytes)
    }

    /// The request's unique id with its quotes, as it was written.
    var quotedUID: ArraySlice<UInt8> {
        let bytes = storage.bytes
        guard let start = request.uid.offset else { return [] }
        return bytes[start..<JSONScan.scalarEnd(bytes.span, start)]
    }

    private func text(_ place: StringPlace) -> String {
        let bytes = storage.bytes
        return place.offset.flatMap { JSONText.string(bytes.span, at: $0) } ?? ""
    }
}
