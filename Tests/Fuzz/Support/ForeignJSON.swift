import Foundation

@testable import GTokenCore

/// The same text read by Foundation's JSONSerialization, an implementation that shares nothing with ours.
enum ForeignJSON {
    /// The value; `nil` where Foundation refuses the bytes.
    static func parse(_ bytes: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    /// Whether the two implementations read the same language here.
    ///
    /// Foundation guesses UTF-16 and UTF-32 from zero bytes and byte order marks at the start (RFC 4627), and
    /// takes one for UTF-8; RFC 8259 section 8.1 has UTF-8 alone, without mark.
    static func readsAsUTF8(_ bytes: [UInt8]) -> Bool {
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
        return !bytes.prefix(4).contains(0) && !marks.contains { bytes.starts(with: $0) }
    }

    /// Whether Foundation may refuse what is right, or lose some of it: a number past the range of its own, names
    /// that Swift's strings take for equal, and byte order marks in a name (``agrees(_:_:)`` has them in texts).
    static func loses(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .number:
            return value.rawBytes.count > 15 || value.rawBytes.contains { $0 | 0x20 == UInt8(ascii: "e") }
        case .array: return value.elements.contains(where: loses)
        case .object:
            var names: Set<String> = []
            return value.members.contains {
                !names.insert($0.name).inserted || hasMark($0.name) || loses($0.value)
            }
        case .string, .boolean, .null: return false
        }
    }

    private static func hasMark(_ text: String) -> Bool { text.unicodeScalars.contains("\u{FEFF}") }

    /// A text without the byte order marks of which Foundation drops one at its start, and one behind each escape.
    private static func withoutMarks(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FEFF}" }))
    }

    /// Whether our value and Foundation's are the same, asked only where nothing is lost.
    static func agrees(_ value: JSONValue, _ foreign: Any) -> Bool {
        switch value.kind {
        case .null: return foreign is NSNull
        case .string:
            guard let ours = value.string(), let theirs = foreign as? String else { return false }
            return withoutMarks(ours).isIdentical(to: withoutMarks(theirs))
        case .boolean: return value.boolean() == (foreign as? Bool)
        case .number: return value.number() == (foreign as? NSNumber)?.doubleValue
        case .array:
            guard let list = foreign as? [Any] else { return false }
            let elements = Array(value.elements)
            return elements.count == list.count && zip(elements, list).allSatisfy(agrees)
        case .object:
            guard let object = foreign as? [String: Any] else { return false }
            let members = Array(value.members)
            return members.count == object.count
                && members.allSatisfy { member in
                    object[member.name].map { agrees(member.value, $0) } ?? false
                }
        }
    }
}
