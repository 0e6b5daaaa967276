package import GTokenCore
package import GTokenNet

/// Why a source gave no ID token that could be used.
package enum IDTokenError: Error, Equatable, Sendable {
    /// There is no answer.
    case transport(HTTPClientError)
    /// The source refused, with its own words, on one line of at most 1,000 characters.
    case refused(url: String, status: Int, message: String)
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
        case .refused(_, 400, _), .otherAudience: false
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
        case .notTheMetadataServer(let url):
            "\(url) answered without the header Metadata-Flavor: Google, so it is not the metadata server"
        case .malformedToken(let error): "the answer is not an ID token: \(error)"
        case .missingExpiry: "the ID token has no expiry"
        case .staleToken: "the source goes on handing out a token that has expired"
        case .otherAudience: "the ID token is for another audience than the one that was asked for"
        }
    }
}
