package import GTokenCore
package import GTokenNet

/// An access token of OAuth 2 for Google's APIs; it prints nothing of its text.
package struct GoogleAccessToken: Sendable, Equatable {
    /// What stands after `Bearer`: for that header and nowhere else.
    package let text: String
    /// When it ends; `nil` where whoever gave it does not say.
    package let expiresAt: UnixTime?

    /// Makes a token.
    ///
    /// - Throws: ``GoogleCredentialError/malformedToken(source:)`` for what cannot stand in a header.
    package init(_ text: String, expiresAt: UnixTime?, source: String) throws(GoogleCredentialError) {
        guard !text.isEmpty, text.utf8.count <= 20_000, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw .malformedToken(source: source)
        }
        self.text = text
        self.expiresAt = expiresAt
    }
}

extension GoogleAccessToken: CustomStringConvertible, CustomReflectable {
    /// When it ends.
    package var description: String {
        expiresAt.map { "an access token until \($0.rfc3339)" } ?? "an access token"
    }

    /// Nothing, so that `dump` and test failures do not print a credential.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where access tokens for Google's APIs come from.
package protocol GoogleAccessTokenSource: Sendable {
    /// A new token, for the scope `https://www.googleapis.com/auth/cloud-platform`; nothing is kept.
    func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken
}

/// Why there is no access token for Google's APIs; it holds no credential.
package enum GoogleCredentialError: Error, Equatable, Sendable {
    /// None of the places has a credential.
    case notFound
    /// What was given as a token cannot be one; `source` says where it is from.
    case malformedToken(source: String)
    /// A file of credentials cannot be used, and why.
    case unusableFile(path: String, reason: String)
    /// The login has expired, or was taken back.
    case expiredLogin(source: String)
    /// The service that gives tokens refused.
    case refused(url: String, GoogleErrorStatus)
    /// The service that gives tokens has no answer.
    case transport(HTTPClientError)
    /// The answer has no token that can be used.
    case malformedAnswer(url: String)
    /// `gcloud` has no token, and why in its own words.
    case gcloud(String)
    /// The task was cancelled.
    case cancelled

    /// Whether the same may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .refused(_, let status): status.isTransient
        case .transport(let error): error.isTransient
        default: false
        }
    }
}

extension GoogleCredentialError: CustomStringConvertible {
    /// One line; what to do about it, ``hint`` says.
    package var description: String {
        switch self {
        case .notFound: "there are no Google credentials"
        case .malformedToken(let source): "\(source) does not hold an access token"
        case .unusableFile(let path, let reason): "the credentials in \(path) cannot be used: \(reason)"
        case .expiredLogin(let source): "the login of \(source) has expired"
        case .refused(let url, let status): "\(url) answered \(status)"
        case .transport(let error): "\(error)"
        case .malformedAnswer(let url): "\(url) answered without an access token"
        case .gcloud(let error): "gcloud gave no access token: \(error)"
        case .cancelled: "getting an access token was cancelled"
        }
    }

    /// What to do about it, with the command where there is one.
    package var hint: String? {
        switch self {
        case .notFound:
            "log in with 'gcloud auth login', or 'gcloud auth application-default login', "
                + "or set GOOGLE_OAUTH_ACCESS_TOKEN"
        case .malformedToken("GOOGLE_OAUTH_ACCESS_TOKEN"):
            "set it with GOOGLE_OAUTH_ACCESS_TOKEN=$(gcloud auth print-access-token)"
        case .unusableFile, .expiredLogin("application default credentials"):
            "log in again with 'gcloud auth application-default login'"
        case .expiredLogin, .gcloud: "log in again with 'gcloud auth login'"
        case .malformedToken, .refused, .transport, .malformedAnswer, .cancelled: nil
        }
    }
}
