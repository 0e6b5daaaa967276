package import GTokenClients
package import GTokenCore
import GTokenNet

/// An identity provider of an account for an OpenID Connect issuer.
package struct IAMOpenIDConnectProvider: Sendable, Equatable {
    /// Its ARN, which names the issuer.
    package var arn: OpenIDConnectProviderARN
    /// The audiences that it takes tokens for.
    package var clientIDs: [String]
    /// The SHA-1 thumbprints of certificates that it trusts, for issuers whose own AWS does not.
    package var thumbprints: [String]
    /// Its tags.
    package var tags: [String: String]
}

extension IAMClient {
    /// An identity provider; `nil` where the account has none for the issuer.
    package func findOpenIDConnectProvider(
        _ arn: OpenIDConnectProviderARN
    ) async throws(AWSQueryError) -> IAMOpenIDConnectProvider? {
        do throws(AWSQueryError) {
            let answer = try await read(
                "GetOpenIDConnectProvider",
                ["OpenIDConnectProviderArn": "\(arn)"]
            )
            return IAMOpenIDConnectProvider(
                arn: arn,
                clientIDs: answer.texts("ClientIDList"),
                thumbprints: answer.texts("ThumbprintList"),
                tags: try answer.tags()
            )
        } catch  where error.isNoSuchEntity {
            return nil
        }
    }

    /// The ARNs of all identity providers of the account; those of another form than ours are left out.
    package func listOpenIDConnectProviders() async throws(AWSQueryError) -> [OpenIDConnectProviderARN] {
        try await read("ListOpenIDConnectProviders").members("OpenIDConnectProviderList")
            .compactMap { $0.optionalText("Arn") }
            .compactMap { try? OpenIDConnectProviderARN(parsing: $0) }
    }

    /// Makes the identity provider for an issuer; AWS itself finds the certificate that it is to trust.
    ///
    /// A provider that is there with these client ids and tags is answered like a new one: the answer to an earlier
    /// attempt may have been lost.
    ///
    /// - Throws: ``AWSQueryError``, with kind ``AWSRefusal/Kind/entityAlreadyExists`` where there is another.
    package func createOpenIDConnectProvider(
        _ arn: OpenIDConnectProviderARN,
        clientIDs: [String],
        tags: [String: String] = [:]
    ) async throws(AWSQueryError) {
        var form: HTTPForm = ["Url": "\(arn.issuer)"]
        form.add(list: "ClientIDList", clientIDs)
        form.add(tags: "Tags", tags)
        do throws(AWSQueryError) {
            try await perform("CreateOpenIDConnectProvider", form)
        } catch  where error.isAlreadyExists {
            guard let provider = try await findOpenIDConnectProvider(arn),
                Set(provider.clientIDs) == Set(clientIDs), provider.tags == tags
            else { throw error }
        }
    }

    /// Lets a provider take tokens for one more audience.
    package func addClientID(
        _ clientID: String,
        to arn: OpenIDConnectProviderARN
    ) async throws(AWSQueryError) {
        try await perform(
            "AddClientIDToOpenIDConnectProvider",
            ["OpenIDConnectProviderArn": "\(arn)", "ClientID": clientID]
        )
    }

    /// Lets a provider no longer take tokens for an audience.
    package func removeClientID(
        _ clientID: String,
        from arn: OpenIDConnectProviderARN
    ) async throws(AWSQueryError) {
        try await perform(
            "RemoveClientIDFromOpenIDConnectProvider",
            ["OpenIDConnectProviderArn": "\(arn)", "ClientID": clientID]
        )
    }

    /// Sets tags of a provider; others stay.
    package func tagOpenIDConnectProvider(
        _ arn: OpenIDConnectProviderARN,
        _ tags: [String: String]
    ) async throws(AWSQueryError) {
        guard !tags.isEmpty else { return }
        var form: HTTPForm = ["OpenIDConnectProviderArn": "\(arn)"]
        form.add(tags: "Tags", tags)
        try await perform("TagOpenIDConnectProvider", form)
    }

    /// Takes tags off a provider.
    package func untagOpenIDConnectProvider(
        _ arn: OpenIDConnectProviderARN,
        _ keys: [String]
    ) async throws(AWSQueryError) {
        guard !keys.isEmpty else { return }
        var form: HTTPForm = ["OpenIDConnectProviderArn": "\(arn)"]
        form.add(list: "TagKeys", keys)
        try await perform("UntagOpenIDConnectProvider", form)
    }

    /// Deletes a provider; roles that trust it stay, and can be assumed no longer.
    ///
    /// One that is not there is as good as deleted (IAM API, DeleteOpenIDConnectProvider).
    package func deleteOpenIDConnectProvider(_ arn: OpenIDConnectProviderARN) async throws(AWSQueryError) {
        try await perform("DeleteOpenIDConnectProvider", ["OpenIDConnectProviderArn": "\(arn)"])
    }
}
