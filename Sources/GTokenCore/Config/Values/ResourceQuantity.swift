/// An amount of CPU or memory as Kubernetes writes it: `50m`, `0.5`, `32Mi`, `1e3`.
///
/// The text is kept as it was written; the amount is for checks.
public struct ResourceQuantity: Sendable, Hashable {
    /// As written.
    public let description: String
    /// In cores or bytes, rounded as binary64 is.
    public let amount: Double

    /// Reads a quantity: a decimal number without sign, then nothing, a suffix of 2 (`Ki` to `Ei`), one of 10
    /// (`n`, `u`, `m`, `k`, `M` to `E`) or an exponent (`e3`, `E-3`); `nil` for anything else.
    ///
    /// Source: `resource.ParseQuantity` of k8s.io/apimachinery; a sign is left out, an amount here is positive.
    public init?(parsing text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = text[number.endIndex...]
        guard number.utf8.count <= 32, number.utf8.contains(where: \.isDigit),
            number.utf8.count(where: { $0 == .dot }) <= 1,
            let value = Double(number.hasPrefix(".") ? "0" + number : String(number)),
            let scale = Self.scale(suffix)
        else { return nil }
        amount = value * scale
        description = text
    }

    /// So many thousandths, of a core: `50m`.
    public static func milli(_ count: UInt16) -> ResourceQuantity {
        ResourceQuantity(description: "\(count)m", amount: Double(count) / 1000)
    }

    /// So many mebibytes: `32Mi`.
    public static func mebi(_ count: UInt16) -> ResourceQuantity {
        ResourceQuantity(description: "\(count)Mi", amount: Double(count) * 0x1p20)
    }

    private init(description: String, amount: Double) {
        self.description = description
        self.amount = amount
    }

    private static func scale(_ suffix: Substring) -> Double? {
        switch suffix {
        case "": return 1
        case "n": return 1e-9
        case "u": return 1e-6
        case "m": return 1e-3
        case "k": return 1e3
        case "M": return 1e6
        case "G": return 1e9
        case "T": return 1e12
        case "P": return 1e15
        case "E": return 1e18
        case "Ki": return 0x1p10
        case "Mi": return 0x1p20
        case "Gi": return 0x1p30
        case "Ti": return 0x1p40
        case "Pi": return 0x1p50
        case "Ei": return 0x1p60
        default: break
        }
        guard suffix.first == "e" || suffix.first == "E" else { return nil }
        let digits = suffix.dropFirst()
        let isShort = (1...3).contains(digits.utf8.count)
        guard isShort, Int(digits) != nil else { return nil }
        return Double("1e\(digits)")
    }
}

extension ResourceQuantity: CustomStringConvertible {}
