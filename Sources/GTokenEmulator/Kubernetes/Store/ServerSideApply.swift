import GTokenCore

/// Server-side apply: a configuration merged into an object, field by field, by whoever owns which.
///
/// An owner's fields are those of the configuration that it applied last. A field that it applies no longer goes, unless
/// another owner applies it too. Fields that were changed in another way than by apply have no owner, and stay. Source:
/// https://kubernetes.io/docs/reference/using-api/server-side-apply/
struct ServerSideApply {
    /// What the owner applied last; `nil` for the first time.
    var previous: JSONValue?
    /// What other owners applied last.
    var others: [String: JSONValue]

    /// The object with the configuration in it.
    func merge(_ configuration: JSONValue, into live: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        write(configuration, live, previous, Array(others.values), field: "", to: &writer)
        return writer.bytes
    }

    /// The owners who want another value of a field, with its path, each once.
    func conflicts(of configuration: JSONValue) -> [(owner: String, path: String)] {
        others.sorted { $0.key < $1.key }.flatMap { owner, theirs in
            Self.differences(configuration, theirs, path: "", field: "").map { (owner, $0) }
        }
    }

    // MARK: Merging

    private func write(
        _ wanted: JSONValue?,
        _ live: JSONValue,
        _ previous: JSONValue?,
        _ others: [JSONValue],
        field: String,
        to writer: inout JSONWriter
    ) {
        if live.isObject, wanted?.isObject ?? previous?.isObject ?? false {
            writer.object { object in
                for member in live.members {
                    let name = member.name
                    guard
                        let kept = kept(
                            wanted?.present(name),
                            member.value,
                            previous?.present(name),
                            others.compactMap { $0.present(name) },
                            field: name
                        )
                    else { continue }
                    object.member(name) { $0.raw(kept) }
                }
                for member in wanted?.members ?? JSONValue.empty.members where live[member.name] == nil {
                    guard !member.value.isNull else { continue }
                    object.member(member.name) { $0.raw(member.value.rawBytes) }
                }
            }
        } else if live.isArray, wanted?.isArray ?? previous?.isArray ?? false,
            let key = ListKey(field, wanted ?? previous ?? live)
        {
            writer.array { list in
                for item in live.elements {
                    let kept = kept(
                        wanted.flatMap { key.item(like: item, in: $0) },
                        item,
                        previous.flatMap { key.item(like: item, in: $0) },
                        others.compactMap { key.item(like: item, in: $0) },
                        field: ""
                    )
                    if let kept { list.raw(kept) }
                }
                for item in wanted?.elements.map({ $0 }) ?? [] where key.item(like: item, in: live) == nil {
                    list.raw(item.rawBytes)
                }
            }
        } else {
            writer.raw((wanted ?? live).rawBytes)
        }
    }

    /// What stays of a part of the object; `nil` where nothing does.
    private func kept(
        _ wanted: JSONValue?,
        _ live: JSONValue,
        _ previous: JSONValue?,
        _ others: [JSONValue],
        field: String
    ) -> [UInt8]? {
        if wanted == nil {
            guard let previous else { return Array(live.rawBytes) }
            let isComposed =
                live.isObject && previous.isObject
                || live.isArray && previous.isArray && ListKey(field, previous) != nil
            // What others have in it, and what nobody owns, stays.
            if !isComposed { return others.isEmpty ? nil : Array(live.rawBytes) }
        }
        var writer = JSONWriter()
        write(wanted, live, previous, others, field: field, to: &writer)
        let isEmpty = writer.bytes.count == 2
        return wanted == nil && others.isEmpty && (isEmpty || isBare(writer.bytes, live)) ? nil : writer.bytes
    }

    /// Whether nothing but the keys of an item of a list would be left of it.
    private func isBare(_ left: [UInt8], _ live: JSONValue) -> Bool {
        guard let left = try? JSONDocument(left).root, left.isObject else { return false }
        return left.members.allSatisfy { ListKey.keyFields.contains($0.name) } && !left.isEqual(to: live)
    }

    // MARK: Conflicts

    private static func differences(
        _ wanted: JSONValue,
        _ theirs: JSONValue,
        path: String,
        field: String
    ) -> [String] {
        if wanted.isObject, theirs.isObject {
            return wanted.members.flatMap { member -> [String] in
                // An object's name is everybody's.
                if path.isEmpty, ["apiVersion", "kind"].contains(member.name) { return [] }
                guard let their = theirs.present(member.name), !member.value.isNull else { return [] }
                return differences(member.value, their, path: "\(path).\(member.name)", field: member.name)
            }
        }
        if wanted.isArray, theirs.isArray, let key = ListKey(field, wanted) {
            return wanted.elements.flatMap { item -> [String] in
                guard let their = key.item(like: item, in: theirs) else { return [] }
                return differences(item, their, path: path + key.text(item), field: "")
            }
        }
        return wanted.isEqual(to: theirs) ? [] : [path]
    }
}

/// What tells the items of a list apart that is merged item by item (`x-kubernetes-list-map-keys`).
struct ListKey {
    private let fields: [String]

    /// The fields that are keys of any list.
    static let keyFields: Set<String> = [
        "name", "mountPath", "topologyKey", "whenUnsatisfiable", "type", "containerPort", "port", "protocol",
    ]

    private static let byField: [String: [String]] = [
        "containers": ["name"], "initContainers": ["name"], "volumes": ["name"], "env": ["name"],
        "webhooks": ["name"], "matchConditions": ["name"], "variables": ["name"],
        "volumeMounts": ["mountPath"], "conditions": ["type"],
        "topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
    ]

    /// The key of the list in a field; `nil` where lists there are replaced as a whole.
    init?(_ field: String, _ list: JSONValue) {
        if field == "ports" {
            let isContainers = list.elements.contains { $0["containerPort"] != nil }
            fields = [isContainers ? "containerPort" : "port", "protocol"]
        } else if let fields = Self.byField[field] {
            self.fields = fields
        } else {
            return nil
        }
    }

    func item(like item: JSONValue, in list: JSONValue) -> JSONValue? {
        let wanted = values(item)
        return list.elements.first { values($0) == wanted }
    }

    /// As a message names an item.
    func text(_ item: JSONValue) -> String {
        let parts = zip(fields, values(item)).map { "\($0)=\($1)" }
        return "[\(parts.joined(separator: ","))]"
    }

    private func values(_ item: JSONValue) -> [String] {
        fields.map { field in
            guard let value = item.present(field) else { return field == "protocol" ? "\"TCP\"" : "" }
            return value.string().map { "\"\($0)\"" } ?? String(decoding: value.rawBytes, as: UTF8.self)
        }
    }
}
