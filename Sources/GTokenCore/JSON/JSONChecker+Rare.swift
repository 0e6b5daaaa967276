extension JSONChecker {
    /// Takes one step where the common path stopped: white space, the rest of a string, a number, a literal; throws where
    /// none of them stands.
    ///
    /// - Returns: false where a container is to be opened and the list is full.
    mutating func passRare(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        switch due {
        case .restOfName:
            offset = JSONBytes.skipSpace(bytes, try JSONStringChecker.checkRest(bytes, from: offset))
            guard offset < bytes.count else { throw .unexpectedEnd }
            guard bytes[offset] == .colon else { throw .unexpectedByte(bytes[offset], offset: offset) }
            offset += 1
            due = .value
            return true
        case .restOfString:
            offset = try JSONStringChecker.checkRest(bytes, from: offset)
            due = .end
            return true
        case .end where closing == 0:
            due = .nothing
            return true
        case .first, .name, .value, .end, .nothing: break
        }
        let start = offset
        offset = JSONBytes.skipSpace(bytes, start)
        guard offset < bytes.count else { throw .unexpectedEnd }
        if due == .first {
            due = bytes[offset] == closing ? .end : closing == .closeBrace ? .name : .value
            return true
        }
        if offset > start { return true }
        guard due == .value else { throw .unexpectedByte(bytes[offset], offset: offset) }
        return try passValue(bytes)
    }

    private mutating func passValue(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        switch bytes[offset] {
        case .openBrace, .openBracket:
            guard depthLeft > 0 else { throw .tooDeep(limit: limits.maxDepth) }
            guard count < limits.maxContainers else { throw .tooManyContainers(limit: limits.maxContainers) }
            // The common path needs the byte after it as well.
            guard offset + 1 < bytes.count else { throw .unexpectedEnd }
            return false
        case .quote: offset = try JSONStringChecker.checkRest(bytes, from: offset + 1)
        case .minus, .zero ... .nine: offset = try Self.checkNumber(bytes, from: offset)
        case UInt8(ascii: "t"): try checkLiteral(bytes, "true")
        case UInt8(ascii: "f"): try checkLiteral(bytes, "false")
        case UInt8(ascii: "n"): try checkLiteral(bytes, "null")
        default: throw .unexpectedByte(bytes[offset], offset: offset)
        }
        due = .end
        return true
    }

    private mutating func checkLiteral(_ bytes: Span<UInt8>, _ literal: StaticString) throws(JSONError) {
        for index in 0..<literal.utf8CodeUnitCount {
            guard offset < bytes.count else { throw .unexpectedEnd }
            guard unsafe bytes[offset] == literal.utf8Start[index] else {
                throw .unexpectedByte(bytes[offset], offset: offset)
            }
            offset += 1
        }
    }

    /// RFC 8259 section 6: `-`? int frac? exp?, with no leading zero.
    private static func checkNumber(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        var offset = start
        if bytes[offset] == .minus { offset += 1 }
        guard offset < bytes.count else { throw .unexpectedEnd }
        if bytes[offset] == .zero {
            offset += 1
        } else {
            offset = try skipDigits(bytes, from: offset, numberStart: start)
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset = try skipDigits(bytes, from: offset + 1, numberStart: start)
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == .plus || bytes[offset] == .minus { offset += 1 }
            offset = try skipDigits(bytes, from: offset, numberStart: start)
        }
        // A digit here can only follow a leading zero.
        if offset < bytes.count, bytes[offset].isDigit { throw .invalidNumber(offset: start) }
        return offset
    }

    private static func skipDigits(
        _ bytes: Span<UInt8>,
        from start: Int,
        numberStart: Int
    ) throws(JSONError) -> Int {
        var offset = start
        while offset < bytes.count, bytes[offset].isDigit { offset += 1 }
        if offset == start {
            guard offset < bytes.count else { throw .unexpectedEnd }
            throw .invalidNumber(offset: numberStart)
        }
        return offset
    }
}
