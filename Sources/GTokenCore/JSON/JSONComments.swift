/// JSON that people write, with comments as JavaScript has them: `// …` to the end of the line, and `/* … */`.
package enum JSONComments {
    /// The text with each byte of its comments a space, line breaks kept, so that offsets and lines stay what they were.
    ///
    /// What is no comment is not looked at: whether it is JSON the parser says. A comment that does not end reaches to
    /// the end.
    package static func blanked(_ text: [UInt8]) -> [UInt8] {
        var text = text
        var place = 0
        while place < text.count {
            switch text[place] {
            case .quote: place = endOfString(text, place)
            case .slash where place + 1 < text.count && text[place + 1] == .slash:
                place = blank(&text, from: place) { $0 == UInt8(ascii: "\n") }
            case .slash where place + 1 < text.count && text[place + 1] == UInt8(ascii: "*"):
                place = blankBlock(&text, from: place)
            default: place += 1
            }
        }
        return text
    }

    /// Just past the closing quote of the string that begins here, or the end.
    private static func endOfString(_ text: [UInt8], _ start: Int) -> Int {
        var place = start + 1
        while place < text.count, text[place] != .quote { place += text[place] == .backslash ? 2 : 1 }
        return place + 1
    }

    private static func blank(_ text: inout [UInt8], from start: Int, until isEnd: (UInt8) -> Bool) -> Int {
        var place = start
        while place < text.count, !isEnd(text[place]) {
            text[place] = UInt8(ascii: " ")
            place += 1
        }
        return place
    }

    private static func blankBlock(_ text: inout [UInt8], from start: Int) -> Int {
        var place = start + 2
        while place + 1 < text.count, !(text[place] == UInt8(ascii: "*") && text[place + 1] == .slash) {
            place += 1
        }
        let end = min(place + 2, text.count)
        for index in start..<end where text[index] != UInt8(ascii: "\n") { text[index] = UInt8(ascii: " ") }
        return end
    }
}
