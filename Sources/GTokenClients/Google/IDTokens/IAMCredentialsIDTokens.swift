package import GTokenCore

/// ID tokens of a service account from IAM Credentials
/// (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken).
///
/// The caller needs `iam.serviceAccounts.getOpenIdToken` on the account, of which
/// `roles/iam.serviceAccountOpenIdTokenCreator` consists, and an access token of the scope `cloud-platform`. Each call makes
/// a new token.
package struct IAMCredentialsIDTokens: Sendable {
    /// Finds out whose tokens are wanted.
    package typealias Account = @Sendable () async throws(IDTokenError) -> GoogleServiceAccountEmail

    private let account: Account
    private let delegates: [GoogleServiceAccountEmail]
    private let audience: String
    private let includesEmail: Bool
    private let api: GoogleAPIClient

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - account: Whose tokens.
    ///   - delegates: Through whom, where the caller may not itself: each may act as the next.
    ///   - audience: What `aud` shall be.
    ///   - includesEmail: Whether the tokens say the account's e-mail.
    ///   - api: Calls as the one who asks.
    package init(
        of account: @escaping Account,
        through delegates: [GoogleServiceAccountEmail] = [],
        audience: String,
        includesEmail: Bool = false,
        by api: GoogleAPIClient
    ) {
        self.account = account
        self.delegates = delegates
        self.audience = audience
        self.includesEmail = includesEmail
        self.api = api
    }

    /// A new token.
    ///
    /// - Throws: ``IDTokenError``.
    package func idToken() async throws(IDTokenError) -> IDToken {
        var body = JSONWriter()
        body.object { object in
            object.member("audience", audience)
            object.member("includeEmail", includesEmail)
            if !delegates.isEmpty {
                object.member("delegates") { list in
                    list.array { list in
                        for delegate in delegates { list.value("projects/-/serviceAccounts/\(delegate)") }
                    }
                }
            }
        }
        let request = GoogleAPIRequest(
            .iamCredentials,
            "POST",
            (try await account()).resourcePath,
            verb: "generateIdToken",
            body: body.bytes
        )
        let answer: JSONDocument
        do throws(GoogleAPIError) { answer = try await api.call(request) } catch { throw IDTokenError(error) }
        guard let text = answer.root["token"]?.string() else { throw .api(api.malformed(request)) }
        return try IDToken(parsing: text, audience: audience)
    }
}

extension IDTokenError {
    /// What is in the way of a call is so of a token.
    fileprivate init(_ error: GoogleAPIError) {
        switch error {
        case .credentials(let error): self = .credentials(error)
        case .transport(let error): self = .transport(error)
        default: self = .api(error)
        }
    }
}
