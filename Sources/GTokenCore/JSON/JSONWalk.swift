/// Where a value of a checked document stands.
struct JSONPlace {
    /// Where the value's first byte stands.
    let offset: Int
    /// The value's place in the list of containers, where it is an object or array.
    let container: Int
}

/// One name and its value in an object, as places in a checked document.
struct JSONItem {
    /// The name, from its opening quote to just past its closing one.
    let name: Range<Int>
    /// Whether the name has a backslash in it.
    let nameHasEscapes: Bool
    let value: JSONPlace

    /// Whether the name is `text`, which must not need escapes; whichever way it is escaped itself.
    @inline(__always)
    func isNamed(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
        if nameHasEscapes { return isNamedWithEscapes(text, bytes) }
        return name.count &- 2 == text.utf8CodeUnitCount
            && JSONScan.starts(with: text, bytes, at: name.lowerBound &+ 1)
    }

    @inline(never)
    private func isNamedWithEscapes(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
        JSONText.equals(
            "\(text)",
            bytes,
            from: name.lowerBound + 1,
            to: name.upperBound - 1,
            hasEscapes: true
        )
    }
}

/// A walk over the items of one container that steps over what the containers in it hold.
///
/// It keeps no part of the document and is lent it at each step: walking counts no references. A value is stepped over
/// when the next item is asked for, so that the last one asked for costs nothing.
struct JSONWalk {
    /// Where the next item begins, or the last one's value.
    private var offset: Int
    private var isAtValue = false
    private var nextContainer: Int

    /// Stands before the first item; before none where the value is of another kind.
    init(_ place: JSONPlace, kind opening: UInt8, _ bytes: Span<UInt8>) {
        nextContainer = place.container + 1
        offset = bytes[place.offset] == opening ? JSONBytes.skipSpace(bytes, place.offset + 1) : -1
    }

    /// The next value of an array, or `nil` after the last.
    @inline(__always)
    mutating func nextElement(_ bytes: Span<UInt8>, _ containers: Span<JSONContainer>) -> JSONPlace? {
        guard let start = nextItem(bytes, containers), bytes[start] != .closeBracket else { return nil }
        return value(at: start)
    }

    /// The next member of an object, or `nil` after the last.
    @inline(__always)
    mutating func nextMember(_ bytes: Span<UInt8>, _ containers: Span<JSONContainer>) -> JSONItem? {
        guard let start = nextItem(bytes, containers), bytes[start] != .closeBrace else { return nil }
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, start)
        let colon = JSONBytes.skipSpace(bytes, end)
        let value = value(at: JSONBytes.skipSpace(bytes, colon &+ 1))
        return JSONItem(name: start..<end, nameHasEscapes: hasEscapes, value: value)
    }

    /// The first member of this name; `nil` where there is none or the value is no object.
    ///
    /// Programs write what one looks for in front, mostly, such as a name: that is compared where it stands.
    @inline(__always)
    static func member(
        _ name: StaticString,
        of place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) -> JSONPlace? {
        let start = place.offset &+ 1
        let end = start &+ 1 &+ name.utf8CodeUnitCount
        if end &+ 1 < bytes.count, bytes[start] == .quote, bytes[end] == .quote, bytes[end &+ 1] == .colon,
            bytes[place.offset] == .openBrace, JSONScan.starts(with: name, bytes, at: start &+ 1)
        {
            let value = JSONBytes.skipSpace(bytes, end &+ 2)
            return JSONPlace(offset: value, container: place.container + 1)
        }
        return search(name, in: place, bytes, containers)
    }

    @inline(never)
    private static func search(
        _ name: StaticString,
        in place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) -> JSONPlace? {
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed(name, bytes) { return member.value }
        }
        return nil
    }

    @inline(__always)
    private mutating func value(at start: Int) -> JSONPlace {
        offset = start
        isAtValue = true
        return JSONPlace(offset: start, container: nextContainer)
    }

    /// Where the next item begins, or the container ends; `nil` where there is no container.
    @inline(__always)
    private mutating func nextItem(_ bytes: Span<UInt8>, _ containers: Span<JSONContainer>) -> Int? {
        guard offset >= 0 else { return nil }
        guard isAtValue else { return offset }
        let end: Int
        switch bytes[offset] {
        case .openBrace, .openBracket:
            let container = containers[nextContainer]
            end = Int(container.end)
            nextContainer = Int(container.next)
        default:
            end = JSONScan.scalarEnd(bytes, offset)
        }
        offset = JSONScan.nextItem(bytes, after: end)
        isAtValue = false
        return offset
    }
}
