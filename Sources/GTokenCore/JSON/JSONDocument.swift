/// A JSON text that has been checked from end to end and is read in place.
///
/// The check is strict RFC 8259: one value, valid UTF-8, no unescaped control characters, no halves of
/// surrogate pairs, no numbers with leading zeros. It is one pass over the bytes that also notes where each
/// object and array ends, so that values are found afterwards by stepping over what is not asked for. No tree
/// is built: a ``JSONValue`` is a place in the original bytes, and what nobody reads survives byte for byte.
///
/// Cost: linear in the bytes; the memory of the bytes plus 12 to 24 bytes for each object or array.
public struct JSONDocument: Sendable {
    let storage: JSONStorage

    /// Checks `bytes` and takes them over.
    ///
    /// - Throws: ``JSONError`` for the first byte that is not JSON, or the limit that was passed.
    public init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        guard bytes.count <= limits.maxBytes else { throw .tooLarge(limit: limits.maxBytes) }
        let (containers, rootOffset) = try JSONChecker.check(bytes.span, limits: limits)
        storage = JSONStorage(bytes: bytes, containers: containers, rootOffset: rootOffset)
    }

    /// The document's one value.
    public var root: JSONValue {
        JSONValue(storage, JSONPlace(offset: storage.rootOffset, container: 0))
    }

    /// The bytes of the document as they were given.
    public var bytes: [UInt8] { storage.bytes }
}

/// What the values of one document share: its bytes and the places of its objects and arrays.
final class JSONStorage: Sendable {
    let bytes: [UInt8]
    /// In the order in which they open; behind them may stand places that mean nothing.
    let containers: [JSONContainer]
    let rootOffset: Int

    init(bytes: [UInt8], containers: [JSONContainer], rootOffset: Int) {
        self.bytes = bytes
        self.containers = containers
        self.rootOffset = rootOffset
    }
}

/// The place of one object or array; a document lists them in the order in which they open.
struct JSONContainer {
    /// Where its `{` or `[` stands.
    var start: UInt32
    /// Just past its `}` or `]`; while it is open, the index of the container around it.
    var end: UInt32
    /// The index of the first container that opens after this one has closed.
    var next: UInt32

    /// A place that is free.
    static let none = JSONContainer(start: 0, end: 0, next: 0)
}
