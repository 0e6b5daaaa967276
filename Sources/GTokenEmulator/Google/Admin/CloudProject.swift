import GTokenCore

/// A project as the stand-in keeps it.
package struct CloudProject: Sendable {
    /// The APIs that the stand-in has.
    package static let allServices: Set<String> = [
        "iam.googleapis.com", "iamcredentials.googleapis.com", "container.googleapis.com",
        "serviceusage.googleapis.com", "cloudresourcemanager.googleapis.com",
    ]

    let id: GoogleProjectID
    let number: String
    var services: Set<String>
    var policy = CloudPolicy()

    init(id: GoogleProjectID, number: String, services: Set<String>) {
        (self.id, self.number, self.services) = (id, number, services)
    }
}

/// A change to a cluster that goes on in the background.
struct CloudOperation: Sendable {
    var name: String
    var cluster: GKECluster
    var pollsLeft: Int
    var failure: String?
    /// What it makes of the cluster when it is done.
    var change: @Sendable (inout CloudCluster) -> Void

    var isDone: Bool { pollsLeft <= 0 }
}
