/// The parts of a request that a signature of AWS covers.
public struct SigV4Request: Sendable {
    /// The method, in upper case.
    public var method: String
    /// The path as sent, without the query.
    public var path: String
    /// The query's names and values, decoded.
    public var query: [(name: String, value: String)]
    /// The headers' names and values as sent.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// Makes a request.
    public init(
        method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The headers' names in lower case, each once, sorted.
    var headerNames: [String] {
        Set(headers.map { $0.name.lowercased() }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The values of a header, trimmed, with one space for many and commas between them.
    func canonicalValue(of name: String) -> String {
        headers.filter { $0.name.lowercased() == name }
            .map { header in header.value.split(whereSeparator: \.isHeaderSpace).joined(separator: " ") }
            .joined(separator: ",")
    }

    /// The path without empty, `.` and `..` segments (RFC 3986 section 6.2.2.3), encoded once more.
    var canonicalPath: String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.map { Self.encode($0.utf8) }.joined(separator: "/") + (isFolder ? "/" : "")
    }

    /// The query sorted by name, then by value, both encoded.
    var canonicalQuery: String {
        query.map { (Self.encode($0.name.utf8), Self.encode($0.value.utf8)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    private static func encode(_ text: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text {
            switch byte {
            case .minus, .dot, UInt8(ascii: "_"), UInt8(ascii: "~"): encoded.append(byte)
            case _ where NameRule.isLetter(byte) || byte.isDigit: encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension SigV4Request: CustomStringConvertible, CustomReflectable {
    /// Method and path; all else may hold a credential.
    public var description: String { "\(method) \(path)" }

    /// Nothing beyond ``description``.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Character {
    fileprivate var isHeaderSpace: Bool { self == " " || self == "\t" }
}
