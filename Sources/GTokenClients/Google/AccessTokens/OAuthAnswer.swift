import GTokenCore
import GTokenNet

/// What a token endpoint of OAuth 2 answers with (RFC 6749 section 5.1), and the metadata server too.
enum OAuthAnswer {
    /// The access token in a body.
    static func accessToken(
        in body: [UInt8],
        from url: HTTPURL,
        at now: UnixTime
    ) throws(GoogleCredentialError) -> GoogleAccessToken {
        guard let answer = try? JSONDocument(body).root, let text = answer["access_token"]?.string(),
            let seconds = answer["expires_in"]?.integer(), (1...86_400).contains(seconds)
        else { throw .malformedAnswer(url: url.description) }
        do throws(GoogleCredentialError) {
            return try GoogleAccessToken(text, expiresAt: now + .seconds(seconds), source: url.description)
        } catch {
            throw .malformedAnswer(url: url.description)
        }
    }
}
