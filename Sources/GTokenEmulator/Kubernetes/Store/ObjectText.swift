import GTokenCore

/// What the server says of an object, whatever its client wrote.
struct ServerFields {
    var key: StoredObject.Key
    var uid: String
    var createdAt: String
    var generation: Int64?
    var resourceVersion: Int
}

/// Writes objects as they are stored.
enum ObjectText {
    /// Members of `metadata` that are the server's, or that it does not keep.
    private static let ownedMetadata: Set<String> = [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink",
        "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds",
    ]
    private static let typeMembers: Set<String> = ["kind", "apiVersion", "metadata"]

    /// The stored form of what a client sent, with the server's fields.
    static func make(_ object: JSONValue, _ fields: ServerFields) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.member("metadata") { metadata in
                metadata.object { metadata in
                    write(fields, to: &metadata)
                    guard let given = object.present("metadata") else { return }
                    for member in given.members where !ownedMetadata.contains(member.name) {
                        guard !member.value.isNull, !isEmptyObject(member.value) else { continue }
                        metadata.member(member.name) { $0.raw(compact(member.value.rawBytes)) }
                    }
                }
            }
            for member in object.members where !typeMembers.contains(member.name) {
                guard !member.value.isNull else { continue }
                root.member(member.name) { $0.raw(compact(member.value.rawBytes)) }
            }
        }
        return writer.bytes
    }

    private static func write(_ fields: ServerFields, to metadata: inout JSONWriter) {
        metadata.member("name", fields.key.name)
        if !fields.key.namespace.isEmpty { metadata.member("namespace", fields.key.namespace) }
        metadata.member("uid", fields.uid)
        metadata.member("resourceVersion", String(fields.resourceVersion))
        if let generation = fields.generation { metadata.member("generation", generation) }
        metadata.member("creationTimestamp", fields.createdAt)
    }

    /// Whether two objects differ in more than metadata and status, which is what `generation` counts.
    static func isSpecEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        func spec(_ object: JSONValue) -> [JSONMember] {
            object.members.filter {
                !typeMembers.contains($0.name) && $0.name != "status" && !$0.value.isNull
            }
        }
        let (leftMembers, rightMembers) = (spec(left), spec(right))
        return leftMembers.count == rightMembers.count
            && leftMembers.allSatisfy { member in
                right[member.name].map(member.value.isEqual(to:)) ?? false
            }
    }

    /// JSON without the white space between its parts, so that an event of a watch is one line.
    static func compact(_ json: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(json.count)
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte <= UInt8(ascii: " ") {
                continue
            }
            text.append(byte)
        }
        return text
    }

    private static func isEmptyObject(_ value: JSONValue) -> Bool {
        value.isObject && value.members.first { _ in true } == nil
    }
}
