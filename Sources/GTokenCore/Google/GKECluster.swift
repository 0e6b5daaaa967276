/// A cluster of Google Kubernetes Engine, as Google's APIs name it: `projects/P/locations/L/clusters/C`.
public struct GKECluster: Sendable, Hashable {
    /// The project that the cluster is in.
    public let project: GoogleProjectID
    /// Its region or zone, 1 to 63 characters.
    public let location: String
    /// Its name, 1 to 40 characters (GKE API, `projects.locations.clusters`).
    public let name: String

    /// Makes the name of a cluster.
    ///
    /// - Throws: ``NameError`` for a location or a name that Google would not take.
    public init(project: GoogleProjectID, location: String, name: String) throws(NameError) {
        try Self.check(location, 1...63, .googleLocation)
        try Self.check(name, 1...40, .gkeCluster)
        self.project = project
        self.location = location
        self.name = name
    }

    private static func check(
        _ text: String,
        _ lengths: ClosedRange<Int>,
        _ expected: ExpectedName
    ) throws(NameError) {
        try NameRule.checkLength(text, lengths, expected)
        try NameRule.checkLabels(text, expected, allowsDots: false)
        guard let first = text.utf8.first, NameRule.isLowercaseLetter(first) else {
            throw NameError(expected, .character(offset: 0))
        }
    }
}

extension GKECluster: CustomStringConvertible {
    /// The cluster's resource name.
    public var description: String { "projects/\(project)/locations/\(location)/clusters/\(name)" }
}
