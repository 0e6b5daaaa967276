/// Why a text is not the name that was asked for.
///
/// It never carries the text: what is pasted where a name belongs may be a secret.
public struct NameError: Error, Equatable, Sendable {
    /// Which name was expected.
    public var expected: ExpectedName
    /// What is wrong with the text.
    public var problem: NameProblem

    /// Makes the error.
    public init(_ expected: ExpectedName, _ problem: NameProblem) {
        self.expected = expected
        self.problem = problem
    }
}

/// The names that are parsed.
public enum ExpectedName: Equatable, Sendable {
    /// A Google Cloud project id, such as `my-project`.
    case googleProjectID
    /// A Google service account's e-mail, such as `NAME@PROJECT.iam.gserviceaccount.com`.
    case googleServiceAccountEmail
    /// The numeric id of a Google service account.
    case googleUniqueID
    /// A ServiceAccount as IAM names it, such as `serviceAccount:PROJECT.svc.id.goog[NS/NAME]`.
    case workloadPoolMember
    /// A region or zone of Google Cloud, such as `europe-west1`.
    case googleLocation
    /// The name of a GKE cluster.
    case gkeCluster
    /// An OpenID Connect issuer, such as `https://container.googleapis.com/v1/…`.
    case openIDConnectIssuer
    /// A Kubernetes namespace.
    case kubernetesNamespace
    /// A Kubernetes ServiceAccount.
    case kubernetesServiceAccount
    /// The name of an AWS role session.
    case roleSessionName
    /// An AWS region, such as `eu-central-1`.
    case awsRegion
}

/// What can be wrong with a name.
public enum NameProblem: Equatable, Sendable {
    /// There is nothing.
    case empty
    /// It has this many characters (bytes of UTF-8), fewer than the name may have.
    case tooShort(Int)
    /// It has this many characters (bytes of UTF-8), more than the name may have.
    case tooLong(Int)
    /// The character at this offset in UTF-8 is not allowed where it stands.
    case character(offset: Int)
    /// The parts of the name are not there.
    case shape
}

extension NameError: CustomStringConvertible {
    /// One line: what was expected and what is wrong.
    public var description: String { "expected \(expected): \(problem)" }
}

extension ExpectedName: CustomStringConvertible {
    /// The name's kind and its rules.
    public var description: String {
        switch self {
        case .googleProjectID: "a Google project id (6 to 30 of a-z, 0-9 and -, a letter first)"
        case .googleServiceAccountEmail:
            "a Google service account's e-mail (NAME@PROJECT.iam.gserviceaccount.com)"
        case .googleUniqueID: "a Google service account's unique id (20 to 30 digits)"
        case .workloadPoolMember:
            "a workload identity member (serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME])"
        case .googleLocation: "a Google region or zone (1 to 63 of a-z, 0-9 and -, a letter first)"
        case .gkeCluster: "a GKE cluster's name (1 to 40 of a-z, 0-9 and -, a letter first)"
        case .openIDConnectIssuer:
            "an issuer (https://HOST or https://HOST/PATH, at most 255 characters, without port and query)"
        case .kubernetesNamespace: "a Kubernetes namespace (1 to 63 of a-z, 0-9 and -, no - at the ends)"
        case .kubernetesServiceAccount:
            "a ServiceAccount's name (1 to 253 of a-z, 0-9, - and ., a letter or digit around each .)"
        case .roleSessionName: "a role session name (2 to 64 of A-Z, a-z, 0-9 and _+=,.@-)"
        case .awsRegion: "an AWS region (such as eu-west-1)"
        }
    }
}

extension NameProblem: CustomStringConvertible {
    /// What is wrong, without the text.
    public var description: String {
        switch self {
        case .empty: "it is empty"
        case .tooShort(let count): "it is too short (\(count))"
        case .tooLong(let count): "it is too long (\(count))"
        case .character(let offset): "the character at offset \(offset) is not allowed there"
        case .shape: "it has another shape"
        }
    }
}
