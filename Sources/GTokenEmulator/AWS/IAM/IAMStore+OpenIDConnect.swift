import GTokenCore

extension IAMStore {
    /// Performs an action on an identity provider; the result is empty where the action has none, and `nil` is for any
    /// other action.
    mutating func writeProvider(_ action: String, _ call: IAMParameters) throws(AWSFailure) -> [Node]? {
        switch action {
        case "CreateOpenIDConnectProvider": return try createProvider(call)
        case "DeleteOpenIDConnectProvider":
            // What is not there is as good as deleted (IAM API, DeleteOpenIDConnectProvider).
            self[provider: try call.text("OpenIDConnectProviderArn", 20...2048)] = nil
        case "AddClientIDToOpenIDConnectProvider":
            try updateProvider(call) { provider throws(AWSFailure) in
                let id = try call.text("ClientID", 1...255)
                guard !provider.clientIDs.contains(id) else { return }
                try Self.checkNumber(ofClientIDs: provider.clientIDs.count + 1)
                provider.clientIDs.append(id)
            }
        case "RemoveClientIDFromOpenIDConnectProvider":
            try updateProvider(call) { provider throws(AWSFailure) in
                let id = try call.text("ClientID", 1...255)
                provider.clientIDs.removeAll { $0 == id }
            }
        case "TagOpenIDConnectProvider":
            try updateProvider(call) { provider throws(AWSFailure) in
                try Self.merge(try call.tags(), into: &provider.tags, "TagsPerOpenIDConnectProvider")
            }
        case "UntagOpenIDConnectProvider":
            try updateProvider(call) { provider throws(AWSFailure) in
                for key in call.list("TagKeys") { provider.tags[key] = nil }
            }
        default: return nil
        }
        return []
    }

    private mutating func updateProvider(
        _ call: IAMParameters,
        _ change: (inout Provider) throws(AWSFailure) -> Void
    ) throws(AWSFailure) {
        var provider = try existingProvider(call)
        try change(&provider)
        self[provider: "\(provider.arn)"] = provider
    }

    private mutating func createProvider(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        let url = try call.text("Url", 1...255)
        let caller = call.caller
        guard let issuer = try? OpenIDConnectIssuer(parsing: url),
            let arn = try? OpenIDConnectProviderARN(
                partition: caller.partition,
                accountID: caller.accountID,
                issuer: issuer
            )
        else { throw .validation("Invalid Open ID Connect Provider URL") }
        guard self[provider: "\(arn)"] == nil else {
            throw .alreadyExists("Provider with url \(url) already exists.")
        }
        let clientIDs = call.list("ClientIDList")
        try Self.checkNumber(ofClientIDs: clientIDs.count)
        guard providers(of: caller.accountID).count < Self.providersPerAccount else {
            throw .limitExceeded(
                "Cannot exceed quota for OpenIdConnectProvidersPerAccount: \(Self.providersPerAccount)"
            )
        }
        var provider = Provider(
            arn: arn,
            createdAt: call.now,
            clientIDs: clientIDs,
            thumbprints: call.list("ThumbprintList")
        )
        try Self.merge(try call.tags(), into: &provider.tags, "TagsPerOpenIDConnectProvider")
        self[provider: "\(arn)"] = provider
        return [.text("OpenIDConnectProviderArn", "\(arn)")]
    }

    private static func checkNumber(ofClientIDs count: Int) throws(AWSFailure) {
        guard count <= clientIDsPerProvider else {
            throw .limitExceeded(
                "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: \(clientIDsPerProvider)"
            )
        }
    }

    /// IAM User Guide, "IAM and AWS STS quotas".
    private static let providersPerAccount = 100
    private static let clientIDsPerProvider = 100
}
