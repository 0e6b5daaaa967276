extension InjectionRules {
    /// The annotations of a ServiceAccount, as ``decide(pod:annotations:)`` takes them; none where it has none.
    ///
    /// `serviceAccount` is the object as the Kubernetes API gives it. A value that is no string, which the API never
    /// gives, counts as the empty one.
    ///
    /// - Throws: ``JSONError/duplicateMember(_:)`` where `metadata`, `annotations` or one of them stands twice, and
    ///   readers could differ.
    public static func annotations(of serviceAccount: JSONValue) throws(JSONError) -> [String: String] {
        let metadata = try serviceAccount.uniqueMember("metadata")
        var annotations: [String: String] = [:]
        guard let members = try metadata?.uniqueMember("annotations")?.members else { return annotations }
        for member in members {
            let name = member.name
            guard annotations.updateValue(member.value.string() ?? "", forKey: name) == nil else {
                throw .duplicateMember(name)
            }
        }
        return annotations
    }
}
