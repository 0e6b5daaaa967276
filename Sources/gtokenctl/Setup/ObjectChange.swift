import GTokenCore

/// What is to be done, or was done, about one object.
struct ObjectChange: Sendable, Equatable {
    /// What happens to the object as a whole.
    enum Action: String, Sendable {
        /// It is as it should be.
        case keep
        /// It is not there.
        case create
        /// Something about it differs.
        case update
        /// It goes.
        case delete
        /// It stays, though it is no longer needed: somebody else's, or in use.
        case leave
    }

    let object: ObjectID
    let action: Action
    /// What about it changes, or why it stays.
    let details: [Detail]

    /// One line of a diff.
    enum Detail: Sendable, Equatable {
        /// Something that comes: `roles/iam.workloadIdentityUser`, and to whom.
        case add(String, String)
        /// Something that goes.
        case remove(String, String)
        /// Something that has another value afterwards.
        case change(String, from: String, to: String)
        /// A JSON document that is another afterwards, before and after.
        case document(String, from: JSONDocument?, to: JSONDocument?)
        /// Something to know.
        case note(String)

        static func == (one: Detail, other: Detail) -> Bool { "\(one)" == "\(other)" }
    }

    init(_ object: ObjectID, _ action: Action, _ details: [Detail] = []) {
        self.object = object
        self.action = action
        self.details = details
    }

    /// An object that is there: updated where anything differs, else kept.
    static func existing(_ object: ObjectID, _ details: [Detail]) -> ObjectChange {
        ObjectChange(object, details.contains(where: \.isChange) ? .update : .keep, details)
    }

    /// Whether anything is changed by it.
    var isChange: Bool { action == .create || action == .update || action == .delete }
}

extension ObjectChange.Detail {
    /// Whether it stands for something that is done.
    var isChange: Bool { if case .note = self { false } else { true } }
}
