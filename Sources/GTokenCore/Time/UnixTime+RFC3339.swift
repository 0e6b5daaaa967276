extension UnixTime {
    /// The time in UTC to the second, such as `2026-11-23T20:59:40Z` (RFC 3339); a fraction is cut off.
    public var rfc3339: String { rfc3339(fractionDigits: 0) }

    /// The time in UTC with this many digits after the second, 0 to 9; what is left is cut off.
    public func rfc3339(fractionDigits: Int) -> String {
        let civil = CivilTime(unixSeconds: seconds)
        var text: [UInt8] = []
        text.reserveCapacity(30)
        Self.append(civil.year, width: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(civil.month, width: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(civil.day, width: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        Self.append(civil.hour, width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(civil.minute, width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(civil.second, width: 2, to: &text)
        if fractionDigits > 0 {
            var digits: [UInt8] = []
            Self.append(Int64(nanoseconds), width: 9, to: &digits)
            text.append(UInt8(ascii: "."))
            text.append(contentsOf: digits.prefix(fractionDigits))
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a timestamp of RFC 3339 section 5.6; `nil` where `text` is anything else.
    ///
    /// Any offset, `t` and `z` in lower case, and a fraction of any length are accepted (digits after the
    /// ninth are cut off). Dates that no calendar has are refused. A leap second, `23:59:60` in UTC at the end
    /// of a month, is the first second of the next day.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"),
            let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t"),
            let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2),
            day >= 1, day <= CivilTime.dayCount(year: year, month: month), hour < 24, minute < 60,
            second <= 60,
            let nanoseconds = reader.take(".") ? reader.nanoseconds() : 0,
            let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let civil = CivilTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        let seconds = civil.unixSeconds - offset
        if second == 60 {
            let next = CivilTime(unixSeconds: seconds)
            guard (next.day, next.hour, next.minute) == (1, 0, 0) else { return nil }
        }
        // The offset can lead out of the years that can be written.
        guard Self.firstSecond...Self.lastSecond ~= seconds else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Appends `number` in at least `width` digits.
    private static func append(_ number: Int64, width: Int, to text: inout [UInt8]) {
        let digits = String(number).utf8
        text.append(contentsOf: repeatElement(.zero, count: max(0, width - digits.count)))
        text.append(contentsOf: digits)
    }
}

extension UnixTime: CustomStringConvertible {
    /// The time as RFC 3339, to the second.
    public var description: String { rfc3339 }
}

/// Reads fixed-width decimal fields from the front of some bytes.
private struct DigitReader {
    private var rest: ArraySlice<UInt8>

    init(bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// The number of exactly `width` digits.
    mutating func number(_ width: Int) -> Int64? {
        guard rest.count >= width, rest.prefix(width).allSatisfy(\.isDigit) else { return nil }
        defer { rest.removeFirst(width) }
        return rest.prefix(width).reduce(0) { $0 * 10 + Int64($1 - .zero) }
    }

    /// The digits after a decimal point, as nanoseconds.
    mutating func nanoseconds() -> Int32? {
        let digits = rest.prefix(while: \.isDigit)
        guard !digits.isEmpty else { return nil }
        rest.removeFirst(digits.count)
        var value = digits.prefix(9).reduce(Int32(0)) { $0 * 10 + Int32($1 - .zero) }
        for _ in 0..<max(0, 9 - digits.count) { value *= 10 }
        return value
    }

    /// A time zone's distance from UTC in seconds.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isWest = rest.first == .minus
        guard take("+") || take("-"),
            let hours = number(2), hours < 24, take(":"),
            let minutes = number(2), minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
