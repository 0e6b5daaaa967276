import GTokenClients
import GTokenCore

/// The JSON that a program of `credential_process` prints, and `aws configure export-credentials` (AWS SDKs and Tools
/// Reference Guide, "Process credential provider").
enum PrintedCredentials {
    /// A session's token makes up most of it.
    static let maxBytes = 64 << 10

    /// Reads what `program` has printed.
    static func read(_ bytes: [UInt8], from program: String) throws(AWSCredentialError) -> AWSCredentials {
        func malformed(_ reason: String) -> AWSCredentialError {
            .malformedOutput(program: program, reason: reason)
        }
        guard let document = try? JSONDocument(bytes, limits: limits), document.root.isObject else {
            throw malformed("it is no JSON object")
        }
        let root = document.root
        guard root["Version"]?.integer() == 1 else { throw malformed("Version is not 1") }
        guard let id = root["AccessKeyId"]?.string() else { throw malformed("there is no AccessKeyId") }
        guard let secret = root["SecretAccessKey"]?.string() else {
            throw malformed("there is no SecretAccessKey")
        }
        let end = root["Expiration"]?.string()
        guard
            let keys = AWSCredentials(
                checked: id,
                secret,
                token: root["SessionToken"]?.string(),
                expiresAt: end.flatMap(UnixTime.init(rfc3339:))
            )
        else { throw malformed("the key holds characters that no key has") }
        guard end == nil || keys.expiresAt != nil else {
            throw malformed("Expiration is not a time of RFC 3339")
        }
        return keys
    }

    private static let limits = JSONLimits(maxBytes: maxBytes, maxDepth: 8, maxContainers: 64)
}
