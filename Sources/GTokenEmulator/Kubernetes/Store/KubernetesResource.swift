/// A kind of object that the stand-in keeps, and how its API speaks of it.
package struct KubernetesResource: Sendable {
    /// What sets a kind apart from most.
    package struct Traits: OptionSet, Sendable {
        package let rawValue: Int

        /// Makes a set of traits from its bits.
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Its objects are the cluster's, in no namespace.
        package static let clusterScoped = Traits(rawValue: 1)
        /// `metadata.generation` counts the changes to everything but metadata and status.
        package static let counted = Traits(rawValue: 2)
        /// An update must name the version that it changes.
        package static let versionRequired = Traits(rawValue: 4)
        /// A deletion answers with the object, not with a Status.
        package static let returnedWhenDeleted = Traits(rawValue: 8)
        /// Names need only be fit for a path, such as `system:node`.
        package static let freelyNamed = Traits(rawValue: 16)
    }

    /// The API group; empty for the core group.
    package let group: String
    /// The one version that is served.
    package let version: String
    /// The name in paths, such as `serviceaccounts`.
    package let plural: String
    /// The name in objects, such as `ServiceAccount`.
    package let kind: String
    /// What kubectl also calls it.
    package let shortNames: [String]
    let traits: Traits

    init(
        _ kind: String,
        _ plural: String,
        group: String = "",
        shortNames: [String] = [],
        _ traits: Traits = []
    ) {
        self.group = group
        version = "v1"
        self.plural = plural
        self.kind = kind
        self.shortNames = shortNames
        self.traits = traits
    }

    /// Whether its objects are in namespaces.
    package var isNamespaced: Bool { !traits.contains(.clusterScoped) }

    /// What `apiVersion` says in its objects.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The name with its group, as messages have it: `deployments.apps`.
    package var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// The path under which its group is served, in segments.
    var basePath: [String] { group.isEmpty ? ["api", version] : ["apis", group, version] }
}

extension KubernetesResource: Hashable {
    /// Whether both have the same group and name.
    package static func == (left: KubernetesResource, right: KubernetesResource) -> Bool {
        left.plural == right.plural && left.group == right.group
    }

    /// Hashes the group and the name.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(plural)
        hasher.combine(group)
    }
}
