/// What the user of a Pod is told, within what the API server passes on.
enum WarningText {
    /// The API server passes on 4 KiB of warnings, of at most 256 bytes each.
    private static let maxCount = 16

    /// A line that says who speaks.
    static func line(_ text: String) -> String { "gtoken: \(text)" }

    /// The lines of all these, of as many as are passed on; the first come first.
    static func lines(_ texts: [String]) -> [String] {
        let rest = texts.count - maxCount
        let shown = texts.prefix(maxCount).map(line)
        return rest > 0 ? shown + [line("and \(rest) more warnings")] : shown
    }
}

extension String {
    /// A name for messages, cut: the API server has not checked it yet, and a valid one has 63 bytes at most.
    var shownInWarning: String {
        let text = utf8.count <= 63 ? self : String(decoding: utf8.prefix(63), as: UTF8.self) + "..."
        return text.inOneLine
    }
}
