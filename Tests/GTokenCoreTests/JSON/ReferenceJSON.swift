import GTokenCore

/// JSON read byte by byte and recursively, as RFC 8259 says it: slow, and another way than that of `JSONDocument`.
///
/// Knows no limits, and of characters of more than one byte those of two.
struct ReferenceJSON {
    private let bytes: [UInt8]
    private var offset = 0
    /// Where each value stands, in the order in which they begin, names left out.
    private(set) var values: [Range<Int>] = []

    init(_ bytes: [UInt8]) throws(JSONError) {
        self.bytes = bytes
        skipSpace()
        try value()
        skipSpace()
        guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
    }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    }

    private func current() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw .unexpectedEnd }
        return bytes[offset]
    }

    private mutating func expect(_ text: String) throws(JSONError) {
        for byte in text.utf8 {
            guard try current() == byte else { throw .unexpectedByte(try current(), offset: offset) }
            offset += 1
        }
    }

    private mutating func value() throws(JSONError) {
        let (start, index) = (offset, values.count)
        values.append(start..<start)
        switch try current() {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"):
            try items(end: "}") { (json) throws(JSONError) in
                try json.string()
                json.skipSpace()
                try json.expect(":")
                json.skipSpace()
                try json.value()
            }
        case UInt8(ascii: "["): try items(end: "]") { (json) throws(JSONError) in try json.value() }
        case UInt8(ascii: "t"): try expect("true")
        case UInt8(ascii: "f"): try expect("false")
        case UInt8(ascii: "n"): try expect("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case let other: throw .unexpectedByte(other, offset: start)
        }
        values[index] = start..<offset
    }

    private mutating func items(
        end: String,
        _ item: (inout ReferenceJSON) throws(JSONError) -> Void
    ) throws(JSONError) {
        offset += 1
        skipSpace()
        if try current() == end.utf8.first { return offset += 1 }
        while true {
            try item(&self)
            skipSpace()
            guard try current() == UInt8(ascii: ",") else { return try expect(end) }
            offset += 1
            skipSpace()
        }
    }

    private mutating func string() throws(JSONError) {
        try expect("\"")
        while true {
            let start = offset
            let byte = try current()
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case 0..<0x20: throw .controlCharacter(offset: start)
            case UInt8(ascii: "\\"): try escape(at: start)
            case 0xC2...0xDF:
                guard try current() & 0xC0 == 0x80 else { throw .invalidUTF8(offset: start) }
                offset += 1
            case 0x80...: throw .invalidUTF8(offset: start)
            default: break
            }
        }
    }

    private mutating func escape(at start: Int) throws(JSONError) {
        let byte = try current()
        offset += 1
        if "\"\\/bfnrt".utf8.contains(byte) { return }
        guard byte == UInt8(ascii: "u") else { throw .invalidEscape(offset: start) }
        for _ in 0..<4 {
            guard "0123456789abcdefABCDEF".utf8.contains(try current()) else {
                throw .invalidEscape(offset: start)
            }
            offset += 1
        }
    }

    private mutating func number() throws(JSONError) {
        let start = offset
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        func digits(_ json: inout ReferenceJSON) throws(JSONError) {
            guard isDigit(try json.current()) else { throw .invalidNumber(offset: start) }
            while json.offset < json.bytes.count, isDigit(json.bytes[json.offset]) { json.offset += 1 }
        }
        if try current() == UInt8(ascii: "-") { offset += 1 }
        let first = offset
        try digits(&self)
        if bytes[first] == UInt8(ascii: "0"), offset > first + 1 { throw .invalidNumber(offset: start) }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try digits(&self)
        }
        if offset < bytes.count, [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[offset]) {
            offset += 1
            if offset < bytes.count, "+-".utf8.contains(bytes[offset]) { offset += 1 }
            try digits(&self)
        }
    }
}
