package import GTokenCore
package import GTokenNet

/// Why a source gave no ID token that could be used.
package enum IDTokenError: Error, Equatable, Sendable {
    /// There is no answer.
    case transport(HTTPClientError)
    /// The source refused, with its own words, on one line of at most 1,000 characters.
    case refused(url: String, status: Int, message: String)
    /// There are no credentials to ask with.
    case credentials(GoogleCredentialError)
    /// One of Google's APIs gave none.
    case api(GoogleAPIError)
    /// The Pod has no Google service account: Google knows it by its workload identity pool alone, for which there are no ID
    /// tokens.
    case noServiceAccount(pool: String)
    /// Nothing says whose token is wanted.
    case unknownAccount
    /// What answered does not say that it is Google's metadata server.
    case notTheMetadataServer(url: String)
    /// The answer is not a token.
    case malformedToken(JWTError)
    /// The token has no `exp`.
    case missingExpiry
    /// The token is for another audience than the one that was asked for.
    case otherAudience
    /// The source goes on handing out a token that has expired.
    case staleToken

    /// Whether the same question may be answered better a little later.
    ///
    /// Refusals are among them: while a Pod starts, the GKE metadata server answers 403 and 404 for
    /// ServiceAccounts that are quite in order, and a missing binding may be on its way. Only 400 says that the
    /// question is wrong.
    package var isTransient: Bool {
        switch self {
        case .refused(_, 400, _), .otherAudience, .unknownAccount: false
        case .credentials(.unusableFile), .credentials(.expiredLogin), .credentials(.malformedToken): false
        case .api(.refused(_, let status)): status.code != 400
        default: true
        }
    }
}

extension IDTokenError: CustomStringConvertible {
    /// One line, with the source's own words where there are any.
    package var description: String {
        switch self {
        case .transport(let error): "\(error)"
        case .refused(let url, let status, let message): "\(url) answered \(status): \(message)"
        case .credentials(let error): "\(error)"
        case .api(let error): "\(error)"
        case .noServiceAccount(let pool):
            "the Pod's ServiceAccount acts as no Google service account, but as itself in \(pool), for which Google makes no "
                + "ID tokens"
        case .unknownAccount:
            "whose token is wanted is not said, and the credentials are no service account's"
        case .notTheMetadataServer(let url):
            "\(url) answered without the header Metadata-Flavor: Google, so it is not the metadata server"
        case .malformedToken(let error): "the answer is not an ID token: \(error)"
        case .missingExpiry: "the ID token has no expiry"
        case .staleToken: "the source goes on handing out a token that has expired"
        case .otherAudience: "the ID token is for another audience than the one that was asked for"
        }
    }
}
