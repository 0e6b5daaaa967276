extension JSONValue {
    /// Whether the two are the same value (RFC 6902 section 4.6): objects without regard to order, strings by
    /// their characters' code points, numbers by what they stand for, so `1`, `1.0` and `10e-1` are equal.
    public func isEqual(to other: JSONValue) -> Bool {
        guard kind == other.kind else { return false }
        switch kind {
        case .null: return true
        case .boolean: return boolean() == other.boolean()
        case .number: return JSONDecimal(rawBytes) == JSONDecimal(other.rawBytes)
        case .string:
            guard let text = string(), let otherText = other.string() else { return false }
            // Swift compares strings by canonical equivalence; JSON does not.
            return text.utf8.elementsEqual(otherText.utf8)
        case .array:
            var others = other.elements
            for element in elements {
                guard let counterpart = others.next(), element.isEqual(to: counterpart) else { return false }
            }
            return others.next() == nil
        case .object:
            let own = membersByName
            let others = other.membersByName
            guard own.count == others.count else { return false }
            return own.allSatisfy { name, value in others[name].map(value.isEqual(to:)) ?? false }
        }
    }

    /// The members by the UTF-8 of their names; of equal names the last, as most parsers have it.
    private var membersByName: [[UInt8]: JSONValue] {
        var byName: [[UInt8]: JSONValue] = [:]
        for member in members { byName[Array(member.name.utf8)] = member.value }
        return byName
    }
}

/// A number of any size in a form in which equal numbers are equal.
struct JSONDecimal: Equatable {
    private var isNegative = false
    /// The significant digits, without zeros at either end; empty for zero.
    private var digits: [UInt8] = []
    /// The power of ten of the last digit.
    private var exponent = 0

    init(_ number: ArraySlice<UInt8>) {
        var written = 0
        var inFraction = false
        for (index, byte) in number.enumerated() {
            switch byte {
            case .minus: isNegative = true
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                // An exponent past 64 bits is as good as infinite; it stays distinct from small ones.
                let text = String(decoding: number.dropFirst(index + 1), as: UTF8.self)
                written = Int(text) ?? (text.utf8.first == .minus ? Int.min / 2 : Int.max / 2)
                normalize(adding: written)
                return
            default:
                if !digits.isEmpty || byte != .zero { digits.append(byte) }
                if inFraction { exponent -= 1 }
            }
        }
        normalize(adding: written)
    }

    private mutating func normalize(adding written: Int) {
        exponent = exponent.addingReportingOverflow(written).partialValue
        while digits.last == .zero {
            digits.removeLast()
            exponent = exponent.addingReportingOverflow(1).partialValue
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }
}
