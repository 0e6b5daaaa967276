/// The environment variables that make an AWS SDK find the token and the role, each as a Kubernetes EnvVar.
struct InjectedEnvironment {
    /// All of them, with commas between, as most containers get them.
    private(set) var json: [UInt8] = []
    /// Where each stands in what is written, and in which order.
    private(set) var places: [(variable: AWSVariables, range: Range<Int>)] = []
    /// Which these are.
    private(set) var all: AWSVariables = []
    /// The token's file in a container.
    let tokenPath: String

    /// `podName` is the Pod's own name where AWS would not take it as a session's.
    init(_ role: RoleAnnotations, tokenPath: String, region: AWSRegion?, podName: String?) {
        self.tokenPath = tokenPath
        json.reserveCapacity(640)
        places.reserveCapacity(6)
        add(.roleARN, #"{"name":"AWS_ROLE_ARN","value":"#, role.roleARN.description)
        add(.tokenFile, #"{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"#, tokenPath)
        addSessionName(role, podName)
        if let region {
            // Some tools read only the one, some only the other.
            add(.region, #"{"name":"AWS_REGION","value":"#, region.description)
            add(.defaultRegion, #"{"name":"AWS_DEFAULT_REGION","value":"#, region.description)
        }
        if let isRegional = role.usesRegionalSTS {
            let endpoints = isRegional ? "regional" : "legacy"
            add(.endpoint, #"{"name":"AWS_STS_REGIONAL_ENDPOINTS","value":"#, endpoints)
        }
    }

    /// What a container lacks.
    func missing(_ own: OwnVariables) -> AWSVariables {
        var missing = all.subtracting(own.names)
        if own.hasOtherCredentials { missing.subtract(.credentials) }
        // SDKs that read both names prefer one of them: beside the user's, ours could win.
        if !own.names.isDisjoint(with: .regions) { missing.subtract(.regions) }
        return missing
    }

    /// Writes a variable from its beginning and its value.
    private mutating func add(_ variable: AWSVariables, _ start: StaticString, _ value: String) {
        note(variable) { bytes in
            bytes.append(start)
            JSONWriter.appendQuoted(value.literalInContainer, to: &bytes)
            bytes.append(.closeBrace)
        }
    }

    private mutating func note(_ variable: AWSVariables, _ write: (inout [UInt8]) -> Void) {
        if !json.isEmpty { json.append(.comma) }
        let start = json.count
        write(&json)
        places.append((variable, start..<json.count))
        all.insert(variable)
    }

    /// The Pod's own name, which CloudTrail then shows, and which stays the same for the Pod's life.
    ///
    /// AWS takes 2 to 64 characters. A name that the API server generates has at most 63; one that the user
    /// chose may have 1 or 253, and is then shortened here, because a reference cannot be.
    private mutating func addSessionName(_ role: RoleAnnotations, _ podName: String?) {
        let start: StaticString = #"{"name":"AWS_ROLE_SESSION_NAME","value":"#
        if let sessionName = role.sessionName {
            add(.sessionName, start, sessionName.description)
        } else if let podName {
            add(.sessionName, start, RoleSessionName.shortened(from: podName).description)
        } else {
            note(.sessionName) { bytes in
                bytes.append(#"{"name":"AWS_ROLE_SESSION_NAME","valueFrom":"#)
                bytes.append(#"{"fieldRef":{"fieldPath":"metadata.name"}}}"#)
            }
        }
    }
}

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
