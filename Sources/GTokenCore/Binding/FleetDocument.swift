/// A file with many bindings: JSON with comments.
///
///     {
///       // What holds for all of them unless they say otherwise.
///       "apiVersion": "gtoken/v1",
///       "defaults": { "project": "my-project", "clusterName": "main", "clusterLocation": "europe-west1" },
///       "bindings": [
///         { "namespace": "shop", "serviceAccount": "orders", "googleServiceAccount": "orders",
///           "role": "shop-orders", "policies": ["AmazonSQSFullAccess"] }
///       ]
///     }
///
/// The members are those of ``BindingFields``. An unknown one is an error, as is one that stands twice: what is misspelt
/// must not be passed over where rights are given.
package struct FleetDocument: Sendable, Equatable {
    /// The bindings, in the file's order.
    package let bindings: [Binding]

    /// The version of the format that this reads.
    package static let apiVersion = "gtoken/v1"
    /// The most bindings of one file: each is a handful of requests to three services, and a file beyond this is no file
    /// that somebody reviews.
    package static let maxBindings = 5000

    /// Reads a file.
    ///
    /// - Throws: ``FleetDocumentError``, which names the member or the line.
    package init(_ text: [UInt8]) throws(FleetDocumentError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(JSONComments.blanked(text), limits: Self.limits)
        } catch {
            throw .json(error)
        }
        let root = FleetObject(document.root, at: "")
        try root.check(members: ["apiVersion", "defaults", "bindings"])
        guard document.root["apiVersion"]?.isString(Self.apiVersion) ?? false else {
            throw .shape(member: "apiVersion", expected: "\"\(Self.apiVersion)\"")
        }
        let defaults = try document.root["defaults"].map { value throws(FleetDocumentError) in
            let defaults = FleetObject(value, at: "defaults")
            try defaults.check(members: FleetObject.bindingMembers)
            return defaults
        }
        guard let list = document.root["bindings"], list.isArray else {
            throw .shape(member: "bindings", expected: "an array of objects")
        }
        var bindings: [Binding] = []
        for (index, element) in list.elements.enumerated() {
            guard index < Self.maxBindings else { throw .tooMany(Self.maxBindings) }
            let entry = FleetObject(element, at: "bindings[\(index)]")
            try entry.check(members: FleetObject.bindingMembers)
            do throws(ConfigurationError) {
                bindings.append(try Binding(FleetEntry(own: entry, defaults: defaults)))
            } catch {
                throw .binding(error)
            }
        }
        guard !bindings.isEmpty else { throw .shape(member: "bindings", expected: "at least one binding") }
        self.bindings = bindings
    }

    /// 5,000 bindings with a policy document each.
    private static let limits = JSONLimits(maxBytes: 16 << 20, maxDepth: 64, maxContainers: 1 << 19)
}

/// Why a file is no fleet.
package enum FleetDocumentError: Error, Equatable, Sendable {
    /// It is not JSON.
    case json(JSONError)
    /// A member is missing or something else than it should be.
    case shape(member: String, expected: String)
    /// A member has a name that means nothing.
    case unknownMember(String, suggestion: String?)
    /// A member stands twice in one object.
    case duplicateMember(String)
    /// What is said of a binding makes none.
    case binding(ConfigurationError)
    /// There are more bindings than this.
    case tooMany(Int)
}

extension FleetDocumentError: CustomStringConvertible {
    /// One line that names the member.
    package var description: String {
        switch self {
        case .json(let error): "\(error)"
        case .shape(let member, let expected):
            "\(member.isEmpty ? "the document" : member): expected \(expected)"
        case .unknownMember(let member, let suggestion):
            "\(member.inOneLine): there is no such member"
                + (suggestion.map { ", did you mean \($0)?" } ?? "")
        case .duplicateMember(let member): "\(member.inOneLine): it stands twice"
        case .binding(let error): "\(error)"
        case .tooMany(let limit): "bindings: there are more than \(limit)"
        }
    }
}

/// An object of the file and where it stands.
private struct FleetObject {
    let value: JSONValue
    let place: String

    static let bindingMembers = BindingFields.members + ["inlinePolicies"]

    init(_ value: JSONValue, at place: String) {
        self.value = value
        self.place = place
    }

    func path(_ member: String) -> String { place.isEmpty ? member : "\(place).\(member)" }

    func check(members: [String]) throws(FleetDocumentError) {
        guard value.isObject else { throw .shape(member: place, expected: "an object") }
        var seen: Set<String> = []
        for member in value.members {
            let name = member.name
            guard members.contains(name) else {
                throw .unknownMember(path(name), suggestion: Suggestion.nearest(to: name, in: members))
            }
            guard seen.insert(name).inserted else { throw .duplicateMember(path(name)) }
        }
    }
}

/// One binding's object, with the defaults behind it.
private struct FleetEntry: BindingSource {
    let own: FleetObject
    let defaults: FleetObject?

    func value<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> Value? {
        guard let (value, path) = find(field.member) else {
            guard let text = field.option.specification.defaultText else { return nil }
            return try read(text, field.option.kind, path: own.path(field.member))
        }
        return try read(text(value, path, field.option.kind.expectation), field.option.kind, path: path)
    }

    func values<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> [Value] {
        guard let (value, path) = find(field.member) else { return [] }
        var values: [Value] = []
        if value.isObject {
            for member in value.members {
                let path = "\(path).\(member.name)"
                let text = try text(member.value, path, "a string")
                values.append(try read("\(member.name)=\(text)", field.option.kind, path: path))
            }
            return values
        }
        guard value.isArray else {
            throw .invalidValue(.option(path), value: "\(value.kind)", expected: "an array of strings")
        }
        for (index, element) in value.elements.enumerated() {
            let path = "\(path)[\(index)]"
            values.append(
                try read(text(element, path, field.option.kind.expectation), field.option.kind, path: path)
            )
        }
        return values
    }

    func inlinePolicies() throws(ConfigurationError) -> [String: InlinePolicy] {
        guard let (value, path) = find("inlinePolicies") else { return [:] }
        guard value.isObject else {
            throw .invalidValue(
                .option(path),
                value: "\(value.kind)",
                expected: "an object of policy documents"
            )
        }
        var policies: [String: InlinePolicy] = [:]
        for member in value.members {
            let name = member.name
            guard case .name? = try? PolicyReference(parsing: name) else {
                throw .invalidValue(.option(path), value: name, expected: "a policy's name")
            }
            guard let policy = InlinePolicy(member.value), policies.updateValue(policy, forKey: name) == nil
            else {
                throw .invalidValue(
                    .option("\(path).\(name)"),
                    value: "\(member.value.kind)",
                    expected: "one policy document"
                )
            }
        }
        return policies
    }

    func name<Value>(of field: BindingField<Value>) -> (name: String, environment: String?) {
        (own.path(field.member), nil)
    }

    private func find(_ member: String) -> (value: JSONValue, path: String)? {
        for object in [own, defaults] {
            if let object, let value = object.value[member] { return (value, object.path(member)) }
        }
        return nil
    }

    /// Strings, numbers and truth values are written as an option would be.
    private func text(
        _ value: JSONValue,
        _ path: String,
        _ expected: String
    ) throws(ConfigurationError) -> String {
        switch value.kind {
        case .string: return value.string() ?? ""
        case .number, .boolean: return String(decoding: value.rawBytes, as: UTF8.self)
        case .object, .array, .null:
            throw .invalidValue(.option(path), value: "\(value.kind)", expected: expected)
        }
    }

    private func read<Value>(
        _ text: String,
        _ kind: OptionKind<Value>,
        path: String
    ) throws(ConfigurationError) -> Value {
        guard !text.isEmpty, let value = kind.parse(text) else {
            throw .invalidValue(.option(path), value: text, expected: kind.expectation)
        }
        return value
    }
}
