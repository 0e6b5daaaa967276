package import GTokenCore

/// The form of a date in HTTP's fields: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// A time as a field has it; a fraction of a second is cut off.
    package static func text(_ time: UnixTime) -> String {
        let text = time.rfc3339
        // Invariant: YYYY-MM-DDTHH:MM:SSZ.
        let parts = text.split { $0 == "-" || $0 == "T" || $0 == "Z" }
        guard parts.count == 4, let month = Int(parts[1]) else { return text }
        let elapsed = time.seconds / 86_400 - (time.seconds % 86_400 < 0 ? 1 : 0)
        let day = Int((elapsed % 7 + 7) % 7)
        return "\(days[day]), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) GMT"
    }

    /// The time that a field names; `nil` where it is of another form, the two obsolete ones included.
    package static func time(_ text: String) -> UnixTime? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","), words[5] == "GMT",
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return UnixTime(rfc3339: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
