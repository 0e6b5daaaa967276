/// Writes the Prometheus text exposition format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
package struct MetricText {
    private(set) var bytes: [UInt8] = []

    init() {}

    /// Adds a metric's `# HELP` and `# TYPE` lines.
    mutating func header(_ name: String, help: String, kind: String) {
        let help = Self.escape(help, quotes: false)
        bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n".utf8
    }

    /// Adds one line with a value.
    mutating func sample(_ name: String, labels: [(name: String, value: String)], value: Double) {
        bytes += name.utf8
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escape($0.value, quotes: true))\"" }
            bytes += "{\(pairs.joined(separator: ","))}".utf8
        }
        bytes += " \(Self.number(value))\n".utf8
    }

    /// A number as Go's `ParseFloat` takes it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
