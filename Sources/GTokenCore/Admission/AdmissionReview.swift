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
        let storage = document.storage
        let (array, list) = (storage.bytes, storage.containers)
        let (bytes, containers) = (array.span, list.span)
        let root = document.root.place
        guard bytes[root.offset] == .openBrace else { throw .wrongType("") }
        let review = try ReviewPlaces(root, bytes, containers)
        guard try Self.isString(review.kind, "AdmissionReview", bytes, "kind") else {
            throw .notAnAdmissionReview
        }
        if try Self.isString(review.apiVersion, "admission.k8s.io/v1", bytes, "apiVersion") {
            apiVersion = .v1
        } else if try Self.isString(review.apiVersion, "admission.k8s.io/v1beta1", bytes, "apiVersion") {
            apiVersion = .v1beta1
        } else {
            throw .unknownVersion
        }
        guard let place = review.request, bytes[place.offset] == .openBrace else { throw .missing("request") }
        let request = try RequestPlaces(place, bytes, containers)
        uid = try Self.text(request.uid, bytes, "request.uid")
        guard !uid.isEmpty else { throw .missing("request.uid") }
        operation = try Self.text(request.operation, bytes, "request.operation")
        namespace = try Self.text(request.namespace, bytes, "request.namespace")
        name = try Self.text(request.name, bytes, "request.name")
        subresource = try Self.text(request.subresource, bytes, "request.subResource")
        isDryRun = request.dryRun.map { bytes[$0.offset] == UInt8(ascii: "t") } ?? false
        guard let kind = request.kind, bytes[kind.offset] == .openBrace else {
            throw .missing("request.kind")
        }
        self.kind = try Kind(kind, bytes, containers)
        object = request.object.flatMap {
            bytes[$0.offset] == .openBrace ? JSONValue(storage, $0) : nil
        }
    }

    /// The Pod that is being created; `nil` when the request is about anything else.
    public var createdPod: JSONValue? {
        guard operation == "CREATE", kind == .pod, subresource.isEmpty else { return nil }
        return object
    }

    /// Whether this is a string with this text; `nil` and null are none.
    private static func isString(
        _ place: JSONPlace?,
        _ text: StaticString,
        _ bytes: Span<UInt8>,
        _ field: String
    ) throws(AdmissionReviewError) -> Bool {
        guard let place, bytes[place.offset] != UInt8(ascii: "n") else { return false }
        guard bytes[place.offset] == .quote else { throw .wrongType(field) }
        return JSONText.isString(bytes, at: place.offset, text)
    }

    /// The text of a string; empty for `nil` and null.
    static func text(
        _ place: JSONPlace?,
        _ bytes: Span<UInt8>,
        _ field: String
    ) throws(AdmissionReviewError) -> String {
        guard let place, bytes[place.offset] != UInt8(ascii: "n") else { return "" }
        guard let text = JSONText.string(bytes, at: place.offset) else { throw .wrongType(field) }
        return text
    }
}

extension AdmissionReview.Kind {
    init(
        _ place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) throws(AdmissionReviewError) {
        var group: JSONPlace?
        var version: JSONPlace?
        var kind: JSONPlace?
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed("group", bytes) {
                try group.found(member, "group")
            } else if member.isNamed("version", bytes) {
                try version.found(member, "version")
            } else if member.isNamed("kind", bytes) {
                try kind.found(member, "kind")
            }
        }
        self.init(
            group: try AdmissionReview.text(group, bytes, "request.kind.group"),
            version: try AdmissionReview.text(version, bytes, "request.kind.version"),
            kind: try AdmissionReview.text(kind, bytes, "request.kind.kind")
        )
    }
}

/// What is read of a whole review.
private struct ReviewPlaces {
    var kind: JSONPlace?
    var apiVersion: JSONPlace?
    var request: JSONPlace?

    init(
        _ place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) throws(AdmissionReviewError) {
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed("kind", bytes) {
                try kind.found(member, "kind")
            } else if member.isNamed("apiVersion", bytes) {
                try apiVersion.found(member, "apiVersion")
            } else if member.isNamed("request", bytes) {
                try request.found(member, "request")
            }
        }
    }
}

/// What is read of a review's request.
private struct RequestPlaces {
    var uid: JSONPlace?
    var operation: JSONPlace?
    var namespace: JSONPlace?
    var name: JSONPlace?
    var subresource: JSONPlace?
    var dryRun: JSONPlace?
    var kind: JSONPlace?
    var object: JSONPlace?

    init(
        _ place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) throws(AdmissionReviewError) {
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed("uid", bytes) {
                try uid.found(member, "uid")
            } else if member.isNamed("operation", bytes) {
                try operation.found(member, "operation")
            } else if member.isNamed("namespace", bytes) {
                try namespace.found(member, "namespace")
            } else if member.isNamed("name", bytes) {
                try name.found(member, "name")
            } else if member.isNamed("subResource", bytes) {
                try subresource.found(member, "subResource")
            } else if member.isNamed("dryRun", bytes) {
                // Nothing is decided by it: of two the first counts.
                dryRun = dryRun ?? member.value
            } else if member.isNamed("kind", bytes) {
                try kind.found(member, "kind")
            } else if member.isNamed("object", bytes) {
                try object.found(member, "object")
            }
        }
    }
}

extension JSONPlace? {
    /// Notes a member of which there may be one: parsers differ in which of two equal names they believe.
    mutating func found(_ member: JSONItem, _ name: String) throws(AdmissionReviewError) {
        if self != nil { throw .json(.duplicateMember(name)) }
        self = member.value
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
