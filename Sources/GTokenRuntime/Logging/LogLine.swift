internal import GTokenCore

/// The two forms of a log line, each ending in a line feed.
enum LogLine {
    /// Bytes of one value beyond this are cut, so that a line stays near the 4,096 bytes that a pipe takes
    /// whole (`PIPE_BUF`) however much a peer had to say.
    static let maxValueBytes = 2048

    static func text(time: String, level: LogLevel, message: String, fields: [LogField]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line += "time=".utf8
        line += time.utf8
        line += " level=".utf8
        line += level.rawValue.utf8
        line += " msg=".utf8
        append(message, to: &line)
        for field in fields {
            line.append(UInt8(ascii: " "))
            append(field.key, to: &line)
            line.append(UInt8(ascii: "="))
            switch field.value {
            case .text(let text): append(text, to: &line)
            case .integer(let number): line += String(number).utf8
            case .boolean(let flag): line += String(flag).utf8
            }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    static func json(time: String, level: LogLevel, message: String, fields: [LogField]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("time", time)
            object.member("level", level.rawValue)
            object.member("msg", message)
            for field in fields {
                switch field.value {
                case .text(let text): object.member(field.key, cut(text))
                case .integer(let number): object.member(field.key, number)
                case .boolean(let flag): object.member(field.key, flag)
                }
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maxValueBytes else { return text }
        let end = text.utf8.index(text.startIndex, offsetBy: maxValueBytes)
        return text[..<text.unicodeScalars.index(after: text.unicodeScalars.index(before: end))] + "…"
    }

    /// Appends a value, in quotes where it has anything that a reader of `key=value` could trip over.
    ///
    /// Control characters are escaped, those of U+0080 to U+009F too: what a peer said must neither start a
    /// line of its own nor speak to the terminal.
    private static func append(_ text: String, to line: inout [UInt8]) {
        let text = cut(text)
        guard text.isEmpty || !text.utf8.allSatisfy(isPlain) else {
            line += text.utf8
            return
        }
        line.append(UInt8(ascii: "\""))
        defer { line.append(UInt8(ascii: "\"")) }
        // What people are told is mostly this, and a scalar at a time is many times slower.
        if text.utf8.allSatisfy(isPrintable) {
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    line.append(UInt8(ascii: "\\"))
                }
                line.append(byte)
            }
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                line.append(UInt8(ascii: "\\"))
                line.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\n": line += "\\n".utf8
            case "\r": line += "\\r".utf8
            case "\t": line += "\\t".utf8
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                line += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
            default: line += UTF8.encode(scalar).map { Array($0) } ?? []
            }
        }
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { 0x20...0x7E ~= byte }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "@"),
            UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "%"), UInt8(ascii: "*"):
            true
        default: false
        }
    }
}
