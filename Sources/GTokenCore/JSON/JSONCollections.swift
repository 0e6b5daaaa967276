/// The values of an array, in order.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private var cursor: JSONCursor

    init(of value: JSONValue) { cursor = JSONCursor(of: value, kind: .openBracket) }

    /// The next value, or `nil` after the last.
    public mutating func next() -> JSONValue? {
        guard let start = cursor.itemStart() else { return nil }
        return cursor.takeValue(at: start)
    }
}

/// The members of an object, in the order in which they are written, duplicates included.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private var cursor: JSONCursor

    init(of value: JSONValue) { cursor = JSONCursor(of: value, kind: .openBrace) }

    /// The next member, or `nil` after the last.
    public mutating func next() -> JSONMember? {
        guard let start = cursor.itemStart() else { return nil }
        let storage = cursor.storage
        let array = storage.bytes
        let bytes = array.span
        let (nameEnd, hasEscapes) = JSONScan.stringEnd(bytes, start)
        let colon = JSONBytes.skipSpace(bytes, nameEnd)
        let value = cursor.takeValue(at: JSONBytes.skipSpace(bytes, colon + 1))
        return JSONMember(nameStart: start, nameEnd: nameEnd, nameHasEscapes: hasEscapes, value: value)
    }
}

/// One name and its value in an object.
public struct JSONMember: Sendable {
    let nameStart: Int
    let nameEnd: Int
    let nameHasEscapes: Bool
    /// The member's value.
    public let value: JSONValue

    /// The member's name with its escapes resolved.
    public var name: String { JSONText(storage: value.storage, openingQuote: nameStart).decoded }

    /// The name with its quotes, exactly as written.
    var rawName: ArraySlice<UInt8> { value.storage.bytes[nameStart..<nameEnd] }

    /// Whether the name is `name`, whichever way it is escaped; decodes nothing in the common case.
    public func isNamed(_ name: String) -> Bool {
        let bytes = value.storage.bytes
        return JSONText.equals(
            name,
            bytes.span,
            from: nameStart + 1,
            to: nameEnd - 1,
            hasEscapes: nameHasEscapes
        )
    }

    /// Whether the name begins with `prefix`, whichever way it is escaped.
    func isNamed(withPrefix prefix: String) -> Bool {
        JSONValue(storage: value.storage, offset: nameStart, container: value.container)
            .hasStringPrefix(prefix)
    }
}

/// A walk over the items of one container that steps over what the containers in it hold.
struct JSONCursor: Sendable {
    let storage: JSONStorage
    private var offset: Int
    private var nextContainer: Int

    /// Stands before the first item; before none where `value` is of another kind.
    init(of value: JSONValue, kind opening: UInt8) {
        storage = value.storage
        nextContainer = value.container + 1
        let array = storage.bytes
        let bytes = array.span
        if bytes[value.offset] == opening {
            offset = JSONBytes.skipSpace(bytes, value.offset + 1)
        } else {
            offset = -1
        }
    }

    /// Where the next item starts, or `nil` at the container's end.
    func itemStart() -> Int? {
        guard offset >= 0 else { return nil }
        switch storage.bytes[offset] {
        case .closeBrace, .closeBracket: return nil
        default: return offset
        }
    }

    /// The value that starts at `start`; moves on to the item after it.
    mutating func takeValue(at start: Int) -> JSONValue {
        let array = storage.bytes
        let bytes = array.span
        let value = JSONValue(storage: storage, offset: start, container: nextContainer)
        let end: Int
        switch bytes[start] {
        case .openBrace, .openBracket:
            let container = storage.containers[nextContainer]
            end = Int(container.end)
            nextContainer = Int(container.next)
        default:
            end = JSONScan.scalarEnd(bytes, start)
        }
        offset = JSONScan.nextItem(bytes, after: end)
        return value
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
