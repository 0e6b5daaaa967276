extension PolicyDocument {
    /// The document as compact JSON, with single values where a list has one, as AWS writes them.
    public var encoded: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("Version", version)
            if let id { object.member("Id", id) }
            object.member("Statement") { list in
                list.array { list in
                    for statement in statements { statement.write(to: &list) }
                }
            }
        }
    }
}

extension PolicyStatement {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { object in
            if let id { object.member("Sid", id) }
            object.member("Effect", effect.rawValue)
            if let principals {
                object.name(Self.name("Principal", principals))
                Self.write(principals.listed, to: &object)
            }
            object.name(Self.name("Action", actions))
            Self.write(actions.listed, to: &object)
            if let resources {
                object.name(Self.name("Resource", resources))
                Self.write(resources.listed, to: &object)
            }
            if !conditions.isEmpty {
                object.member("Condition") { writeConditions(to: &$0) }
            }
        }
    }

    private func writeConditions(to writer: inout JSONWriter) {
        writer.object { object in
            for operatorName in Self.unique(conditions.map(\.operatorName)) {
                object.member(operatorName) { keys in
                    keys.object { keys in
                        for condition in conditions where condition.operatorName == operatorName {
                            keys.name(condition.key)
                            Self.write(condition.values, to: &keys)
                        }
                    }
                }
            }
        }
    }

    private static func name<Element>(_ name: String, _ selection: PolicySelection<Element>) -> String {
        switch selection {
        case .only: name
        case .allExcept: "Not" + name
        }
    }

    private static func write(_ principals: [PolicyPrincipal], to writer: inout JSONWriter) {
        guard principals != [.everyone] else { return writer.value("*") }
        writer.object { object in
            for type in unique(principals.map(\.type)) {
                object.name(type)
                write(principals.filter { $0.type == type }.map(\.id), to: &object)
            }
        }
    }

    private static func write(_ texts: [String], to writer: inout JSONWriter) {
        if texts.count == 1 { return writer.value(texts[0]) }
        writer.array { list in
            for text in texts { list.value(text) }
        }
    }

    /// The texts without repetitions, in the order in which they come first.
    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
