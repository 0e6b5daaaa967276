import GTokenCore

/// What differs between two states of an object, leaf by leaf.
enum ObjectDifference {
    /// Fields that the API server writes by itself.
    private static let serverMetadata: Set<String> = [
        "creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid",
    ]

    /// The differences, with the path of each.
    static func details(from before: JSONValue, to after: JSONValue) -> [ObjectChange.Detail] {
        members(before, after, path: "", without: ["status", "apiVersion", "kind"])
    }

    private static func compare(
        _ before: JSONValue,
        _ after: JSONValue,
        path: String
    ) -> [ObjectChange.Detail] {
        if before.isEqual(to: after) { return [] }
        if before.isObject, after.isObject {
            return members(before, after, path: path, without: path == "metadata" ? serverMetadata : [])
        }
        if before.isArray, after.isArray, let old = named(before), let new = named(after) {
            let names = Array(old.keys) + new.keys.filter { old[$0] == nil }
            return names.sorted().flatMap { name in
                leaf(old[name], new[name], path: "\(path)[\(name)]")
            }
        }
        if let old = words(before), let new = words(after) {
            return old.filter { !new.contains($0) }.map { .remove(path, $0) }
                + new.filter { !old.contains($0) }.map { .add(path, $0) }
        }
        return [.change(path, from: text(before), to: text(after))]
    }

    private static func members(
        _ before: JSONValue,
        _ after: JSONValue,
        path: String,
        without left: Set<String>
    ) -> [ObjectChange.Detail] {
        let names = before.members.map(\.name) + after.members.map(\.name).filter { before[$0] == nil }
        return names.filter { !left.contains($0) }.flatMap { name in
            leaf(before[name], after[name], path: path.isEmpty ? name : "\(path).\(name)")
        }
    }

    private static func leaf(
        _ before: JSONValue?,
        _ after: JSONValue?,
        path: String
    ) -> [ObjectChange.Detail] {
        switch (before, after) {
        case (let before?, let after?): compare(before, after, path: path)
        case (nil, let after?): [.add(path, text(after))]
        case (let before?, nil): [.remove(path, text(before))]
        case (nil, nil): []
        }
    }

    /// The items of a list that have names, each its own.
    private static func named(_ list: JSONValue) -> [String: JSONValue]? {
        var items: [String: JSONValue] = [:]
        for item in list.elements {
            guard let name = item["name"]?.string(), items.updateValue(item, forKey: name) == nil else {
                return nil
            }
        }
        return items
    }

    /// The items of a list of words, each its own, such as a command line.
    private static func words(_ list: JSONValue) -> [String]? {
        guard list.isArray else { return nil }
        let words = list.elements.compactMap { $0.string() }
        return words.count == Set(words).count && words.count == list.elements.count(where: { _ in true })
            ? words : nil
    }

    private static func text(_ value: JSONValue) -> String {
        let text = value.string() ?? PrettyJSONText.line(value)
        return text.count > 160 ? text.prefix(160) + "…" : text
    }
}
