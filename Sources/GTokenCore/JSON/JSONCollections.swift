/// The values of an array, in order.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let storage: JSONStorage
    private var walk: JSONWalk

    init(of value: JSONValue) {
        storage = value.storage
        let bytes = storage.bytes
        walk = JSONWalk(value.place, kind: .openBracket, bytes.span)
    }

    /// The next value, or `nil` after the last.
    public mutating func next() -> JSONValue? {
        let (bytes, containers) = (storage.bytes, storage.containers)
        return walk.nextElement(bytes.span, containers.span).map { JSONValue(storage, $0) }
    }
}

/// The members of an object, in the order in which they are written, duplicates included.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private let storage: JSONStorage
    private var walk: JSONWalk

    init(of value: JSONValue) {
        storage = value.storage
        let bytes = storage.bytes
        walk = JSONWalk(value.place, kind: .openBrace, bytes.span)
    }

    /// The next member, or `nil` after the last.
    public mutating func next() -> JSONMember? {
        let (bytes, containers) = (storage.bytes, storage.containers)
        return walk.nextMember(bytes.span, containers.span).map { JSONMember(storage, $0) }
    }
}

/// One name and its value in an object.
public struct JSONMember: Sendable {
    private let item: JSONItem
    /// The member's value.
    public let value: JSONValue

    init(_ storage: JSONStorage, _ item: JSONItem) {
        self.item = item
        value = JSONValue(storage, item.value)
    }

    /// The member's name with its escapes resolved.
    public var name: String {
        let bytes = value.storage.bytes
        return JSONText.decode(bytes.span, item.name, hasEscapes: item.nameHasEscapes)
    }

    /// The name with its quotes, exactly as written.
    var rawName: ArraySlice<UInt8> { value.storage.bytes[item.name] }

    /// Whether the name is `name`, whichever way it is escaped; decodes nothing in the common case.
    public func isNamed(_ name: String) -> Bool {
        let bytes = value.storage.bytes
        return JSONText.equals(
            name,
            bytes.span,
            from: item.name.lowerBound + 1,
            to: item.name.upperBound - 1,
            hasEscapes: item.nameHasEscapes
        )
    }
}

extension JSONValue {
    /// The values of an array; none where this is not an array.
    public var elements: JSONElements { JSONElements(of: self) }

    /// The members of an object; none where this is not an object.
    public var members: JSONMembers { JSONMembers(of: self) }

    /// The first member of this name; `nil` when there is none or this is not an object.
    public subscript(_ name: String) -> JSONValue? {
        for member in members where member.isNamed(name) { return member.value }
        return nil
    }

    /// The one member of this name; `nil` when there is none or this is not an object.
    ///
    /// For where identity is decided: parsers differ in which of two equal names they believe.
    ///
    /// - Throws: ``JSONError/duplicateMember(_:)`` when the name stands twice.
    public func uniqueMember(_ name: String) throws(JSONError) -> JSONValue? {
        var found: JSONValue?
        for member in members where member.isNamed(name) {
            guard found == nil else { throw .duplicateMember(name) }
            found = member.value
        }
        return found
    }
}
