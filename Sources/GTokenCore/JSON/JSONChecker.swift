/// The one strict pass over a document (RFC 8259): checks every byte and lists the containers.
struct JSONChecker {
    private(set) var containers: [JSONContainer] = []
    private(set) var rootOffset = 0
    private let limits: JSONLimits
    private var depth = 0
    /// The index of the innermost open container; `noContainer` at the top.
    private var open = noContainer
    private var openIsObject = false

    private static let noContainer = UInt32.max

    init(limits: JSONLimits, byteCount: Int) {
        self.limits = limits
        // Real reviews have a container for each 40 bytes or so: one allocation, seldom a second.
        containers.reserveCapacity(max(0, min(byteCount / 32, limits.maxContainers)))
    }

    /// Checks the whole of `bytes`: white space, one value, white space.
    mutating func check(_ bytes: Span<UInt8>) throws(JSONError) {
        var offset = JSONBytes.skipSpace(bytes, 0)
        rootOffset = offset
        repeat {
            try checkValueStart(bytes, &offset)
            try closeContainers(bytes, &offset)
        } while open != Self.noContainer
        offset = JSONBytes.skipSpace(bytes, offset)
        guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
    }

    /// Passes one scalar, or goes down to the innermost first value of a container, which may be empty.
    private mutating func checkValueStart(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONError) {
        while true {
            guard offset < bytes.count else { throw .unexpectedEnd }
            switch bytes[offset] {
            case .quote:
                return offset = try JSONStringChecker.check(bytes, from: offset)
            case .openBrace:
                try openContainer(at: offset, isObject: true)
                offset = JSONBytes.skipSpace(bytes, offset + 1)
                guard offset < bytes.count else { throw .unexpectedEnd }
                if bytes[offset] == .closeBrace { return }
                try checkName(bytes, &offset)
            case .openBracket:
                try openContainer(at: offset, isObject: false)
                offset = JSONBytes.skipSpace(bytes, offset + 1)
                guard offset < bytes.count else { throw .unexpectedEnd }
                if bytes[offset] == .closeBracket { return }
            case .minus, .zero ... .nine:
                return offset = try Self.checkNumber(bytes, from: offset)
            case UInt8(ascii: "t"):
                return try Self.checkLiteral(bytes, &offset, "true")
            case UInt8(ascii: "f"):
                return try Self.checkLiteral(bytes, &offset, "false")
            case UInt8(ascii: "n"):
                return try Self.checkLiteral(bytes, &offset, "null")
            default:
                throw .unexpectedByte(bytes[offset], offset: offset)
            }
        }
    }

    /// After a value: closes what ends here, and stops at the start of the next value or at the end.
    private mutating func closeContainers(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONError) {
        while open != Self.noContainer {
            offset = JSONBytes.skipSpace(bytes, offset)
            guard offset < bytes.count else { throw .unexpectedEnd }
            let byte = bytes[offset]
            if byte == .comma {
                offset = JSONBytes.skipSpace(bytes, offset + 1)
                if openIsObject { try checkName(bytes, &offset) }
                return
            }
            guard byte == (openIsObject ? .closeBrace : .closeBracket) else {
                throw .unexpectedByte(byte, offset: offset)
            }
            offset += 1
            closeContainer(bytes, end: offset)
        }
    }

    /// Passes a member's name and colon, up to the first byte of its value.
    private func checkName(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONError) {
        guard offset < bytes.count else { throw .unexpectedEnd }
        guard bytes[offset] == .quote else { throw .unexpectedByte(bytes[offset], offset: offset) }
        offset = try JSONStringChecker.check(bytes, from: offset)
        offset = JSONBytes.skipSpace(bytes, offset)
        guard offset < bytes.count else { throw .unexpectedEnd }
        guard bytes[offset] == .colon else { throw .unexpectedByte(bytes[offset], offset: offset) }
        offset = JSONBytes.skipSpace(bytes, offset + 1)
    }

    private mutating func openContainer(at offset: Int, isObject: Bool) throws(JSONError) {
        guard depth < limits.maxDepth else { throw .tooDeep(limit: limits.maxDepth) }
        guard containers.count < limits.maxContainers else {
            throw .tooManyContainers(limit: limits.maxContainers)
        }
        depth += 1
        // Invariant: offsets and counts fit 32 bits, because JSONLimits caps maxBytes below 2³¹.
        let index = UInt32(truncatingIfNeeded: containers.count)
        containers.append(JSONContainer(start: UInt32(truncatingIfNeeded: offset), end: open, next: 0))
        open = index
        openIsObject = isObject
    }

    private mutating func closeContainer(_ bytes: Span<UInt8>, end: Int) {
        let closed = Int(open)
        open = containers[closed].end
        containers[closed].end = UInt32(truncatingIfNeeded: end)
        containers[closed].next = UInt32(truncatingIfNeeded: containers.count)
        depth -= 1
        if open != Self.noContainer {
            openIsObject = bytes[Int(containers[Int(open)].start)] == .openBrace
        }
    }

    private static func checkLiteral(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        _ literal: String
    ) throws(JSONError) {
        for expected in literal.utf8 {
            guard offset < bytes.count else { throw .unexpectedEnd }
            guard bytes[offset] == expected else { throw .unexpectedByte(bytes[offset], offset: offset) }
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
