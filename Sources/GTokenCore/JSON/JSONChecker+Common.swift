extension JSONChecker {
    /// Goes on as long as the document is as programs write it: no white space, strings within ASCII with no escape but
    /// that of a quote, no fractions, and room in the list.
    ///
    /// It throws nothing. Where it stops, `due` and `offset` say what has been checked.
    @inline(never)
    mutating func passCommon(_ bytes: Span<UInt8>, _ list: inout [JSONContainer]) {
        var containers = list.mutableSpan
        // In locals, most of which stand in registers.
        var (due, offset, count, depthLeft) = (due, offset, count, depthLeft)
        var (open, closing) = (open, closing)
        if due == .name, bytes.load(UInt8.self, at: offset) == .quote {
            offset &+= 1
            due = .restOfName
        }
        loop: while true {
            // The first bytes of the value.
            var value: UInt64 = 0
            if due == .restOfName {
                (due, offset, value) = Self.passMembers(bytes, offset)
            } else if due == .value {
                guard let both = bytes.load(UInt16.self, at: offset) else { break }
                value = UInt64(both)
            }
            if due == .value {
                let first = UInt8(truncatingIfNeeded: value)
                let second = UInt8(truncatingIfNeeded: value >> 8)
                if first == .openBrace || first == .openBracket {
                    // Unsigned, as the list itself compares, which then need not.
                    guard UInt(bitPattern: count) < UInt(bitPattern: containers.count), depthLeft > 0 else {
                        break
                    }
                    // Invariant: offsets and counts fit 32 bits, because JSONLimits caps maxBytes below 2³¹.
                    let start = UInt32(truncatingIfNeeded: offset)
                    let index = UInt32(truncatingIfNeeded: count)
                    // In ASCII the second after what opens it.
                    let ending = first &+ 2
                    guard second == ending else {
                        containers[count] = JSONContainer(start: start, end: open, next: UInt32(closing))
                        (open, closing) = (index, ending)
                        count &+= 1
                        depthLeft &-= 1
                        offset &+= 1
                        if ending == .closeBrace, second == .quote {
                            offset &+= 1
                            due = .restOfName
                            continue
                        }
                        due = .first
                        guard ending == .closeBracket, second > 0x20 else { break }
                        due = .value
                        continue
                    }
                    containers[count] = JSONContainer(start: start, end: start &+ 2, next: index &+ 1)
                    count &+= 1
                    offset &+= 2
                    // Half of a large document are empty objects in an object.
                    if UInt16(truncatingIfNeeded: value >> 16) == Self.beforeName, closing == .closeBrace {
                        offset &+= 2
                        due = .restOfName
                        continue
                    }
                } else if first == .quote {
                    guard let end = Self.endOfString(bytes, offset &+ 1) else { break }
                    offset = end
                } else {
                    guard let end = Self.endOfScalar(bytes, first, offset) else { break }
                    offset = end
                }
                due = .end
            }
            guard due == .end else { break }
            while let byte = bytes.load(UInt8.self, at: offset), closing != 0 {
                offset &+= 1
                if byte == closing {
                    let closed = Int(open)
                    open = containers[closed].end
                    closing = UInt8(truncatingIfNeeded: containers[closed].next)
                    containers[closed].end = UInt32(truncatingIfNeeded: offset)
                    containers[closed].next = UInt32(truncatingIfNeeded: count)
                    depthLeft &+= 1
                } else if byte == .comma {
                    due = .value
                    guard closing == .closeBrace else { continue loop }
                    due = .name
                    guard bytes.load(UInt8.self, at: offset) == .quote else { break loop }
                    offset &+= 1
                    due = .restOfName
                    continue loop
                } else {
                    offset &-= 1
                    break
                }
            }
            break
        }
        (self.due, self.offset, self.count, self.depthLeft) = (due, offset, count, depthLeft)
        (self.open, self.closing) = (open, closing)
    }

    /// Passes members whose values are strings, from just past the opening quote of a name.
    ///
    /// On its own, so that the little it keeps stands in registers.
    ///
    /// - Returns: what is due at an offset: a value of another kind, with its first bytes; what comes after a value; or
    ///   the rest of a string that is not so plain.
    @inline(never)
    private static func passMembers(
        _ bytes: Span<UInt8>,
        _ start: Int
    ) -> (due: Due, offset: Int, value: UInt64) {
        var offset = start
        names: while true {
            guard let (end, next) = JSONBytes.passPlain(bytes, offset) else {
                return (.restOfName, offset, 0)
            }
            guard UInt16(truncatingIfNeeded: next) == afterName else {
                guard UInt16(truncatingIfNeeded: next) == escapedQuote else { return (.restOfName, end, 0) }
                offset = end &+ 2
                continue names
            }
            guard UInt8(truncatingIfNeeded: next >> 16) == .quote else {
                return (.value, end &+ 2, next >> 16)
            }
            offset = end &+ 3
            while true {
                guard let (end, next) = JSONBytes.passPlain(bytes, offset) else {
                    return (.restOfString, offset, 0)
                }
                if UInt32(truncatingIfNeeded: next) & 0xFF_FFFF == betweenStrings {
                    offset = end &+ 3
                    continue names
                }
                if UInt8(truncatingIfNeeded: next) == .quote { return (.end, end &+ 1, 0) }
                guard UInt16(truncatingIfNeeded: next) == escapedQuote else { return (.restOfString, end, 0) }
                offset = end &+ 2
            }
        }
    }

    // `":`
    private static let afterName = UInt16(UInt8.quote) | UInt16(UInt8.colon) << 8
    // `,"`
    private static let beforeName = UInt16(UInt8.comma) | UInt16(UInt8.quote) << 8
    // `","`
    private static let betweenStrings = UInt32(UInt8.quote) | UInt32(beforeName) << 8
    // `\"`
    private static let escapedQuote = UInt16(UInt8.backslash) | UInt16(UInt8.quote) << 8

    /// Just past a string of plain bytes; `nil` for any other.
    @inline(never)
    private static func endOfString(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        guard let (end, next) = JSONBytes.passPlain(bytes, start), UInt8(truncatingIfNeeded: next) == .quote
        else { return nil }
        return end &+ 1
    }

    /// Just past a literal or a number without sign, fraction and exponent; `nil` for anything else.
    @inline(__always)
    private static func endOfScalar(_ bytes: Span<UInt8>, _ first: UInt8, _ start: Int) -> Int? {
        guard first.isDigit else {
            if JSONScan.starts(with: "true", bytes, at: start) { return start &+ 4 }
            if JSONScan.starts(with: "false", bytes, at: start) { return start &+ 5 }
            return JSONScan.starts(with: "null", bytes, at: start) ? start &+ 4 : nil
        }
        var end = start &+ 1
        while let next = bytes.load(UInt8.self, at: end) {
            guard next.isDigit else {
                return next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") ? nil : end
            }
            // No digit follows a leading zero.
            guard first != .zero else { return nil }
            end &+= 1
        }
        return nil
    }
}
