private import GTokenCore

extension SessionCredentials {
    /// The document of `credential_process` (AWS SDKs and Tools Reference Guide, "Process credential provider").
    package var processDocument: [UInt8] { document(tokenName: "SessionToken", isKept: false) }

    /// The answer of a container credentials endpoint (the same, "Container credential provider").
    package var containerDocument: [UInt8] { document(tokenName: "Token", isKept: false) }

    /// What is kept between calls; a credential.
    var keptDocument: [UInt8] { document(tokenName: "SessionToken", isKept: true) }

    /// Reads what was kept; `nil` for anything else.
    init?(keptDocument bytes: [UInt8]) {
        let limits = JSONLimits(maxBytes: Self.maxKeptBytes, maxDepth: 4, maxContainers: 4)
        guard let root = try? JSONDocument(bytes, limits: limits).root, root["Version"]?.integer() == 1,
            let accessKeyID = root["AccessKeyId"]?.string(), let secret = root["SecretAccessKey"]?.string(),
            let token = root["SessionToken"]?.string(),
            let issuedAt = root["IssuedAt"]?.string().flatMap({ UnixTime(rfc3339: $0) }),
            let expiresAt = root["Expiration"]?.string().flatMap({ UnixTime(rfc3339: $0) })
        else { return nil }
        self.init(
            accessKeyID: accessKeyID,
            secretAccessKey: secret,
            sessionToken: token,
            accountID: root["AccountId"]?.string(),
            issuedAt: issuedAt,
            expiresAt: expiresAt
        )
    }

    /// A session's token has no limit that AWS names; those seen are below 4 KiB, with 50 tags below 16 KiB.
    static let maxKeptBytes = 64 * 1024

    private func document(tokenName: String, isKept: Bool) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            if tokenName == "SessionToken" { object.member("Version", 1) }
            object.member("AccessKeyId", accessKeyID)
            object.member("SecretAccessKey", secretAccessKey)
            object.member(tokenName, sessionToken)
            object.member("Expiration", expiresAt.rfc3339)
            if let accountID { object.member("AccountId", accountID) }
            if isKept { object.member("IssuedAt", issuedAt.rfc3339) }
        }
        return writer.bytes
    }
}
