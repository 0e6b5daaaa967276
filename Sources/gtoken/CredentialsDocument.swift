import GTokenCore

/// Credentials as AWS's SDKs read them.
struct CredentialsDocument {
    /// What reads them, which decides on a member's name.
    enum Reader {
        /// A `credential_process` (AWS SDKs and Tools Reference Guide, "Process credential provider").
        case process
        /// A container's credentials endpoint (the same, "Container credential provider").
        case container
    }

    let credentials: AWSCredentials
    let accountID: String
    /// When they were made: how soon they are old depends on how long they last.
    let madeAt: UnixTime

    /// The document; it is the credential.
    func text(for reader: Reader) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            if reader == .process { object.member("Version", 1) }
            object.member("AccessKeyId", credentials.accessKeyID)
            object.member("SecretAccessKey", credentials.secretAccessKey)
            if let token = credentials.sessionToken {
                object.member(reader == .process ? "SessionToken" : "Token", token)
            }
            if let expiresAt = credentials.expiresAt { object.member("Expiration", expiresAt.rfc3339) }
            object.member("AccountId", accountID)
        }
        return writer.bytes
    }

    /// Until when they are handed out: a quarter of an hour before their end, which is when SDKs begin to look for others,
    /// or for the last quarter of those that do not last that long.
    var freshUntil: UnixTime {
        guard let expiresAt = credentials.expiresAt else { return madeAt }
        let life = expiresAt.duration(since: madeAt)
        return expiresAt - min(.seconds(900), life / 4)
    }

    /// Whether they are worth handing out.
    func isFresh(at now: UnixTime) -> Bool { now >= madeAt && now < freshUntil }
}

extension CredentialsDocument {
    /// The most bytes of a kept document; session tokens have at most some kilobytes.
    static let maxBytes = 64 * 1024

    /// The document with when it was made, to be kept.
    var kept: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("madeAt", madeAt.rfc3339)
            object.name("credentials")
            object.raw(text(for: .process))
        }
        return writer.bytes
    }

    /// Reads what was kept; `nil` where it is nothing of ours.
    init?(kept bytes: [UInt8]) {
        guard let root = try? JSONDocument(bytes).root, let document = root["credentials"],
            let madeAt = root["madeAt"]?.string().flatMap(UnixTime.init(rfc3339:)),
            let id = document["AccessKeyId"]?.string(), let key = document["SecretAccessKey"]?.string(),
            let expiresAt = document["Expiration"]?.string().flatMap(UnixTime.init(rfc3339:)),
            let accountID = document["AccountId"]?.string()
        else { return nil }
        credentials = AWSCredentials(
            accessKeyID: id,
            secretAccessKey: key,
            sessionToken: document["SessionToken"]?.string(),
            expiresAt: expiresAt
        )
        self.accountID = accountID
        self.madeAt = madeAt
    }
}
