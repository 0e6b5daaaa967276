package import GTokenClients

/// The token that somebody put into the environment: `GOOGLE_OAUTH_ACCESS_TOKEN`, as Terraform's provider has it.
package struct EnvironmentAccessToken: GoogleAccessTokenSource {
    /// The variable.
    package static let variable = "GOOGLE_OAUTH_ACCESS_TOKEN"

    private let text: String

    /// The token of an environment; nil where there is none.
    package init?(environment: [String: String]) {
        guard let text = environment[Self.variable], !text.isEmpty else { return nil }
        self.text = text
    }

    package func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        try GoogleAccessToken(text, expiresAt: nil, source: Self.variable)
    }
}

extension EnvironmentAccessToken: CustomStringConvertible, CustomReflectable {
    /// The variable; never its value.
    package var description: String { Self.variable }

    /// Nothing to dump beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
