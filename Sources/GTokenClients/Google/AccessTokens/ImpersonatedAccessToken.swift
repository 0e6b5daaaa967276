package import GTokenCore
internal import GTokenNet

/// The token of a service account that the caller may act as: `generateAccessToken` of IAM Credentials.
///
/// The caller needs `roles/iam.serviceAccountTokenCreator` on the account, or on the first delegate, and each delegate
/// on the next.
package struct ImpersonatedAccessToken: GoogleAccessTokenSource {
    private let account: GoogleServiceAccountEmail
    private let delegates: [GoogleServiceAccountEmail]
    private let api: GoogleAPIClient

    /// Makes a source of an account's tokens; `api` calls as the one who impersonates it.
    package init(
        of account: GoogleServiceAccountEmail,
        through delegates: [GoogleServiceAccountEmail] = [],
        by api: GoogleAPIClient
    ) {
        self.account = account
        self.delegates = delegates
        self.api = api
    }

    package func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        var body = JSONWriter()
        body.object { object in
            object.member("delegates") { list in
                list.array { list in
                    for delegate in delegates { list.value("projects/-/serviceAccounts/\(delegate)") }
                }
            }
            object.member("scope") { $0.array { $0.value("https://www.googleapis.com/auth/cloud-platform") } }
            object.member("lifetime", "3600s")
        }
        let request = GoogleAPIRequest(
            .iamCredentials,
            "POST",
            account.resourcePath,
            verb: "generateAccessToken",
            body: body.bytes
        )
        do throws(GoogleAPIError) {
            let answer = try await api.call(request).root
            let end = answer["expireTime"]?.string().flatMap { UnixTime(rfc3339: $0) }
            guard let text = answer["accessToken"]?.string(), let end else { throw api.malformed(request) }
            return try token(text, until: end, request)
        } catch {
            throw GoogleCredentialError(error)
        }
    }

    private func token(
        _ text: String,
        until end: UnixTime,
        _ request: GoogleAPIRequest
    ) throws(GoogleAPIError) -> GoogleAccessToken {
        do throws(GoogleCredentialError) {
            return try GoogleAccessToken(text, expiresAt: end, source: description)
        } catch {
            throw api.malformed(request)
        }
    }
}

extension ImpersonatedAccessToken: CustomStringConvertible {
    /// The account.
    package var description: String { "the service account \(account)" }
}

extension GoogleCredentialError {
    /// What it means for a token that a call for it failed.
    fileprivate init(_ error: GoogleAPIError) {
        switch error {
        case .credentials(let error): self = error
        case .transport(let error): self = .transport(error)
        case .refused(let url, let status): self = .refused(url: url, status)
        case .malformedAnswer(let url), .missingField(let url, _): self = .malformedAnswer(url: url)
        case .operation(let name, _): self = .malformedAnswer(url: name)
        case .cancelled: self = .cancelled
        }
    }
}
