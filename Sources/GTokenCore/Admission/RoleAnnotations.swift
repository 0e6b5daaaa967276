/// What the annotations of a ServiceAccount ask for; a ServiceAccount without a role ARN asks for nothing.
public struct RoleAnnotations: Equatable, Sendable {
    /// The AWS role of the Pods that run as the ServiceAccount.
    public var roleARN: RoleARN
    /// How the Pod is known to AWS.
    public var identity: Identity
    /// The token's audience, where it is not the default.
    public var audience: String?
    /// How long the cluster's token lives, in seconds, where it is not the default; without effect for `google`.
    public var tokenExpirationSeconds: Int?
    /// The AWS region of the Pod.
    public var region: AWSRegion?
    /// Whether the SDK uses STS in the region (`true`) or the global endpoint (`false`); `nil` leaves it alone.
    public var usesRegionalSTS: Bool?
    /// A session name for all Pods instead of each Pod's own.
    public var sessionName: RoleSessionName?
    /// The Google service account that the ServiceAccount acts as; looked at for identity `google` alone.
    public var googleServiceAccount: GoogleServiceAccountEmail?

    /// The two ways for a Pod to be known to AWS.
    public enum Identity: String, CaseIterable, Sendable {
        /// By the ID token of its Google service account.
        case google
        /// By its ServiceAccount's projected token.
        case cluster
    }

    /// The annotation of GKE that binds a ServiceAccount to a Google service account.
    public static let googleServiceAccountKey = "iam.gke.io/gcp-service-account"

    /// Reads the annotations of a ServiceAccount; `nil` when it names no role.
    ///
    /// - Parameters:
    ///   - annotations: all of the ServiceAccount's.
    ///   - prefix: what ours start with, slash included.
    ///   - defaultIdentity: the identity of a ServiceAccount that names none.
    /// - Throws: ``InvalidAnnotation`` for the first annotation of ours that means nothing.
    public init?(
        _ annotations: [String: String],
        prefix: String,
        defaultIdentity: Identity = .google
    ) throws(InvalidAnnotation) {
        func parse<Value, Failure>(
            _ key: String,
            _ parser: (String) throws(Failure) -> Value
        ) throws(InvalidAnnotation) -> Value? {
            guard let text = annotations[key] else { return nil }
            do throws(Failure) {
                return try parser(text)
            } catch {
                throw InvalidAnnotation(key: key, problem: "\(error)")
            }
        }
        func oneOf<Value: RawRepresentable<String> & CaseIterable>(
            _ name: String,
            _: Value.Type
        ) throws(InvalidAnnotation) -> Value? {
            guard let text = annotations[prefix + name] else { return nil }
            guard let value = Value(rawValue: text) else {
                let expected = Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
                throw InvalidAnnotation(key: prefix + name, problem: "expected \(expected)")
            }
            return value
        }
        guard let roleARN = try parse(prefix + "role-arn", RoleARN.init(parsing:)) else { return nil }
        self.roleARN = roleARN
        identity = try oneOf("identity", Identity.self) ?? defaultIdentity
        audience = annotations[prefix + "audience"]
        if let audience, audience.isEmpty || !audience.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) {
            throw InvalidAnnotation(
                key: prefix + "audience",
                problem: "expected printable ASCII characters without white space"
            )
        }
        if let text = annotations[prefix + "token-expiration"] {
            // A sign would be taken by Int, and by nothing else that reads the annotation.
            guard text.utf8.allSatisfy(\.isDigit), let seconds = Int(text),
                ClusterToken.expirationSecondsRange.contains(seconds)
            else {
                let limits = ClusterToken.expirationSecondsRange
                throw InvalidAnnotation(
                    key: prefix + "token-expiration",
                    problem: "expected seconds from \(limits.lowerBound) to \(limits.upperBound)"
                )
            }
            tokenExpirationSeconds = seconds
        }
        region = try parse(prefix + "region", AWSRegion.init(parsing:))
        sessionName = try parse(prefix + "session-name", RoleSessionName.init(parsing:))
        usesRegionalSTS = try oneOf("sts-regional-endpoints", TruthValue.self).map { $0 == .true }
        if identity == .google {
            let key = Self.googleServiceAccountKey
            googleServiceAccount = try parse(key, GoogleServiceAccountEmail.init(parsing:))
        }
    }

    private enum TruthValue: String, CaseIterable {
        case `true`, `false`
    }
}

/// An annotation of a ServiceAccount that means nothing.
public struct InvalidAnnotation: Error, Equatable, Sendable {
    /// The annotation's full key.
    public var key: String
    /// What is wrong with its value, and what was expected.
    public var problem: String
}

extension InvalidAnnotation: CustomStringConvertible {
    /// One line that names the annotation.
    public var description: String { "ServiceAccount annotation \(key): \(problem)" }
}
