extension PolicyDocument {
    /// The longest document, in bytes: what IAM's CreateRole takes as AssumeRolePolicyDocument.
    public static let maxBytes = 131_072

    /// Reads a document from its JSON.
    ///
    /// - Throws: ``PolicyDocumentError`` for the first element that is unknown, missing, doubled or malformed.
    public init(parsing bytes: [UInt8]) throws(PolicyDocumentError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(
                bytes,
                limits: JSONLimits(maxBytes: Self.maxBytes, maxDepth: 16, maxContainers: 16_384)
            )
        } catch {
            throw .json(error)
        }
        let reader = try PolicyReader(document.root, path: "", known: ["Version", "Id", "Statement"])
        version = try reader.text("Version") ?? "2008-10-17"
        guard version == "2012-10-17" || version == "2008-10-17" else { throw .value("Version") }
        id = try reader.text("Id")
        guard let list = reader["Statement"] else { throw .missing("Statement") }
        statements = []
        for (index, value) in (list.isArray ? Array(list.elements) : [list]).enumerated() {
            statements.append(try PolicyStatement(value, path: "Statement[\(index)]."))
        }
        guard !statements.isEmpty else { throw .value("Statement") }
    }
}

extension PolicyStatement {
    fileprivate init(_ value: JSONValue, path: String) throws(PolicyDocumentError) {
        let reader = try PolicyReader(
            value,
            path: path,
            known: [
                "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
                "NotResource",
                "Condition",
            ]
        )
        id = try reader.text("Sid")
        guard let effectName = try reader.text("Effect") else { throw .missing(path + "Effect") }
        guard let effect = PolicyEffect(rawValue: effectName) else { throw .value(path + "Effect") }
        self.effect = effect
        principals = try reader.selection("Principal", Self.principals)
        guard let actions = try reader.selection("Action", PolicyReader.texts) else {
            throw .missing(path + "Action")
        }
        self.actions = actions
        resources = try reader.selection("Resource", PolicyReader.texts)
        conditions = try Self.conditions(reader)
    }

    private static func principals(
        _ value: JSONValue,
        path: String
    ) throws(PolicyDocumentError) -> [PolicyPrincipal] {
        if value.isString("*") { return [.everyone] }
        var principals: [PolicyPrincipal] = []
        let reader = try PolicyReader(
            value,
            path: path + ".",
            known: ["AWS", "Federated", "Service", "CanonicalUser"]
        )
        for (type, value) in reader.members {
            for id in try PolicyReader.texts(value, path: "\(path).\(type)") {
                principals.append(PolicyPrincipal(type: type, id: id))
            }
        }
        guard !principals.isEmpty else { throw .value(path) }
        return principals
    }

    private static func conditions(
        _ reader: PolicyReader
    ) throws(PolicyDocumentError) -> [PolicyCondition] {
        guard let block = reader["Condition"] else { return [] }
        let path = reader.path + "Condition"
        var conditions: [PolicyCondition] = []
        for (operatorName, keys) in try PolicyReader(block, path: path + ".", known: nil).members {
            let operatorPath = "\(path).\(operatorName)"
            for (key, value) in try PolicyReader(keys, path: operatorPath + ".", known: nil).members {
                let values = try PolicyReader.scalars(value, path: "\(operatorPath).\(key)")
                conditions.append(PolicyCondition(operatorName, key: key, values: values))
            }
        }
        return conditions
    }
}

/// One object of a policy, each of whose names stands once and is known.
private struct PolicyReader {
    var members: [(name: String, value: JSONValue)] = []
    var path: String

    /// Checks the names; any name is known where `known` is nil.
    init(_ value: JSONValue, path: String, known: Set<String>?) throws(PolicyDocumentError) {
        self.path = path
        guard value.isObject else { throw .type(path.isEmpty ? "the document" : String(path.dropLast())) }
        var seen: Set<String> = []
        for member in value.members {
            let name = member.name
            guard known?.contains(name) ?? true else { throw .unknown(path + name) }
            guard seen.insert(name).inserted else { throw .duplicate(path + name) }
            members.append((name, member.value))
        }
    }

    subscript(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    func text(_ name: String) throws(PolicyDocumentError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string() else { throw .type(path + name) }
        return text
    }

    /// What `name` or `Not` and `name` selects.
    func selection<Element>(
        _ name: String,
        _ parse: (JSONValue, _ path: String) throws(PolicyDocumentError) -> [Element]
    ) throws(PolicyDocumentError) -> PolicySelection<Element>? {
        switch (self[name], self["Not" + name]) {
        case (nil, nil): return nil
        case (let value?, nil): return .only(try parse(value, path + name))
        case (nil, let value?): return .allExcept(try parse(value, "\(path)Not\(name)"))
        case (.some, .some): throw .duplicate("\(path)Not\(name)")
        }
    }

    /// One text, or a list of them that is not empty.
    static func texts(_ value: JSONValue, path: String) throws(PolicyDocumentError) -> [String] {
        try list(value, path: path) { $0.string() }
    }

    /// Texts, numbers and booleans; IAM compares all of them as texts first.
    static func scalars(_ value: JSONValue, path: String) throws(PolicyDocumentError) -> [String] {
        try list(value, path: path) { scalar in
            switch scalar.kind {
            case .string: scalar.string()
            case .number, .boolean: String(decoding: scalar.rawBytes, as: UTF8.self)
            case .object, .array, .null: nil
            }
        }
    }

    private static func list(
        _ value: JSONValue,
        path: String,
        _ read: (JSONValue) -> String?
    ) throws(PolicyDocumentError) -> [String] {
        var texts: [String] = []
        for element in value.isArray ? Array(value.elements) : [value] {
            guard let text = read(element) else { throw .type(path) }
            texts.append(text)
        }
        guard !texts.isEmpty else { throw .value(path) }
        return texts
    }
}
