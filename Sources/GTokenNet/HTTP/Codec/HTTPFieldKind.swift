/// The fields that decide how a message is read and answered, told apart once: when a field is read or added.
enum HTTPFieldKind: UInt8, Sendable {
    case host, expect, connection, contentType, contentLength, transferEncoding
    /// Any other.
    case other

    /// The kind of a field with this name, in any case.
    init(_ name: Span<UInt8>) {
        // The length alone tells most fields apart, and no two of these share it.
        self =
            switch name.count {
            case 4 where HTTPSyntax.equals(name, ignoringCase: "host"): .host
            case 6 where HTTPSyntax.equals(name, ignoringCase: "expect"): .expect
            case 10 where HTTPSyntax.equals(name, ignoringCase: "connection"): .connection
            case 12 where HTTPSyntax.equals(name, ignoringCase: "content-type"): .contentType
            case 14 where HTTPSyntax.equals(name, ignoringCase: "content-length"): .contentLength
            case 17 where HTTPSyntax.equals(name, ignoringCase: "transfer-encoding"): .transferEncoding
            default: .other
            }
    }

    /// Whether such a field says where a message ends, or what becomes of its connection: the encoder's own to write.
    var isFraming: Bool {
        switch self {
        case .connection, .contentLength, .transferEncoding: true
        case .host, .expect, .contentType, .other: false
        }
    }
}
