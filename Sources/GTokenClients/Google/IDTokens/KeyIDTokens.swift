internal import GTokenCore
internal import GTokenNet
package import GTokenRuntime

/// ID tokens of a service account by a key of it, from Google's token endpoint.
///
/// Their `azp` is the account's e-mail, where tokens of the metadata server and of IAM Credentials have its unique id: AWS
/// compares `azp` as `accounts.google.com:aud`, so that a trust policy has to have both.
package struct KeyIDTokens: Sendable {
    private let key: ApplicationDefaultCredentials.ServiceAccountKey
    private let audience: String
    private let clock: any Clock
    private let send: GoogleAPIClient.Transport

    /// Makes a source of an account's tokens for an audience.
    package init(
        of key: ApplicationDefaultCredentials.ServiceAccountKey,
        audience: String,
        clock: any Clock,
        transport: @escaping GoogleAPIClient.Transport
    ) {
        (self.key, self.audience, self.clock, send) = (key, audience, clock, transport)
    }

    /// A new token.
    ///
    /// - Throws: ``IDTokenError``.
    package func idToken() async throws(IDTokenError) -> IDToken {
        let form: HTTPForm
        do throws(GoogleCredentialError) {
            form = try ServiceAccountAssertion.form(
                of: key,
                for: .idToken(audience: audience),
                at: clock.now(),
                source: "the service account's key"
            )
        } catch {
            throw .credentials(error)
        }
        var request = HTTPClientRequest.post(form, to: key.tokenURL)
        request.maxResponseBytes = 64 << 10
        request.isReplayable = true
        let response: HTTPResponse
        do throws(HTTPClientError) { response = try await send(request) } catch { throw .transport(error) }
        let url = key.tokenURL.description
        guard response.isSuccess else {
            throw .api(
                .refused(
                    url: url,
                    GoogleErrorStatus(
                        code: response.status,
                        body: response.body,
                        hiding: form.items.map(\.value)
                    )
                )
            )
        }
        guard let text = (try? JSONDocument(response.body))?.root["id_token"]?.string() else {
            throw .api(.missingField(url: url, "id_token"))
        }
        return try IDToken(parsing: text, audience: audience)
    }
}
