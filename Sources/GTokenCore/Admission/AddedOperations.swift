/// The document of a JSON Patch that only adds, written one operation after the other.
///
/// A patch for a Pod is a few texts that are known before and the Pod's own places: they go straight into the document,
/// which is made once.
struct AddedOperations {
    private var bytes: [UInt8]

    /// A path: where it begins, and a place in a list and what is in that place, where it leads there.
    struct Path {
        var start: StaticString
        var index: Int?
        var field: StaticString = ""
    }

    /// No operations, and room for so many bytes.
    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes.append(.openBracket)
    }

    /// Whether there is no operation yet.
    var isEmpty: Bool { bytes.count == 1 }

    /// The patch of the operations so far.
    var patch: JSONPatch { isEmpty ? JSONPatch() : JSONPatch(document: bytes + [.closeBracket]) }

    /// Adds a value.
    mutating func add(_ path: Path, _ value: some Collection<UInt8>) {
        begin(path)
        bytes.append(contentsOf: value)
        bytes.append(.closeBrace)
    }

    /// Adds a value to the end of an array.
    mutating func append(_ path: Path, _ value: some Collection<UInt8>) {
        begin(path, "/-")
        bytes.append(contentsOf: value)
        bytes.append(.closeBrace)
    }

    /// Adds an array with these values, which have commas between them.
    mutating func addArray(_ path: Path, _ values: some Collection<UInt8>) {
        begin(path)
        bytes.append(.openBracket)
        bytes.append(contentsOf: values)
        bytes.append(.closeBracket)
        bytes.append(.closeBrace)
    }

    private mutating func append(_ index: Int) {
        if index >= 10 { append(index / 10) }
        bytes.append(.zero + UInt8(index % 10))
    }

    private mutating func begin(_ path: Path, _ end: StaticString = "") {
        if !isEmpty { bytes.append(.comma) }
        bytes.append(#"{"op":"add","path":""#)
        bytes.append(path.start)
        if let index = path.index { append(index) }
        bytes.append(path.field)
        bytes.append(end)
        bytes.append(#"","value":"#)
    }
}
