/// Where a string of a review stands; nowhere where it is absent or null, which counts as empty.
struct StringPlace {
    private(set) var offset: Int?
    private var isFound = false

    /// Notes the string's member, of which there may be one: parsers differ in which of two equal names they believe.
    ///
    /// - Throws: for the second, and for what is no string, under its path from the review on.
    mutating func found(
        _ member: JSONItem,
        _ bytes: Span<UInt8>,
        _ name: String,
        in object: String = ""
    ) throws(AdmissionReviewError) {
        if isFound { throw .json(.duplicateMember(name)) }
        isFound = true
        switch bytes[member.value.offset] {
        case .quote: offset = member.value.offset
        case UInt8(ascii: "n"): break
        default: throw .wrongType(object + name)
        }
    }

    /// Whether it is this text, which is not empty.
    @inline(__always)
    func isString(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
        offset.map { JSONText.isString(bytes, at: $0, text) } ?? false
    }

    func isEmpty(_ bytes: Span<UInt8>) -> Bool {
        offset.map { JSONText.isString(bytes, at: $0, "") } ?? true
    }
}

/// What is read of a whole review: places in its JSON, found in one walk over it.
struct ReviewPlaces {
    private(set) var kind = StringPlace()
    private(set) var apiVersion = StringPlace()
    private(set) var request: JSONPlace?

    init(
        _ place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) throws(AdmissionReviewError) {
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed("kind", bytes) {
                try kind.found(member, bytes, "kind")
            } else if member.isNamed("apiVersion", bytes) {
                try apiVersion.found(member, bytes, "apiVersion")
            } else if member.isNamed("request", bytes) {
                try request.found(member, "request")
            }
        }
    }
}

/// What is read of a review's request.
struct RequestPlaces {
    private(set) var uid = StringPlace()
    private(set) var operation = StringPlace()
    private(set) var namespace = StringPlace()
    private(set) var name = StringPlace()
    private(set) var subresource = StringPlace()
    private(set) var isDryRun = false
    private(set) var kind = KindPlaces()
    private(set) var object: JSONPlace?

    private static let path = "request."

    init(
        _ place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) throws(AdmissionReviewError) {
        var dryRun: JSONPlace?
        var kind: JSONPlace?
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed("uid", bytes) {
                try uid.found(member, bytes, "uid", in: Self.path)
            } else if member.isNamed("operation", bytes) {
                try operation.found(member, bytes, "operation", in: Self.path)
            } else if member.isNamed("namespace", bytes) {
                try namespace.found(member, bytes, "namespace", in: Self.path)
            } else if member.isNamed("name", bytes) {
                try name.found(member, bytes, "name", in: Self.path)
            } else if member.isNamed("subResource", bytes) {
                try subresource.found(member, bytes, "subResource", in: Self.path)
            } else if member.isNamed("dryRun", bytes) {
                // Nothing is decided by it: of two the first counts.
                dryRun = dryRun ?? member.value
            } else if member.isNamed("kind", bytes) {
                try kind.found(member, "kind")
            } else if member.isNamed("object", bytes) {
                try object.found(member, "object")
            }
        }
        guard !uid.isEmpty(bytes) else { throw .missing("request.uid") }
        guard let kind, bytes[kind.offset] == .openBrace else { throw .missing("request.kind") }
        self.kind = try KindPlaces(kind, bytes, containers)
        isDryRun = dryRun.map { bytes[$0.offset] == UInt8(ascii: "t") } ?? false
        if let place = object, bytes[place.offset] != .openBrace { object = nil }
    }
}

/// Group, version and kind of the object.
struct KindPlaces {
    private(set) var group = StringPlace()
    private(set) var version = StringPlace()
    private(set) var kind = StringPlace()

    private static let path = "request.kind."

    init() {}

    init(
        _ place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) throws(AdmissionReviewError) {
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed("group", bytes) {
                try group.found(member, bytes, "group", in: Self.path)
            } else if member.isNamed("version", bytes) {
                try version.found(member, bytes, "version", in: Self.path)
            } else if member.isNamed("kind", bytes) {
                try kind.found(member, bytes, "kind", in: Self.path)
            }
        }
    }

    /// Whether they are those of ``AdmissionReview/Kind/pod``.
    func isPod(_ bytes: Span<UInt8>) -> Bool {
        group.isEmpty(bytes) && version.isString("v1", bytes) && kind.isString("Pod", bytes)
    }
}

extension JSONPlace? {
    /// Notes a member of which there may be one.
    fileprivate mutating func found(_ member: JSONItem, _ name: String) throws(AdmissionReviewError) {
        if self != nil { throw .json(.duplicateMember(name)) }
        self = member.value
    }
}
