import GTokenClients
import GTokenCore

/// Everything that bindings need, each object once, however many bindings share it.
struct SetupWork {
    /// The objects, in an order of their own.
    let objects: [any SetupObject]
    private let bindings: [Binding]
    private let byID: [ObjectID: any SetupObject]

    /// Finds out what bindings need.
    ///
    /// - Throws: ``SetupError`` where two of them contradict each other.
    init(_ bindings: [Binding], in account: SetupContext.AWSAccount) throws {
        self.bindings = bindings
        var objects: [any SetupObject] = []
        let google = bindings.filter { $0.identity == .google }
        objects += Self.unique(google.map(\.cluster)).map { ClusterObject(cluster: $0) }
        for (email, users) in Self.grouped(google, by: \.googleServiceAccount) {
            guard let email else { continue }
            objects.append(GoogleAccountObject(email: email, users: Self.unique(users.map(\.serviceAccount))))
            let members = users.map {
                WorkloadPoolMember(project: $0.cluster.project, serviceAccount: $0.serviceAccount)
            }
            objects.append(
                GoogleBindingsObject(
                    email: email,
                    members: Self.unique(members),
                    makesOwnTokens: users.contains(where: \.usesIAMCredentials)
                )
            )
        }
        let providers = try Self.providers(bindings, account)
        objects += providers.map { IdentityProviderObject(arn: $0.arn, audiences: $0.audiences) }
        for (name, users) in Self.grouped(bindings, by: \.role.name.name) {
            let settings = users[0].role
            guard users.allSatisfy({ $0.role == settings }) else {
                throw SetupError(
                    "the bindings of the role \(name) ask for different things of it",
                    hint: "have all of them name the same policies, tags and maximum session"
                )
            }
            let issuers = Set(
                try users.filter { $0.identity == .cluster }.map { try OpenIDConnectIssuer($0.cluster) }
            )
            objects.append(
                RoleObject(
                    settings: settings,
                    bindings: users,
                    providers: providers.map(\.arn).filter { issuers.contains($0.issuer) }
                )
            )
        }
        objects += Self.unique(bindings.map(\.serviceAccount.namespace)).map { NamespaceObject(name: $0) }
        var seen: Set<KubernetesServiceAccountName> = []
        for binding in bindings {
            guard seen.insert(binding.serviceAccount).inserted else {
                throw SetupError(
                    "two bindings are about the ServiceAccount \(binding.serviceAccount)",
                    hint: "a ServiceAccount has one role; a second one is reached by role chaining"
                )
            }
            objects.append(ServiceAccountObject(binding: binding))
        }
        self.objects = objects
        byID = Dictionary(uniqueKeysWithValues: objects.map { ($0.id, $0) })
    }

    /// What of the cluster's objects is looked at.
    static func references(of bindings: [Binding]) -> [KubernetesObjectReference] {
        unique(bindings.map { .namespace($0.serviceAccount.namespace) })
            + unique(bindings.map { .serviceAccount($0.serviceAccount) })
    }

    /// Makes and mends, each after what it needs.
    func reconciling(_ context: SetupContext) -> [SetupStep] {
        objects.map { object in
            SetupStep(object: object.id, needs: object.needs) { try await object.reconcile(context) }
        }
    }

    /// Removes, each before what it needs.
    func removing(_ context: SetupContext) -> [SetupStep] {
        var users: [ObjectID: [ObjectID]] = [:]
        for object in objects {
            for need in object.needs { users[need, default: []].append(object.id) }
        }
        return objects.map { object in
            SetupStep(object: object.id, needs: users[object.id] ?? []) { try await object.remove(context) }
        }
    }

    /// The objects that a binding needs, itself included.
    func objects(of binding: Binding) -> Set<ObjectID> {
        var found: Set<ObjectID> = []
        var open = [ObjectID(.serviceAccount, "\(binding.serviceAccount)")]
        if binding.identity == .google { open.append(ObjectID(.cluster, "\(binding.cluster)")) }
        while let id = open.popLast() {
            guard found.insert(id).inserted, let object = byID[id] else { continue }
            open += object.needs
        }
        return found
    }

    private static func providers(
        _ bindings: [Binding],
        _ account: SetupContext.AWSAccount
    ) throws -> [(arn: OpenIDConnectProviderARN, audiences: [String])] {
        let users = bindings.filter { $0.identity == .cluster }
        return try grouped(users, by: \.cluster).map { cluster, users in
            let arn = try OpenIDConnectProviderARN(
                partition: account.partition,
                accountID: account.id,
                issuer: try OpenIDConnectIssuer(cluster)
            )
            return (arn, unique(users.map(\.audience)))
        }
    }

    /// Bindings that have the same of something, in the order in which each of it comes first.
    private static func grouped<Key: Hashable>(
        _ bindings: [Binding],
        by key: (Binding) -> Key
    ) -> [(Key, [Binding])] {
        let groups = Dictionary(grouping: bindings, by: key)
        return unique(bindings.map(key)).map { ($0, groups[$0] ?? []) }
    }

    private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}
