/// A value of a document that is being patched: a span of bytes until an operation goes into it.
struct JSONPatchNode {
    private enum Content {
        case span(JSONValue)
        /// Names are quoted and escaped as they were written.
        case object([(name: ArraySlice<UInt8>, value: JSONPatchNode)])
        case array([JSONPatchNode])
    }

    /// What is done to the value that a pointer leads to.
    enum Change {
        case add(JSONPatchNode), replace(JSONPatchNode), remove
    }

    private var content: Content
    /// The size of the value when it is written.
    private(set) var byteCount: Int

    init(_ value: JSONValue) {
        content = .span(value)
        byteCount = value.range.count
    }

    /// The value as JSON.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        switch content {
        case .span(let value): writer.raw(value.rawBytes)
        case .array(let elements):
            writer.array { array in
                for element in elements { element.write(to: &array) }
            }
        case .object(let members):
            writer.object { object in
                for member in members {
                    object.rawName(member.name)
                    member.value.write(to: &object)
                }
            }
        }
    }

    /// The value that `pointer` leads to.
    func node(at pointer: JSONPointer) throws(JSONPatchError.Reason) -> JSONPatchNode {
        var node = self
        for (depth, token) in pointer.tokens.enumerated() {
            node.open()
            let place = JSONPointer(Array(pointer.tokens[...depth]))
            switch node.content {
            case .span: throw .notAContainer(JSONPointer(Array(pointer.tokens[..<depth])))
            case .array(let elements):
                node = elements[try Self.index(token, below: elements.count, place)]
            case .object(let members):
                guard let index = Self.index(of: token, in: members) else { throw .notFound(place) }
                node = members[index].value
            }
        }
        return node
    }

    /// Carries out `change` at the end of `pointer`.
    mutating func change(at pointer: JSONPointer, _ change: Change) throws(JSONPatchError.Reason) {
        // No document nests deeper, so a longer pointer leads to nothing; it also bounds the recursion.
        guard pointer.tokens.count <= JSONLimits.standard.maxDepth else { throw .notFound(pointer) }
        if pointer.tokens.isEmpty {
            switch change {
            case .add(let node), .replace(let node): self = node
            case .remove: throw .removesRoot
            }
        } else {
            try self.change(pointer, from: 0, change)
        }
    }

    private mutating func change(
        _ pointer: JSONPointer,
        from depth: Int,
        _ change: Change
    ) throws(JSONPatchError.Reason) {
        open()
        let place = JSONPointer(Array(pointer.tokens[...depth]))
        let isLast = depth == pointer.tokens.count - 1
        switch content {
        case .span: throw .notAContainer(JSONPointer(Array(pointer.tokens[..<depth])))
        case .array(var elements):
            content = .array([])  // So that `elements` is the only owner and changes in place.
            defer { content = .array(elements) }
            try Self.change(&elements, pointer, at: place, isLast: isLast, change)
            byteCount = 2 + max(0, elements.count - 1) + elements.reduce(0) { $0 + $1.byteCount }
        case .object(var members):
            content = .object([])
            defer { content = .object(members) }
            try Self.change(&members, pointer, at: place, isLast: isLast, change)
            byteCount =
                2 + max(0, members.count - 1)
                + members.reduce(0) { $0 + $1.name.count + 1 + $1.value.byteCount }
        }
    }

    private static func change(
        _ elements: inout [JSONPatchNode],
        _ pointer: JSONPointer,
        at place: JSONPointer,
        isLast: Bool,
        _ change: Change
    ) throws(JSONPatchError.Reason) {
        let token = pointer.tokens[place.tokens.count - 1]
        guard isLast else {
            let index = try index(token, below: elements.count, place)
            return try elements[index].change(pointer, from: place.tokens.count, change)
        }
        switch change {
        case .add(let node):
            let index = token == "-" ? elements.count : try index(token, below: elements.count + 1, place)
            elements.insert(node, at: index)
        case .replace(let node):
            elements[try index(token, below: elements.count, place)] = node
        case .remove:
            elements.remove(at: try index(token, below: elements.count, place))
        }
    }

    private static func change(
        _ members: inout [(name: ArraySlice<UInt8>, value: JSONPatchNode)],
        _ pointer: JSONPointer,
        at place: JSONPointer,
        isLast: Bool,
        _ change: Change
    ) throws(JSONPatchError.Reason) {
        let token = pointer.tokens[place.tokens.count - 1]
        let index = index(of: token, in: members)
        if isLast, case .add(let node) = change {
            if let index {
                members[index].value = node
            } else {
                var name = JSONWriter()
                name.value(token)
                members.append((name.bytes[...], node))
            }
            return
        }
        guard let index else { throw .notFound(place) }
        guard isLast else {
            return try members[index].value.change(pointer, from: place.tokens.count, change)
        }
        switch change {
        case .add: break
        case .replace(let node): members[index].value = node
        case .remove: members.remove(at: index)
        }
    }

    /// Turns a span that is an object or array into its items.
    private mutating func open() {
        guard case .span(let value) = content else { return }
        if value.isArray {
            content = .array(value.elements.map(JSONPatchNode.init))
        } else if value.isObject {
            content = .object(value.members.map { ($0.rawName, JSONPatchNode($0.value)) })
        }
    }

    private static func index(
        _ token: String,
        below count: Int,
        _ place: JSONPointer
    ) throws(JSONPatchError.Reason) -> Int {
        guard let index = JSONPointer.arrayIndex(token), index < count else { throw .invalidIndex(place) }
        return index
    }

    private static func index(
        of token: String,
        in members: [(name: ArraySlice<UInt8>, value: JSONPatchNode)]
    ) -> Int? {
        members.firstIndex { JSONText.isQuoted($0.name, equalTo: token) }
    }

    /// Whether the two are the same value in the sense of RFC 6902 section 4.6.
    func isEqual(to other: JSONPatchNode) -> Bool {
        guard let own = try? JSONDocument(bytes).root, let others = try? JSONDocument(other.bytes).root else {
            return false
        }
        return own.isEqual(to: others)
    }
}
