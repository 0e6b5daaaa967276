/// How the administrative side of the stand-in for Google behaves; it can be changed while it answers.
package struct GoogleCloudBehaviour: Sendable {
    /// A permission that the administrator does not have, whatever his role says.
    package struct Denial: Sendable, Equatable {
        /// The permission, such as `iam.serviceAccounts.setIamPolicy`.
        package var permission: String
        /// How the name of the resource ends that it is about; any where it is empty.
        package var resourceSuffix: String

        /// Makes a denial.
        package init(_ permission: String, on resourceSuffix: String = "") {
            (self.permission, self.resourceSuffix) = (permission, resourceSuffix)
        }
    }

    /// What the administrator may not.
    package var denials: [Denial] = []
    /// How many calls do not know a new service account yet.
    package var newAccountUnknownFor = 0
    /// How many writes of a policy find that somebody else was faster.
    package var concurrentPolicyChanges = 0
    /// How often a change to a cluster is asked about before it is done.
    package var pollsUntilDone = 2
    /// Why changes to clusters fail; `nil` where they do not.
    package var operationFailure: String?

    /// A cloud that is well.
    package init() {}

    /// Whether the administrator is denied a permission on a resource.
    func denies(_ permission: String, on resource: String) -> Bool {
        denials.contains { $0.permission == permission && resource.hasSuffix($0.resourceSuffix) }
    }
}
