/// Why the store did not do what it was asked.
enum ObjectStoreError: Error, Equatable {
    /// There is no such object.
    case notFound(KubernetesResource, name: String)
    /// The name is taken.
    case alreadyExists(KubernetesResource, name: String)
    /// The object is not in the state that the change was made for.
    case conflict(KubernetesResource, name: String, Conflict)
    /// Fields of an applied configuration that other field managers apply with another value: `OWNER: PATH` of each.
    case applyConflict(KubernetesResource, name: String, [String])
    /// A field that no object may have so.
    case invalid(KubernetesResource, name: String, InvalidField)
    /// An object that is none of its kind, or not the one that was asked about.
    case malformed(String)
    /// Changes after this version are not known any more; the second is the oldest after which they are.
    case expired(asked: Int, oldest: Int)
    /// A version that has not been reached.
    case notYet(asked: Int, current: Int)

    /// What a change was made for and is not so.
    enum Conflict: Error, Equatable {
        /// The version that the change was made from is not the latest.
        case modified
        /// The object under the name is another one.
        case uid(expected: String, actual: String)
        /// The version is not the one that was to be deleted.
        case version(expected: String, actual: String)
    }

    /// A field and what is wrong with it.
    struct InvalidField: Error, Equatable {
        /// What the API calls the kind of mistake, such as `FieldValueInvalid`.
        var reason: String
        /// The path of the field.
        var field: String
        /// What is wrong.
        var problem: String
    }
}
