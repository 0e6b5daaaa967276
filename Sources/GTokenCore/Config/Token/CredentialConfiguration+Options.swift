extension CredentialConfiguration {
    /// Which role, for how long, with which token.
    enum Options {
        static let role = Option(
            "role-arn",
            .roleARN,
            environment: "AWS_ROLE_ARN",
            help: "The role that trusts the token"
        )
        static let sessionName = Option(
            "session-name",
            .roleSessionName,
            environment: "AWS_ROLE_SESSION_NAME",
            help:
                "The session's name, which CloudTrail shows; made of HOSTNAME, in a Pod its name, when not given"
        )
        /// What the session's name is made of.
        static let hostName = Option("session-name", .path, environment: "HOSTNAME", help: "")
        static let duration = Option(
            "duration",
            .duration(.seconds(900) ... .seconds(43_200)),
            environment: "GTOKEN_DURATION",
            help: "How long the credentials are to last, as far as the role allows it; an hour when not given"
        )
        static let policyARN = Option(
            "policy-arn",
            .policyARN,
            environment: "GTOKEN_POLICY_ARNS",
            takesSeveral: true,
            help: "A managed policy that the credentials may not go beyond, at most \(maxPolicies)"
        )
        static let region = Option(
            "region",
            .awsRegion,
            environment: "AWS_REGION",
            help:
                "The region whose STS is asked (AWS_DEFAULT_REGION is read too); the global STS when not given"
        )
        static let stsEndpoint = Option(
            "sts-endpoint",
            .word("URL", expecting: "a URL such as https://sts.eu-west-1.amazonaws.com"),
            environment: "AWS_ENDPOINT_URL_STS",
            help:
                "Where STS is instead, such as at a VPC endpoint: https, or http on loopback (AWS_ENDPOINT_URL is read too)"
        )
        static let tokenFile = Option(
            "file",
            .path,
            environment: "AWS_WEB_IDENTITY_TOKEN_FILE",
            help: "The file with the ID token; Google is asked for one when not given"
        )

        static let groups = [
            CommandSpecification.Group(
                "Credentials",
                [
                    role.specification, sessionName.specification, duration.specification,
                    policyARN.specification, region.specification, stsEndpoint.specification,
                ]
            ),
            CommandSpecification.Group("A second role", RoleChainConfiguration.Options.all),
            CommandSpecification.Group("Token file", [tokenFile.specification]),
        ]
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        role = try settings.required(Options.role)
        if let name = try settings.value(Options.sessionName) {
            sessionName = name
        } else {
            // Of a Pod it is the name, so that CloudTrail says which Pod it was; it stays for the Pod's life.
            sessionName = .shortened(from: try settings.value(Options.hostName) ?? "gtoken")
        }
        duration = try settings.value(Options.duration)
        policyARNs = try settings.values(Options.policyARN)
        guard policyARNs.count <= Self.maxPolicies else {
            throw .tooMany(option: "--policy-arn", limit: Self.maxPolicies)
        }
        region = try settings.value(Options.region)
        stsEndpoint = try settings.value(Options.stsEndpoint)
        tokenFile = try settings.value(Options.tokenFile)
        token = try TokenSourceConfiguration(settings)
        chain = try RoleChainConfiguration(settings, sessionName: sessionName)
        if chain != nil, let duration, duration > Self.longestChainedDuration {
            throw .contradiction(
                option: "--duration",
                value: duration.goText,
                other: "what AWS allows with --chain-role-arn,",
                otherValue: Self.longestChainedDuration.goText
            )
        }
    }
}

extension RoleChainConfiguration {
    /// The second role.
    enum Options {
        static let role = Option(
            "chain-role-arn",
            .roleARN,
            environment: "GTOKEN_CHAIN_ROLE_ARN",
            help: "The role that the first one becomes (AssumeRole), for an hour at most"
        )
        static let sessionName = Option(
            "chain-session-name",
            .roleSessionName,
            environment: "GTOKEN_CHAIN_SESSION_NAME",
            help: "The name of its session; the first one's when not given"
        )
        static let tag = Option(
            "tag",
            .sessionTag,
            environment: "GTOKEN_TAGS",
            takesSeveral: true,
            help: "A tag of its session, at most \(SessionTag.maxCount)"
        )
        static let sourceIdentity = Option(
            "source-identity",
            .stsText(2...64, also: ""),
            environment: "GTOKEN_SOURCE_IDENTITY",
            help: "Who is behind its session, in CloudTrail and for all sessions after it"
        )
        static let externalID = Option(
            "external-id",
            .stsText(2...1224, also: ":/"),
            environment: "GTOKEN_EXTERNAL_ID",
            help: "What the role's owner asks third parties for"
        )

        static let all = [
            role.specification, sessionName.specification, tag.specification, sourceIdentity.specification,
            externalID.specification,
        ]
    }

    /// `nil` where there is no second role.
    ///
    /// - Throws: ``ConfigurationError/incomplete(option:needs:)`` where there is only what it would carry.
    init?(_ settings: Settings, sessionName first: RoleSessionName) throws(ConfigurationError) {
        let sessionName = try settings.value(Options.sessionName)
        let tags = try settings.values(Options.tag)
        let sourceIdentity = try settings.value(Options.sourceIdentity)
        let externalID = try settings.value(Options.externalID)
        guard let role = try settings.value(Options.role) else {
            let given = [
                (Options.sessionName.specification, sessionName != nil),
                (Options.tag.specification, !tags.isEmpty),
                (Options.sourceIdentity.specification, sourceIdentity != nil),
                (Options.externalID.specification, externalID != nil),
            ]
            if let (option, _) = given.first(where: \.1) {
                throw .incomplete(option: "--\(option.name)", needs: "--chain-role-arn")
            }
            return nil
        }
        guard tags.count <= SessionTag.maxCount else {
            throw .tooMany(option: "--tag", limit: SessionTag.maxCount)
        }
        // AWS compares keys without regard to case.
        guard Set(tags.map { $0.key.lowercased() }).count == tags.count else {
            throw .repeated(option: "--tag")
        }
        self.init(role: role, sessionName: sessionName ?? first)
        self.tags = tags
        self.sourceIdentity = sourceIdentity
        self.externalID = externalID
    }
}
