extension CredentialConfiguration {
    /// All settings that decide whose credentials come out, for telling those of different settings apart.
    ///
    /// Patience and the log are not among them.
    package var identity: [String] {
        let list: [(String, String?)] = [
            ("role", "\(role)"), ("session", "\(sessionName)"), ("duration", duration?.goText),
            ("region", region?.description), ("endpoint", stsEndpoint), ("file", tokenFile),
        ]
        return list.map { "\($0)=\($1 ?? "")" } + policyARNs.map { "policy=\($0)" }
            // A token file says itself whose it is; Google is asked for one.
            + (tokenFile == nil ? token.identity : []) + (chain?.identity ?? [])
    }
}

extension RoleChainConfiguration {
    fileprivate var identity: [String] {
        let list: [(String, String?)] = [
            ("chain", "\(role)"), ("chain-session", "\(sessionName)"), ("source-identity", sourceIdentity),
            ("external-id", externalID),
        ]
        return list.map { "\($0)=\($1 ?? "")" } + tags.map { "tag=\($0)" }
    }
}

extension TokenSourceConfiguration {
    /// Whose token it is, for which audience.
    fileprivate var identity: [String] {
        [
            "audience=\(audience)", "source=\(source)", "account=\(serviceAccount?.description ?? "")",
            "email=\(includesEmail)", "fallback=\(allowsIAMFallback)", "metadata=\(metadataHost)",
        ] + delegates.map { "delegate=\($0)" }
    }
}
