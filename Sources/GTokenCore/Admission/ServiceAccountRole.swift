/// What a ServiceAccount says of its role, read once and good for any number of Pods.
public enum ServiceAccountRole: Equatable, Sendable {
    /// It names no role.
    case notOptedIn
    /// It names one, and how its Pods get it.
    indirect case role(RoleAnnotations)
    /// It asks for a role in a way that means nothing.
    case invalid(InvalidAnnotation)

    /// Reads a ServiceAccount's annotations by the operator's configuration.
    public init(_ annotations: [String: String], _ configuration: InjectionConfiguration) {
        do throws(InvalidAnnotation) {
            let role = try RoleAnnotations(
                annotations,
                prefix: configuration.annotationPrefix,
                defaultIdentity: configuration.defaultIdentity
            )
            self = role.map(ServiceAccountRole.role) ?? .notOptedIn
        } catch {
            self = .invalid(error)
        }
    }
}
