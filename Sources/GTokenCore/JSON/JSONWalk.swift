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
/// It keeps no part of the document and is lent it at each step: walking counts no references.
struct JSONWalk {
    private var offset: Int
    private var nextContainer: Int

    /// Stands before the first item; before none where the value is of another kind.
    init(_ place: JSONPlace, kind opening: UInt8, _ bytes: Span<UInt8>) {
        nextContainer = place.container + 1
        offset = bytes[place.offset] == opening ? JSONBytes.skipSpace(bytes, place.offset + 1) : -1
    }

    /// The next value of an array, or `nil` after the last.
    @inline(__always)
    mutating func nextElement(_ bytes: Span<UInt8>, _ containers: Span<JSONContainer>) -> JSONPlace? {
        guard offset >= 0, bytes[offset] != .closeBracket else { return nil }
        return take(at: offset, bytes, containers)
    }

    /// The next member of an object, or `nil` after the last.
    @inline(__always)
    mutating func nextMember(_ bytes: Span<UInt8>, _ containers: Span<JSONContainer>) -> JSONItem? {
        guard offset >= 0, bytes[offset] != .closeBrace else { return nil }
        let start = offset
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, start)
        let colon = JSONBytes.skipSpace(bytes, end)
        let value = take(at: JSONBytes.skipSpace(bytes, colon &+ 1), bytes, containers)
        return JSONItem(name: start..<end, nameHasEscapes: hasEscapes, value: value)
    }

    /// The first member of this name; `nil` where there is none or the value is no object.
    static func member(
        _ name: StaticString,
        of place: JSONPlace,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) -> JSONPlace? {
        var walk = JSONWalk(place, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, containers) {
            if member.isNamed(name, bytes) { return member.value }
        }
        return nil
    }

    /// The value that starts at `start`; moves on to the item after it.
    @inline(__always)
    private mutating func take(
        at start: Int,
        _ bytes: Span<UInt8>,
        _ containers: Span<JSONContainer>
    ) -> JSONPlace {
        let place = JSONPlace(offset: start, container: nextContainer)
        let end: Int
        switch bytes[start] {
        case .openBrace, .openBracket:
            let container = containers[nextContainer]
            end = Int(container.end)
            nextContainer = Int(container.next)
        default:
            end = JSONScan.scalarEnd(bytes, start)
        }
        offset = JSONScan.nextItem(bytes, after: end)
        return place
    }
}
