internal import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// The token of application default credentials, from OAuth's token endpoint: a login is refreshed (RFC 6749 section
/// 6), a key signs an assertion (RFC 7523 section 2.1).
package struct OAuthAccessToken: GoogleAccessTokenSource {
    private enum Grant {
        case refresh(ApplicationDefaultCredentials.AuthorizedUser)
        case assertion(ApplicationDefaultCredentials.ServiceAccountKey)
    }

    private let grant: Grant
    private let url: HTTPURL
    private let clock: any Clock
    private let send: GoogleAPIClient.Transport

    /// The scope of everything; what the caller may, IAM says.
    private static let scope = "https://www.googleapis.com/auth/cloud-platform"

    /// A person's tokens; `url` is Google's token endpoint.
    package init(
        of user: ApplicationDefaultCredentials.AuthorizedUser,
        at url: HTTPURL,
        clock: any Clock,
        transport: @escaping GoogleAPIClient.Transport
    ) {
        (grant, self.url, self.clock, send) = (.refresh(user), url, clock, transport)
    }

    /// A service account's tokens, by its key.
    package init(
        of key: ApplicationDefaultCredentials.ServiceAccountKey,
        clock: any Clock,
        transport: @escaping GoogleAPIClient.Transport
    ) {
        (grant, url, self.clock, send) = (.assertion(key), key.tokenURL, clock, transport)
    }

    package func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        let form = try form()
        var request = HTTPClientRequest.post(form, to: url)
        request.maxResponseBytes = 64 << 10
        request.isReplayable = true
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await send(request)
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .transport(error)
        }
        guard response.isSuccess else {
            let status = GoogleErrorStatus(
                code: response.status,
                body: response.body,
                hiding: form.items.map(\.value)
            )
            // RFC 6749 section 5.2: expired, taken back, or of another client.
            if case .refresh = grant, status.status == "invalid_grant" {
                throw .expiredLogin(source: "\(self)")
            }
            throw .refused(url: url.description, status)
        }
        return try OAuthAnswer.accessToken(in: response.body, from: url, at: clock.now())
    }

    private func form() throws(GoogleCredentialError) -> HTTPForm {
        switch grant {
        case .refresh(let user):
            return [
                "grant_type": "refresh_token", "client_id": user.clientID, "client_secret": user.clientSecret,
                "refresh_token": user.refreshToken,
            ]
        case .assertion(let key):
            return try ServiceAccountAssertion.form(
                of: key,
                for: .accessToken(scope: Self.scope),
                at: clock.now(),
                source: "\(self)"
            )
        }
    }
}

extension OAuthAccessToken: CustomStringConvertible, CustomReflectable {
    /// Where they are from.
    package var description: String { "application default credentials" }

    /// Nothing to dump beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
