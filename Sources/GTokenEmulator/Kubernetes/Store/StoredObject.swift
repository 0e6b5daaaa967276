import GTokenCore

/// One state of one object; a change makes another one.
///
/// A class, so that the collection, the history and a list in progress share it.
final class StoredObject: Sendable {
    /// Where an object is; the namespace is empty for objects of the cluster.
    struct Key: Hashable, Comparable {
        var namespace: String
        var name: String

        static func < (left: Key, right: Key) -> Bool {
            (left.namespace, left.name) < (right.namespace, right.name)
        }
    }

    let key: Key
    /// The version of the change that made this state.
    let resourceVersion: Int
    /// The object in compact JSON, `metadata` first, without `kind` and `apiVersion`, which lists leave out.
    let json: [UInt8]
    /// What each field manager applied last.
    let applied: [String: [UInt8]]

    init(key: Key, resourceVersion: Int, json: [UInt8], applied: [String: [UInt8]] = [:]) {
        self.key = key
        self.resourceVersion = resourceVersion
        self.json = json
        self.applied = applied
    }

    /// The object to read in; nothing is kept, because most objects are never looked into.
    var root: JSONValue {
        // Invariant: only `ObjectText` makes the JSON, from values that were checked.
        (try? JSONDocument(json))?.root ?? JSONValue.empty
    }

    var metadata: JSONValue { root["metadata"] ?? JSONValue.empty }

    var uid: String { metadata["uid"]?.string() ?? "" }
}

extension JSONValue {
    /// An object without members.
    static let empty: JSONValue = {
        var writer = JSONWriter()
        writer.object { _ in }
        guard let document = try? JSONDocument(writer.bytes) else {
            // Invariant: a writer writes JSON.
            preconditionFailure("{} is JSON")
        }
        return document.root
    }()

    /// A member that is there and not `null`, which the API server takes for absent.
    func present(_ name: String) -> JSONValue? {
        self[name].flatMap { $0.isNull ? nil : $0 }
    }
}
