import GTokenCore

/// Which objects a list or a watch is about: label and field selectors.
struct ObjectSelection: Sendable {
    var labels = LabelSelector()
    var fields = FieldSelector()

    /// Whether everything is selected.
    var isEmpty: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    func matches(_ object: StoredObject) -> Bool {
        guard fields.matches(object.key) else { return false }
        guard !labels.requirements.isEmpty else { return true }
        return labels.matches(object.metadata.present("labels"))
    }
}

/// Conditions on `metadata.name` and `metadata.namespace`, the two fields that every kind can be selected by.
struct FieldSelector: Equatable, Sendable {
    enum Field: String, Sendable {
        case name = "metadata.name"
        case namespace = "metadata.namespace"
    }

    struct Requirement: Equatable, Sendable {
        var field: Field
        var value: String
        var isEqual: Bool
    }

    /// Why a text is no selector.
    enum Mistake: Error, Equatable {
        case syntax(String)
        /// A field by which objects cannot be selected.
        case field(String)
    }

    var requirements: [Requirement] = []

    init() {}

    /// Reads `FIELD=VALUE`, `FIELD==VALUE` and `FIELD!=VALUE`, with commas between them.
    init(parsing text: String) throws(Mistake) {
        for part in text.split(separator: ",") {
            guard let equal = part.firstIndex(of: "=") else { throw .syntax(text) }
            var name = part[..<equal]
            var value = part[part.index(after: equal)...]
            let isEqual = name.last != "!"
            if !isEqual { name.removeLast() }
            if isEqual, value.first == "=" { value.removeFirst() }
            guard let field = Field(rawValue: String(name)) else { throw .field(String(name)) }
            requirements.append(Requirement(field: field, value: String(value), isEqual: isEqual))
        }
    }

    /// The one name that can match; `nil` where there may be several.
    var name: String? { requirements.first { $0.field == .name && $0.isEqual }?.value }

    func matches(_ key: StoredObject.Key) -> Bool {
        requirements.allSatisfy { requirement in
            let value = requirement.field == .name ? key.name : key.namespace
            return (value == requirement.value) == requirement.isEqual
        }
    }
}
