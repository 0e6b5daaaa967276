/// A JSON Pointer (RFC 6901): the path from a document's root to one of its values.
public struct JSONPointer: Hashable, Sendable {
    /// The unescaped reference tokens; empty for the whole document.
    public var tokens: [String]

    /// A pointer of these unescaped tokens.
    public init(_ tokens: [String] = []) { self.tokens = tokens }

    /// Parses the string form: empty, or tokens each with a `/` before it, `~0` for `~` and `~1` for `/`.
    ///
    /// - Throws: ``JSONPointerError`` when the text does not start with `/` or has a stray `~`.
    public init(parsing text: String) throws(JSONPointerError) {
        tokens = []
        // Bytes, not characters: a "/" followed by a combining mark is one Character.
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return }
        guard first == UInt8(ascii: "/") else { throw .missingSlash }
        for part in bytes.dropFirst().split(separator: first, omittingEmptySubsequences: false) {
            tokens.append(try Self.unescape(part))
        }
    }

    /// The pointer to a member or element of what this one points to.
    public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

    /// The pointer to an element of the array that this one points to.
    public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    private static func unescape(_ token: ArraySlice<UInt8>) throws(JSONPointerError) -> String {
        guard token.contains(UInt8(ascii: "~")) else { return String(decoding: token, as: UTF8.self) }
        var text: [UInt8] = []
        var rest = token
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                text.append(byte)
                continue
            }
            switch rest.popFirst() {
            case .zero: text.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): text.append(UInt8(ascii: "/"))
            default: throw .strayTilde
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// An array index as RFC 6901 section 4 writes it: digits without a leading zero.
    static func arrayIndex(_ token: String) -> Int? {
        let digits = token.utf8
        guard let first = digits.first, digits.allSatisfy(\.isDigit), digits.count == 1 || first != .zero
        else {
            return nil
        }
        return Int(token)
    }
}

extension JSONPointer {
    /// Whether the tokens are the same, code point by code point; Swift's texts are equal where they look it.
    public static func == (first: JSONPointer, second: JSONPointer) -> Bool {
        first.tokens.elementsEqual(second.tokens) { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Hashes the tokens' code points.
    public func hash(into hasher: inout Hasher) {
        for token in tokens { hasher.combine(Array(token.utf8)) }
    }

    /// Whether this leads into what `other` points to.
    func isBelow(_ other: JSONPointer) -> Bool {
        tokens.count > other.tokens.count && JSONPointer(Array(tokens.prefix(other.tokens.count))) == other
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The string form with `~` and `/` escaped.
    public var description: String {
        var text = ""
        for token in tokens {
            text += "/"
            text += Self.escape(token)
        }
        return text
    }

    private static func escape(_ token: String) -> String {
        // Hardly any token has something to escape.
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return token
        }
        var text = ""
        for character in token.unicodeScalars {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}

/// Why a text is not a JSON Pointer.
public enum JSONPointerError: Error, Equatable, Sendable {
    /// A pointer that is not empty starts with `/`.
    case missingSlash
    /// A `~` stands only in `~0` and `~1`.
    case strayTilde
}

extension JSONPointerError: CustomStringConvertible {
    /// One lower-case line.
    public var description: String {
        switch self {
        case .missingSlash: "a JSON pointer that is not empty starts with \"/\""
        case .strayTilde: "a \"~\" in a JSON pointer stands for itself only as \"~0\""
        }
    }
}

extension JSONValue {
    /// The value that `pointer` leads to from here; `nil` when there is none.
    public func value(at pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            let child: JSONValue? =
                value.isArray
                ? JSONPointer.arrayIndex(token).flatMap { index in
                    value.elements.dropFirst(index).first { _ in true }
                }
                : value[token]
            guard let child else { return nil }
            value = child
        }
        return value
    }
}
