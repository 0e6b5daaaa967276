/// The document of a JSON Patch that only adds, written one operation after the other.
///
/// A patch for a Pod is a few texts that are known before and the Pod's own places: they go straight into the document,
/// which is made once.
struct AddedOperations {
    /// Each operation begins with a comma; in the end the first one's is the document's bracket.
    private var bytes: [UInt8] = []

    /// Where a container stands.
    struct ContainerPath {
        var list: ContainerList
        var index: Int
    }

    /// The lists of containers.
    enum ContainerList {
        case containers, initContainers

        /// An operation up to the index in the list.
        fileprivate var start: StaticString {
            switch self {
            case .containers: #",{"op":"add","path":"/spec/containers/"#
            case .initContainers: #",{"op":"add","path":"/spec/initContainers/"#
            }
        }
    }

    /// No operations, and room for so many bytes.
    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Whether there is no operation yet.
    var isEmpty: Bool { bytes.isEmpty }

    /// Takes the patch of the operations so far, and leaves none.
    mutating func takePatch() -> JSONPatch {
        guard !isEmpty else { return JSONPatch() }
        var document: [UInt8] = []
        swap(&document, &bytes)
        document[0] = .openBracket
        document.append(.closeBracket)
        return JSONPatch(document: document)
    }

    /// Adds a value.
    mutating func add(_ path: StaticString, _ value: [UInt8]) {
        begin(path)
        bytes.append(#"","value":"#)
        bytes.append(contentsOf: value)
        bytes.append(.closeBrace)
    }

    /// Adds an array with one value.
    mutating func addArray(_ path: StaticString, of value: [UInt8]) {
        begin(path)
        bytes.append(#"","value":["#)
        bytes.append(contentsOf: value)
        bytes.append("]}")
    }

    /// Adds something to a container: `rest` is what of the operation follows the container's path.
    mutating func add(to container: ContainerPath, _ rest: some Collection<UInt8>) {
        bytes.append(container.list.start)
        append(container.index)
        bytes.append(contentsOf: rest)
    }

    private mutating func begin(_ path: StaticString) {
        bytes.append(#",{"op":"add","path":""#)
        bytes.append(path)
    }

    private mutating func append(_ index: Int) {
        if index >= 10 { append(index / 10) }
        bytes.append(.zero + UInt8(index % 10))
    }
}
