/// Base 64 of RFC 4648 section 4, with padding.
public enum Base64 {
    /// The text of `bytes`, padded to a multiple of four characters.
    public static func encode(_ bytes: [UInt8]) -> String {
        Base64Codec.standard.encode(bytes)
    }

    /// Appends the text of `bytes` to what a writer has.
    static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        Base64Codec.standard.append(bytes.span, to: &output)
    }

    /// How long the text of so many bytes is.
    static func encodedCount(_ count: Int) -> Int { Base64Codec.standard.encodedCount(count) }

    /// The bytes of `text`; `nil` where it is not the one canonical form that ``encode(_:)`` gives.
    ///
    /// White space, missing padding and bits that belong to no byte are refused (RFC 4648 section 3).
    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8))
    }

    /// The bytes of a text given in UTF-8; `nil` where it is not canonical.
    public static func decode(_ text: [UInt8]) -> [UInt8]? {
        Base64Codec.standard.decode(text[...])
    }
}

/// Base 64 with the URL and file name safe alphabet of RFC 4648 section 5, without padding, as JOSE uses it
/// (RFC 7515 section 2).
public enum Base64URL {
    /// The text of `bytes`, without padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        Base64Codec.url.encode(bytes)
    }

    /// The bytes of `text`; `nil` where it is not the one canonical form that ``encode(_:)`` gives.
    ///
    /// Padding, white space and bits that belong to no byte are refused.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8)[...])
    }

    /// The bytes of a text given in UTF-8; `nil` where it is not canonical.
    public static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        Base64Codec.url.decode(text)
    }
}
