/// The environment variables that make an AWS SDK find the token and the role, each as a Kubernetes EnvVar.
struct InjectedEnvironment {
    /// Token file, role and session name: all or, where the container has credentials of its own, none.
    private let credentials: [Variable]
    /// The region under both of its names: both or, where the container has one of them, none.
    private let region: [Variable]
    /// The choice of STS endpoint.
    private let endpoint: [Variable]
    private let tokenPath: String

    private struct Variable {
        var name: String
        var json: [UInt8]
    }

    init(_ role: RoleAnnotations, tokenPath: String, region: AWSRegion?, podName: String?) {
        self.tokenPath = tokenPath
        credentials = [
            Self.variable("AWS_ROLE_ARN", "\(role.roleARN)"),
            Self.variable("AWS_WEB_IDENTITY_TOKEN_FILE", tokenPath),
            Self.sessionName(role, podName: podName),
        ]
        // Some tools read only the one, some only the other.
        self.region =
            region.map { region in Self.regionNames.map { Self.variable($0, "\(region)") } } ?? []
        endpoint =
            role.usesRegionalSTS.map { isRegional in
                [Self.variable("AWS_STS_REGIONAL_ENDPOINTS", isRegional ? "regional" : "legacy")]
            } ?? []
    }

    private static let regionNames = ["AWS_REGION", "AWS_DEFAULT_REGION"]

    /// What a container lacks, and what the user should know about what it has.
    func additions(to container: ContainerView) -> (missing: [[UInt8]], warnings: [String]) {
        let own = OwnVariables(container.environment, tokenPath: tokenPath)
        var missing: [[UInt8]] = []
        if !own.hasOtherCredentials {
            missing += credentials.filter { !own.names.contains($0.name) }.map(\.json)
        }
        // SDKs that read both names prefer one of them: beside the user's, ours could win.
        if !own.names.contains(where: Self.regionNames.contains) { missing += region.map(\.json) }
        missing += endpoint.filter { !own.names.contains($0.name) }.map(\.json)
        var warnings: [String] = []
        if own.hasStaticKey {
            warnings.append(
                "container \"\(container.name.shownInWarning)\" sets AWS access keys, which SDKs prefer to the role"
            )
        }
        if container.hasEnvFrom {
            warnings.append(
                "container \"\(container.name.shownInWarning)\" has envFrom; AWS access keys there would be preferred to the role"
            )
        }
        return (missing, warnings)
    }

    private static func variable(_ name: String, _ value: String) -> Variable {
        var writer = JSONWriter()
        writer.object {
            $0.member("name", name)
            $0.member("value", value.literalInContainer)
        }
        return Variable(name: name, json: writer.bytes)
    }

    /// The Pod's own name, which CloudTrail then shows, and which stays the same for the Pod's life.
    ///
    /// AWS takes 2 to 64 characters. A name that the API server generates has at most 63; one that the user
    /// chose may have 1 or 253, and is then shortened here, because a reference cannot be.
    private static func sessionName(_ role: RoleAnnotations, podName: String?) -> Variable {
        let name = "AWS_ROLE_SESSION_NAME"
        if let sessionName = role.sessionName { return variable(name, "\(sessionName)") }
        if let podName, !(2...64).contains(podName.utf8.count) {
            return variable(name, "\(RoleSessionName.shortened(from: podName))")
        }
        var writer = JSONWriter()
        writer.object {
            $0.member("name", name)
            $0.member("valueFrom") { source in
                source.object {
                    $0.member("fieldRef") { $0.object { $0.member("fieldPath", "metadata.name") } }
                }
            }
        }
        return Variable(name: name, json: writer.bytes)
    }
}

/// What a container's own `env` says about AWS.
private struct OwnVariables {
    /// The names that start with `AWS_`.
    private(set) var names: [String] = []
    /// Whether the SDK is to get its credentials elsewhere than from our token.
    private(set) var hasOtherCredentials = false
    private(set) var hasStaticKey = false

    init(_ environment: JSONValue?, tokenPath: String) {
        guard let environment else { return }
        for entry in environment.elements {
            guard let nameValue = entry["name"], nameValue.hasStringPrefix("AWS_"),
                let name = nameValue.string()
            else { continue }
            names.append(name)
            switch name {
            case "AWS_WEB_IDENTITY_TOKEN_FILE":
                // Ours, from an earlier call or by the user's own hand, unless it is another file.
                let isOurs = [tokenPath, tokenPath.literalInContainer].contains {
                    entry["value"]?.isString($0) ?? false
                }
                if !isOurs { hasOtherCredentials = true }
            case "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI":
                hasOtherCredentials = true
            case "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY":
                hasStaticKey = true
            default:
                break
            }
        }
    }
}
