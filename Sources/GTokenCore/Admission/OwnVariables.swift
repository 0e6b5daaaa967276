/// The variables that are injected.
struct AWSVariables: OptionSet {
    let rawValue: UInt8

    static let roleARN = AWSVariables(rawValue: 1)
    static let tokenFile = AWSVariables(rawValue: 2)
    static let sessionName = AWSVariables(rawValue: 4)
    static let region = AWSVariables(rawValue: 8)
    static let defaultRegion = AWSVariables(rawValue: 16)
    static let endpoint = AWSVariables(rawValue: 32)

    /// All or, where the container has credentials of its own, none.
    static let credentials: AWSVariables = [.roleARN, .tokenFile, .sessionName]
    /// The region under both of its names: both or, where the container has one of them, none.
    static let regions: AWSVariables = [.region, .defaultRegion]
}

/// What a container's own `env` says about AWS.
struct OwnVariables {
    /// Those that we would inject.
    private(set) var names: AWSVariables = []
    /// Whether the SDK is to get its credentials elsewhere than from our token.
    private(set) var hasOtherCredentials = false
    private(set) var hasStaticKey = false

    init(
        _ environment: JSONPlace?,
        tokenPath: String,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) {
        guard let environment else { return }
        var walk = JSONWalk(environment, kind: .openBracket, bytes)
        while let entry = walk.nextElement(bytes, list) {
            guard let name = JSONWalk.member("name", of: entry, bytes, list),
                JSONText.hasPrefix(bytes, at: name.offset, "AWS_")
            else { continue }
            func isNamed(_ text: StaticString) -> Bool { JSONText.isString(bytes, at: name.offset, text) }
            if isNamed("AWS_ROLE_ARN") {
                names.insert(.roleARN)
            } else if isNamed("AWS_ROLE_SESSION_NAME") {
                names.insert(.sessionName)
            } else if isNamed("AWS_REGION") {
                names.insert(.region)
            } else if isNamed("AWS_DEFAULT_REGION") {
                names.insert(.defaultRegion)
            } else if isNamed("AWS_STS_REGIONAL_ENDPOINTS") {
                names.insert(.endpoint)
            } else if isNamed("AWS_WEB_IDENTITY_TOKEN_FILE") {
                names.insert(.tokenFile)
                // Ours, from an earlier call or by the user's own hand, unless it is another file.
                let value = JSONWalk.member("value", of: entry, bytes, list)
                let text = value.flatMap { JSONText.string(bytes, at: $0.offset) }
                if text != tokenPath, text != tokenPath.literalInContainer { hasOtherCredentials = true }
            } else if isNamed("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                || isNamed("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            {
                hasOtherCredentials = true
            } else if isNamed("AWS_ACCESS_KEY_ID") || isNamed("AWS_SECRET_ACCESS_KEY") {
                hasStaticKey = true
            }
        }
    }
}
