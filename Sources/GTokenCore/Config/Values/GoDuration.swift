/// Durations as the Go project's users write them: Go's `time.ParseDuration` and `Duration.String`.
extension Duration {
    /// Reads `300ms`, `-1.5h`, `2h45m` or `0`; units are `ns`, `us`, `µs`, `ms`, `s`, `m`, `h`.
    ///
    /// `nil` where Go reports an error: no unit, an unknown unit, more than about 292 years.
    public init?(goText text: String) {
        var rest = Array(text.utf8)[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        guard !rest.isEmpty else { return nil }
        guard rest != [UInt8(ascii: "0")] else {
            self = .zero
            return
        }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = Self.takePart(&rest) else { return nil }
            let (sum, overflows) = total.addingReportingOverflow(part)
            guard !overflows else { return nil }
            total = sum
        }
        self = .nanoseconds(isNegative ? -total : total)
    }

    /// The duration as Go prints it: `1h30m0s`, `10s`, `2.5ms`, `0s`; exact to the nanosecond.
    public var goText: String {
        let (seconds, attoseconds) = components
        let isNegative = seconds < 0 || attoseconds < 0
        let whole = seconds.magnitude
        let nanoseconds = attoseconds.magnitude / 1_000_000_000
        let sign = isNegative ? "-" : ""
        if whole == 0 { return nanoseconds == 0 ? "0s" : sign + Self.subsecondText(nanoseconds) }
        var text = sign
        if whole >= 3600 { text += "\(whole / 3600)h" }
        if whole >= 60 { text += "\(whole / 60 % 60)m" }
        return text + Self.decimalText(whole % 60, fraction: nanoseconds, digits: 9) + "s"
    }

    private static func subsecondText(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1000: "\(nanoseconds)ns"
        case ..<1_000_000: decimalText(nanoseconds / 1000, fraction: nanoseconds % 1000, digits: 3) + "µs"
        default: decimalText(nanoseconds / 1_000_000, fraction: nanoseconds % 1_000_000, digits: 6) + "ms"
        }
    }

    private static func decimalText(_ whole: UInt64, fraction: UInt64, digits: Int) -> String {
        guard fraction > 0 else { return String(whole) }
        var text = String(fraction)
        text = String(repeating: "0", count: digits - text.count) + text
        while text.hasSuffix("0") { text.removeLast() }
        return "\(whole).\(text)"
    }

    /// Takes one number with its unit off the front, in nanoseconds; `nil` when there is none or it overflows.
    private static func takePart(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let whole = takeDigits(&rest)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(&rest)
        }
        guard !(whole.isEmpty && fraction.isEmpty), let unit = takeUnit(&rest) else { return nil }
        var value: Int64 = 0
        for digit in whole {
            let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            let (next, overflowsToo) = tenfold.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !overflowsToo else { return nil }
            value = next
        }
        let (scaled, overflows) = value.multipliedReportingOverflow(by: unit)
        guard !overflows else { return nil }
        // As Go does it: digits that no longer fit 63 bits are dropped, and the rest is rounded as a binary64.
        var numerator: Int64 = 0
        var denominator = 1.0
        for digit in fraction where numerator <= (Int64.max - 9) / 10 {
            numerator = numerator * 10 + Int64(digit - UInt8(ascii: "0"))
            denominator *= 10
        }
        let remainder = Int64(Double(numerator) * (Double(unit) / denominator))
        let (sum, overflowsToo) = scaled.addingReportingOverflow(remainder)
        return overflowsToo ? nil : sum
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func takeUnit(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let unit = rest.prefix {
            !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) && $0 != UInt8(ascii: ".")
        }
        rest = rest.dropFirst(unit.count)
        // Go takes both code points for the micro sign, U+00B5 and U+03BC.
        return switch String(decoding: unit, as: UTF8.self).unicodeScalars.map(\.value) {
        case [0x6E, 0x73]: 1
        case [0x75, 0x73], [0xB5, 0x73], [0x3BC, 0x73]: 1000
        case [0x6D, 0x73]: 1_000_000
        case [0x73]: 1_000_000_000
        case [0x6D]: 60_000_000_000
        case [0x68]: 3_600_000_000_000
        default: nil
        }
    }
}
