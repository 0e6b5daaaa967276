/// What the user of a Pod is told, within what the API server passes on.
enum WarningText {
    /// The API server passes on 4 KiB of warnings, of at most 256 bytes each.
    private static let maxCount = 16

    /// A line that says who speaks.
    static func line(_ text: String) -> String { "gtoken: \(text)" }

    /// A line about a container, made in one piece: a Pod has as many as it has containers.
    static func line(container name: String, _ text: StaticString) -> String {
        var line: [UInt8] = []
        line.reserveCapacity(32 + name.utf8.count + text.utf8CodeUnitCount)
        line.append(#"gtoken: container ""#)
        line.append(contentsOf: name.utf8)
        line.append(#"" "#)
        line.append(text)
        return String(decoding: line, as: UTF8.self)
    }

    /// As many of these lines as are passed on; the first come first.
    static func passedOn(_ lines: [String]) -> [String] {
        let rest = lines.count - maxCount
        return rest > 0 ? lines.prefix(maxCount) + [line("and \(rest) more warnings")] : lines
    }
}

extension String {
    /// A name for messages, cut: the API server has not checked it yet, and a valid one has 63 bytes at most.
    var shownInWarning: String {
        let text = utf8.count <= 63 ? self : String(decoding: utf8.prefix(63), as: UTF8.self) + "..."
        return text.inOneLine
    }
}
