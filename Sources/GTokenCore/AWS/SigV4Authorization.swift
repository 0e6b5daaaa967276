/// What the `Authorization` of a signed request to AWS says.
public struct SigV4Authorization: Sendable, Hashable {
    /// Whose key signed it.
    public var accessKeyID: String
    /// What the signature is good for.
    public var scope: SigV4Scope
    /// The names of the headers that are signed, in lower case.
    public var signedHeaders: [String]
    /// The signature in lower-case hexadecimal.
    public var signature: String

    /// Makes an authorization of its parts.
    public init(accessKeyID: String, scope: SigV4Scope, signedHeaders: [String], signature: String) {
        self.accessKeyID = accessKeyID
        self.scope = scope
        self.signedHeaders = signedHeaders
        self.signature = signature
    }

    /// Reads the value of an `Authorization`; `nil` where it is another scheme's or malformed.
    public init?(parsing field: String) {
        guard field.hasPrefix("\(SigV4.algorithm) ") else { return nil }
        var parts: [Substring: Substring] = [:]
        for item in field.dropFirst(SigV4.algorithm.count + 1).split(separator: ",") {
            let pair = item.drop { $0 == " " }.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard pair.count == 2, parts.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        guard parts.count == 3, let credential = parts["Credential"], let headers = parts["SignedHeaders"],
            let signature = parts["Signature"]
        else { return nil }
        let fields = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 5, fields[4] == SigV4Scope.terminator else { return nil }
        accessKeyID = fields[0]
        scope = SigV4Scope(date: fields[1], region: fields[2], service: fields[3])
        signedHeaders = headers.split(separator: ";").map { $0.lowercased() }
        self.signature = String(signature)
    }

    /// The value of the `Authorization` with this signature.
    func field(signature: String) -> String {
        "\(SigV4.algorithm) Credential=\(accessKeyID)/\(scope), "
            + "SignedHeaders=\(signedHeaders.joined(separator: ";")), Signature=\(signature)"
    }
}
