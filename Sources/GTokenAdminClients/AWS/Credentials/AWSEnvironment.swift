import GTokenClients
import GTokenCore

/// What the variables of the AWS CLI and SDKs say; an empty variable is none.
package struct AWSEnvironment: Sendable {
    private let variables: [String: String]

    /// Takes the process's variables.
    package init(_ variables: [String: String]) { self.variables = variables }

    /// A variable's value; `nil` where it is not set, or empty.
    package subscript(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The profile that is to be used; `nil` for the standard one.
    var profile: String? { self["AWS_PROFILE"] ?? self["AWS_DEFAULT_PROFILE"] }

    /// Keys, or else a role; `nil` where the environment has neither.
    func recipe() throws(AWSCredentialError) -> AWSCredentialRecipe? {
        if let keys = try keys() { return keys }
        return try webIdentity()
    }

    /// The keys in the environment; `nil` where there are none.
    func keys() throws(AWSCredentialError) -> AWSCredentialRecipe? {
        let (idName, secretName) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        let (id, secret) = (self[idName], self[secretName])
        guard id != nil || secret != nil else { return nil }
        guard let id else { throw .missingVariable(idName, besides: secretName) }
        guard let secret else { throw .missingVariable(secretName, besides: idName) }
        guard var keys = AWSCredentials(checked: id, secret, token: self["AWS_SESSION_TOKEN"]) else {
            throw .invalidSetting(idName, reason: "the key holds characters that no key has")
        }
        if let text = self["AWS_CREDENTIAL_EXPIRATION"] {
            guard let time = UnixTime(rfc3339: text) else {
                throw .invalidSetting("AWS_CREDENTIAL_EXPIRATION", reason: "it is not a time of RFC 3339")
            }
            keys.expiresAt = time
        }
        return .fixed(keys)
    }

    /// The role of the environment's token file; `nil` where there is none.
    func webIdentity() throws(AWSCredentialError) -> AWSCredentialRecipe? {
        guard let file = self["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return nil }
        guard let roleText = self["AWS_ROLE_ARN"] else {
            throw .missingVariable("AWS_ROLE_ARN", besides: "AWS_WEB_IDENTITY_TOKEN_FILE")
        }
        let role: RoleARN
        do throws(ARNError) {
            role = try RoleARN(parsing: roleText)
        } catch {
            throw .invalidSetting("AWS_ROLE_ARN", reason: "\(error)")
        }
        let name = try sessionName(self["AWS_ROLE_SESSION_NAME"]) {
            AWSCredentialError.invalidSetting("AWS_ROLE_SESSION_NAME", reason: "\($0)")
        }
        return .webIdentity(AWSRoleSettings(role: role, sessionName: name), tokenFile: file)
    }

    /// A session's name, ours where none is given.
    func sessionName(
        _ text: String?,
        otherwise failure: (NameError) -> AWSCredentialError
    ) throws(AWSCredentialError) -> RoleSessionName {
        do throws(NameError) {
            return try RoleSessionName(parsing: text ?? "gtokenctl")
        } catch {
            throw failure(error)
        }
    }
}

extension AWSCredentials {
    /// Keys that can stand in a request's fields; `nil` for others.
    init?(checked id: String, _ secret: String, token: String?, expiresAt: UnixTime? = nil) {
        let texts = [id, secret] + (token.map { [$0] } ?? [])
        // STS's tokens have some hundred to some thousand characters.
        guard texts.allSatisfy({ 1...16_384 ~= $0.utf8.count && $0.utf8.allSatisfy { 0x21...0x7E ~= $0 } })
        else {
            return nil
        }
        self.init(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiresAt: expiresAt)
    }
}
