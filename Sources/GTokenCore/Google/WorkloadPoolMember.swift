/// A Kubernetes ServiceAccount as a member in an IAM policy of Google, through the project's workload
/// identity pool: `serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME]`.
public struct WorkloadPoolMember: Sendable, Hashable {
    /// The project of the cluster.
    public let project: GoogleProjectID
    /// The ServiceAccount.
    public let serviceAccount: KubernetesServiceAccountName

    /// Makes the member of a ServiceAccount in a project's clusters.
    public init(project: GoogleProjectID, serviceAccount: KubernetesServiceAccountName) {
        self.project = project
        self.serviceAccount = serviceAccount
    }

    /// Reads a member.
    ///
    /// - Throws: ``NameError`` for the part that is wrong, or for the whole where it has another shape.
    public init(parsing text: String) throws(NameError) {
        guard text.hasPrefix(Self.prefix), text.hasSuffix("]"),
            let bracket = text.firstIndex(of: "[")
        else { throw NameError(.workloadPoolMember, text.isEmpty ? .empty : .shape) }
        let pool = text[..<bracket].dropFirst(Self.prefix.count)
        let names = text[bracket...].dropFirst().dropLast()
            .split(separator: "/", omittingEmptySubsequences: false)
        guard pool.hasSuffix(Self.suffix), names.count == 2 else {
            throw NameError(.workloadPoolMember, .shape)
        }
        project = try GoogleProjectID(parsing: String(pool.dropLast(Self.suffix.count)))
        serviceAccount = try KubernetesServiceAccountName(namespace: String(names[0]), name: String(names[1]))
    }

    /// The pool of the project's clusters: `PROJECT.svc.id.goog`.
    public var pool: String { "\(project)\(Self.suffix)" }

    private static let prefix = "serviceAccount:"
    private static let suffix = ".svc.id.goog"
}

extension WorkloadPoolMember: CustomStringConvertible {
    /// The member as it stands in a policy.
    public var description: String { "\(Self.prefix)\(pool)[\(serviceAccount)]" }
}
