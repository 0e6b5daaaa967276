/// Which AWS credentials `gtoken credential-process` and `gtoken serve` get, and with which token.
public struct RoleCredentialsConfiguration: Sendable, Equatable {
    /// Where the ID token is.
    public var token: Token
    /// The role that the token assumes.
    public var role: RoleARN
    /// The session's name; `nil` for one that is made from the Pod's.
    public var sessionName: RoleSessionName?
    /// How long the credentials are to last; `nil` for AWS's default, an hour.
    public var duration: Duration?
    /// ARNs of managed policies that the session may not go beyond, at most 10.
    public var policyARNs: [String]
    /// The role that is assumed from the first one; `nil` for none.
    public var chain: ChainedRole?
    /// The region whose STS is asked; `nil` for the global one.
    public var region: AWSRegion?
    /// Where STS is instead: an `https` URL, or `http` on loopback.
    public var stsEndpoint: String?
    /// The log's level and form.
    public var log: LogForm

    /// Where an ID token is.
    public enum Token: Sendable, Equatable {
        /// In a file that something else keeps fresh, such as the injected `gtoken`.
        case file(String)
        /// At Google, who is asked each time.
        case source(TokenSourceConfiguration)
    }

    /// A role that is assumed from another one (STS API, AssumeRole).
    public struct ChainedRole: Sendable, Equatable {
        /// The role.
        public var role: RoleARN
        /// The session's name; `nil` for that of the first session.
        public var sessionName: RoleSessionName?
        /// How long the credentials are to last, at most the hour to which AWS limits chained roles.
        public var duration: Duration?
        /// The session's tags, at most 50 of `KEY=VALUE`.
        package var tags: [SessionTag]
        /// Who is behind the session.
        public var sourceIdentity: String?
        /// What the role's owner asks for.
        public var externalID: String?
    }
}

extension RoleCredentialsConfiguration {
    enum Options {
        static let file = Option(
            "file",
            .path,
            environment: "AWS_WEB_IDENTITY_TOKEN_FILE",
            help: "The file with the ID token; Google is asked for one when not given"
        )
        static let role = Option(
            "role-arn",
            .name("ARN", expecting: "\(ExpectedARN.role)", RoleARN.init(parsing:)),
            environment: "AWS_ROLE_ARN",
            help: "The AWS role to assume with the token"
        )
        static let sessionName = Option(
            "session-name",
            .sessionName,
            environment: "AWS_ROLE_SESSION_NAME",
            help: "The session's name; made of HOSTNAME, in a Pod its name, when not given"
        )
        static let duration = Option(
            "duration",
            .duration(.seconds(900) ... .seconds(43_200)),
            environment: "GTOKEN_DURATION",
            help:
                "How long the credentials are to last, at most what the role allows; AWS's default, an hour, when not given"
        )
        static let policies = Option(
            "policy-arn",
            .name(
                "ARN",
                expecting: "a policy's ARN (arn:aws:iam::123456789012:policy/NAME)",
                PolicyReference.init(arn:)
            ),
            environment: "GTOKEN_POLICY_ARNS",
            takesSeveral: true,
            help: "A managed policy that the session may not go beyond, at most 10"
        )
        static let region = Option(
            "region",
            .name("REGION", expecting: "\(ExpectedName.awsRegion)", AWSRegion.init(parsing:)),
            environment: "AWS_REGION",
            help:
                "The region whose STS is asked (AWS_DEFAULT_REGION is read too); the global STS when not given"
        )
        static let endpoint = Option(
            "sts-endpoint",
            .endpoint,
            environment: "AWS_ENDPOINT_URL_STS",
            help: "Where STS is instead, for stand-ins and private endpoints (AWS_ENDPOINT_URL is read too)"
        )

        static let chainRole = Option(
            "chain-role-arn",
            .name("ARN", expecting: "\(ExpectedARN.role)", RoleARN.init(parsing:)),
            environment: "GTOKEN_CHAIN_ROLE_ARN",
            help: "A role to assume from the first one, in its place"
        )
        static let chainSessionName = Option(
            "chain-session-name",
            .sessionName,
            environment: "GTOKEN_CHAIN_SESSION_NAME",
            help: "The name of the chained role's session; that of the first one when not given"
        )
        static let chainDuration = Option(
            "chain-duration",
            .duration(.seconds(900) ... .seconds(3600)),
            environment: "GTOKEN_CHAIN_DURATION",
            help: "How long the chained role's credentials are to last; AWS allows an hour at most"
        )
        static let tags = Option(
            "tag",
            OptionKind<SessionTag>(
                "KEY=VALUE",
                expecting: "KEY=VALUE of a session tag",
                parse: SessionTag.init(parsing:)
            ),
            environment: "GTOKEN_SESSION_TAGS",
            takesSeveral: true,
            help: "A tag of the chained role's session, at most 50"
        )
        static let sourceIdentity = Option(
            "source-identity",
            .iamWord("TEXT", lengths: 2...64, expecting: "2 to 64 of A-Z, a-z, 0-9 and _+=,.@-"),
            environment: "GTOKEN_SOURCE_IDENTITY",
            help: "Who is behind the chained role's session, for CloudTrail"
        )
        static let externalID = Option(
            "external-id",
            .iamWord(
                "TEXT",
                lengths: 2...1224,
                besides: ":/",
                expecting: "2 to 1224 of A-Z, a-z, 0-9 and _+=,.@:/-"
            ),
            environment: "GTOKEN_EXTERNAL_ID",
            help: "What the chained role's owner asks for"
        )

        static let groups =
            [
                CommandSpecification.Group(
                    "Role",
                    [
                        role.specification, sessionName.specification, duration.specification,
                        policies.specification, region.specification, endpoint.specification,
                    ]
                ),
                CommandSpecification.Group(
                    "Role chaining",
                    [
                        chainRole.specification, chainSessionName.specification, chainDuration.specification,
                        tags.specification, sourceIdentity.specification, externalID.specification,
                    ]
                ),
                CommandSpecification.Group("Token file", [file.specification]),
            ] + TokenSourceConfiguration.Options.groups + [LogForm.Options.group]
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        if let path = try settings.value(Options.file) {
            token = .file(path)
        } else {
            token = .source(try TokenSourceConfiguration(settings))
        }
        role = try settings.required(Options.role)
        sessionName = try settings.value(Options.sessionName)
        duration = try settings.value(Options.duration)
        policyARNs = try settings.values(Options.policies).map(\.description)
        guard policyARNs.count <= 10 else {
            throw .invalidValue(
                .option("--policy-arn"),
                value: "\(policyARNs.count) policies",
                expected: "at most 10"
            )
        }
        region = try settings.value(Options.region)
        stsEndpoint = try settings.value(Options.endpoint)
        chain = try ChainedRole(settings)
        log = try LogForm(settings)
    }
}

extension RoleCredentialsConfiguration.ChainedRole {
    private typealias Options = RoleCredentialsConfiguration.Options

    /// Nil where no role is given to be assumed from the first.
    ///
    /// - Throws: ``ConfigurationError``, also where something is said about a session that will not be.
    init?(_ settings: Settings) throws(ConfigurationError) {
        sessionName = try settings.value(Options.chainSessionName)
        duration = try settings.value(Options.chainDuration)
        tags = try settings.values(Options.tags)
        sourceIdentity = try settings.value(Options.sourceIdentity)
        externalID = try settings.value(Options.externalID)
        guard let role = try settings.value(Options.chainRole) else {
            let given = [
                ("--chain-session-name", sessionName != nil), ("--chain-duration", duration != nil),
                ("--tag", !tags.isEmpty), ("--source-identity", sourceIdentity != nil),
                ("--external-id", externalID != nil),
            ]
            if let (option, _) = given.first(where: \.1) {
                throw .incomplete(option: option, needs: "--chain-role-arn")
            }
            return nil
        }
        self.role = role
        guard tags.count <= SessionTag.maxCount else {
            throw .invalidValue(
                .option("--tag"),
                value: "\(tags.count) tags",
                expected: "at most \(SessionTag.maxCount)"
            )
        }
        guard Set(tags.map { $0.key.lowercased() }).count == tags.count else {
            throw .invalidValue(
                .option("--tag"),
                value: "one key twice",
                expected: "each key once, whatever its case"
            )
        }
    }
}

extension PolicyReference {
    /// Reads an ARN alone.
    fileprivate init(arn text: String) throws(PolicyReferenceError) {
        guard text.hasPrefix("arn:") else { throw PolicyReferenceError() }
        try self.init(parsing: text)
    }
}

extension OptionKind where Value == RoleSessionName {
    fileprivate static var sessionName: OptionKind {
        .name("NAME", expecting: "\(ExpectedName.roleSessionName)", RoleSessionName.init(parsing:))
    }
}

extension OptionKind where Value == String {
    /// A text of the characters that IAM allows in names, and some more.
    fileprivate static func iamWord(
        _ placeholder: String,
        lengths: ClosedRange<Int>,
        besides others: String = "",
        expecting expectation: String
    ) -> OptionKind {
        OptionKind(placeholder, expecting: expectation) { text in
            let isAllowed = text.utf8.allSatisfy {
                NameRule.isIAMNameCharacter($0) || others.utf8.contains($0)
            }
            return isAllowed && lengths ~= text.utf8.count ? text : nil
        }
    }

    /// The URL of a service: `https`, or `http` on this machine.
    package static var endpoint: OptionKind {
        OptionKind("URL", expecting: "an https:// URL, or an http:// one on loopback") { text in
            guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("?"), !text.contains("#")
            else { return nil }
            for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
                let authority = text.dropFirst(scheme.utf8.count).prefix { $0 != "/" }
                let host =
                    authority.hasPrefix("[")
                    ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
                guard !host.isEmpty, !authority.contains("@") else { return nil }
                let isLocal = ["localhost", "[::1]"].contains(host) || host.hasPrefix("127.")
                return scheme == "https://" || isLocal ? text : nil
            }
            return nil
        }
    }
}
