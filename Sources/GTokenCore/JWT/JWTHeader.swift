/// The header of a token: how it says that it is signed (RFC 7515 section 4).
public struct JWTHeader: Sendable {
    /// The signature's algorithm, such as `RS256`.
    public let algorithm: String
    /// Which of the issuer's keys signed it (`kid`).
    public let keyID: String?
    /// The media type (`typ`), usually `JWT`.
    public let type: String?
    /// All of the header.
    public let raw: JSONDocument

    init(_ document: JSONDocument) throws(JWTError) {
        let known = try document.checkedMembers(.header, ["alg", "kid", "typ", "crit"])
        guard known["crit"] == nil else { throw .criticalExtension }
        guard let algorithm = known["alg"]?.string() else { throw .missingAlgorithm }
        self.algorithm = algorithm
        keyID = try Self.text(known, "kid")
        type = try Self.text(known, "typ")
        raw = document
    }

    private static func text(_ members: [String: JSONValue], _ name: String) throws(JWTError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string() else { throw .parameterType(name) }
        return text
    }
}

extension JSONDocument {
    /// The members of an object that have one of these names, after checking that no name stands twice.
    func checkedMembers(_ segment: JWTSegment, _ names: Set<String>) throws(JWTError) -> [String: JSONValue] {
        guard root.isObject else { throw .notAnObject(segment) }
        var seen: Set<String> = []
        var known: [String: JSONValue] = [:]
        for member in root.members {
            let name = member.name
            let isKnown = names.contains(name)
            guard seen.insert(name).inserted else { throw .duplicateName(segment, isKnown ? name : nil) }
            if isKnown { known[name] = member.value }
        }
        return known
    }
}
