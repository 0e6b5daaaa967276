/// The one strict pass over a document (RFC 8259): checks every byte and lists the containers.
struct JSONChecker {
    private let limits: JSONLimits
    /// Where the next value begins.
    private var offset: Int
    /// How many containers have been opened.
    private var count = 0
    private var depth = 0
    /// The index of the innermost open container; `noContainer` at the top.
    private var open = noContainer
    /// What ends the innermost open container.
    private var closing = UInt8.closeBrace

    private static let noContainer = UInt32.max

    /// Checks the whole of `bytes`: white space, one value, white space.
    ///
    /// - Returns: the containers in the order in which they open, and behind them places that mean nothing; and the
    ///   offset of the value.
    static func check(
        _ bytes: Span<UInt8>,
        limits: JSONLimits
    ) throws(JSONError) -> (containers: [JSONContainer], rootOffset: Int) {
        let rootOffset = JSONBytes.skipSpace(bytes, 0)
        var checker = JSONChecker(limits: limits, offset: rootOffset)
        // Real reviews have a container for each 25 to 40 bytes: one allocation for those of up to 200 KB.
        var capacity = max(1, min(bytes.count / 24, 8192, limits.maxContainers))
        var containers = [JSONContainer](repeating: .none, count: capacity)
        while try !checker.checkValue(bytes, &containers) {
            capacity = min(2 * capacity, limits.maxContainers)
            containers.append(contentsOf: repeatElement(.none, count: capacity - containers.count))
        }
        let end = JSONBytes.skipSpace(bytes, checker.offset)
        guard end == bytes.count else { throw .trailingBytes(offset: end) }
        return (containers, rootOffset)
    }

    private init(limits: JSONLimits, offset: Int) {
        self.limits = limits
        self.offset = offset
    }

    /// Passes the document's value; false where the list is full, to be called again with a longer one.
    private mutating func checkValue(
        _ bytes: Span<UInt8>,
        _ list: inout [JSONContainer]
    ) throws(JSONError) -> Bool {
        var containers = list.mutableSpan
        // In locals, which stand in registers.
        var offset = offset
        var open = open
        var closing = closing
        value: while true {
            guard offset < bytes.count else { throw .unexpectedEnd }
            let first = bytes[offset]
            if first == .quote {
                offset = try JSONStringChecker.check(bytes, from: offset)
            } else if first == .openBrace || first == .openBracket {
                guard depth < limits.maxDepth else { throw .tooDeep(limit: limits.maxDepth) }
                guard count < limits.maxContainers else {
                    throw .tooManyContainers(limit: limits.maxContainers)
                }
                guard count < containers.count else {
                    (self.offset, self.open, self.closing) = (offset, open, closing)
                    return false
                }
                // Invariant: offsets and counts fit 32 bits, because JSONLimits caps maxBytes below 2³¹.
                containers[count] = JSONContainer(
                    start: UInt32(truncatingIfNeeded: offset),
                    end: open,
                    next: 0
                )
                open = UInt32(truncatingIfNeeded: count)
                count &+= 1
                depth &+= 1
                closing = Self.closing(first)
                offset = JSONBytes.skipSpace(bytes, offset &+ 1)
                guard offset < bytes.count else { throw .unexpectedEnd }
                if bytes[offset] != closing {
                    if closing == .closeBrace { offset = try Self.checkName(bytes, from: offset) }
                    continue value
                }
            } else {
                offset = try Self.checkScalar(bytes, from: offset)
            }
            // After a value: closes what ends here, up to the next value or the end.
            while open != Self.noContainer {
                offset = JSONBytes.skipSpace(bytes, offset)
                guard offset < bytes.count else { throw .unexpectedEnd }
                let byte = bytes[offset]
                if byte == .comma {
                    offset = JSONBytes.skipSpace(bytes, offset &+ 1)
                    if closing == .closeBrace { offset = try Self.checkName(bytes, from: offset) }
                    continue value
                }
                guard byte == closing else { throw .unexpectedByte(byte, offset: offset) }
                offset &+= 1
                let closed = Int(open)
                open = containers[closed].end
                containers[closed].end = UInt32(truncatingIfNeeded: offset)
                containers[closed].next = UInt32(truncatingIfNeeded: count)
                depth &-= 1
                if open != Self.noContainer {
                    closing = Self.closing(bytes[Int(containers[Int(open)].start)])
                }
            }
            self.offset = offset
            return true
        }
    }

    /// What ends a container that begins with this byte: in ASCII the second after it.
    private static func closing(_ opening: UInt8) -> UInt8 { opening &+ 2 }

    /// Passes a member's name and colon, up to the first byte of its value.
    @inline(__always)
    private static func checkName(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        guard start < bytes.count else { throw .unexpectedEnd }
        guard bytes[start] == .quote else { throw .unexpectedByte(bytes[start], offset: start) }
        let end = JSONBytes.skipSpace(bytes, try JSONStringChecker.check(bytes, from: start))
        guard end < bytes.count else { throw .unexpectedEnd }
        guard bytes[end] == .colon else { throw .unexpectedByte(bytes[end], offset: end) }
        return JSONBytes.skipSpace(bytes, end &+ 1)
    }

    /// Passes a number or literal.
    private static func checkScalar(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        switch bytes[start] {
        case .minus, .zero ... .nine: try checkNumber(bytes, from: start)
        case UInt8(ascii: "t"): try checkLiteral(bytes, from: start, "true")
        case UInt8(ascii: "f"): try checkLiteral(bytes, from: start, "false")
        case UInt8(ascii: "n"): try checkLiteral(bytes, from: start, "null")
        default: throw .unexpectedByte(bytes[start], offset: start)
        }
    }

    private static func checkLiteral(
        _ bytes: Span<UInt8>,
        from start: Int,
        _ literal: String
    ) throws(JSONError) -> Int {
        var offset = start
        for expected in literal.utf8 {
            guard offset < bytes.count else { throw .unexpectedEnd }
            guard bytes[offset] == expected else { throw .unexpectedByte(bytes[offset], offset: offset) }
            offset += 1
        }
        return offset
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
