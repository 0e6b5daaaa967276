/// A JSON Patch (RFC 6902): operations that are applied in order, all or none.
public struct JSONPatch: Equatable, Sendable {
    private enum Form: Sendable {
        case operations([JSONPatchOperation])
        /// The document, of one operation at least.
        case document([UInt8])
    }

    private var form: Form

    /// The operations, first to last.
    public var operations: [JSONPatchOperation] {
        get {
            switch form {
            case .operations(let operations): return operations
            case .document(let bytes):
                // Invariant: our own writing is a patch document.
                let patch = (try? JSONDocument(bytes)).flatMap { try? JSONPatch(parsing: $0) }
                return patch?.operations ?? []
            }
        }
        set { form = .operations(newValue) }
    }

    /// A patch of these operations.
    public init(_ operations: [JSONPatchOperation] = []) { form = .operations(operations) }

    /// A patch whose document has been written already, with one operation at least.
    init(document: [UInt8]) { form = .document(document) }

    /// Whether the patch changes and tests nothing.
    public var isEmpty: Bool {
        switch form {
        case .operations(let operations): operations.isEmpty
        case .document: false
        }
    }

    /// The patch document: a JSON array with one object for each operation.
    public var encoded: [UInt8] {
        if case .document(let bytes) = form { return bytes }
        let operations = operations
        // Besides its value an operation is a path and names: 100 bytes hold those of a Pod.
        var writer = JSONWriter(capacity: operations.reduce(2) { $0 + 100 + ($1.value?.count ?? 0) })
        writer.array { array in
            for operation in operations { operation.write(to: &array) }
        }
        return writer.bytes
    }

    /// Parses a patch document; members that RFC 6902 does not name are ignored (section 4).
    ///
    /// - Throws: ``JSONPatchError/notAnArray``, or ``JSONPatchError/malformed(operation:reason:)`` for the
    ///   first operation that is none.
    public init(parsing document: JSONDocument) throws(JSONPatchError) {
        guard document.root.isArray else { throw .notAnArray }
        var operations: [JSONPatchOperation] = []
        for element in document.root.elements {
            do throws(JSONPatchError.Malformation) {
                operations.append(try JSONPatchOperation(parsing: element))
            } catch {
                throw .malformed(operation: operations.count, reason: error)
            }
        }
        self.init(operations)
    }
}

extension JSONPatch {
    /// Whether the two have the same operations.
    public static func == (first: JSONPatch, second: JSONPatch) -> Bool {
        first.operations == second.operations
    }
}

/// One operation of a ``JSONPatch``; values are JSON as written.
public enum JSONPatchOperation: Equatable, Sendable {
    /// Adds a member or inserts an element; replaces a member of the same name (section 4.1).
    case add(JSONPointer, value: [UInt8])
    /// Removes what is there (section 4.2).
    case remove(JSONPointer)
    /// Replaces what is there (section 4.3).
    case replace(JSONPointer, value: [UInt8])
    /// Takes a value away from one place and adds it at another (section 4.4).
    case move(from: JSONPointer, to: JSONPointer)
    /// Adds a copy of a value at another place (section 4.5).
    case copy(from: JSONPointer, to: JSONPointer)
    /// Fails the patch unless the value there is equal (section 4.6).
    case test(JSONPointer, value: [UInt8])

    /// The operation's name in a patch document.
    public var name: String {
        switch self {
        case .add: "add"
        case .remove: "remove"
        case .replace: "replace"
        case .move: "move"
        case .copy: "copy"
        case .test: "test"
        }
    }

    /// Where the operation acts.
    public var path: JSONPointer {
        switch self {
        case .add(let path, _), .remove(let path), .replace(let path, _), .move(_, let path),
            .copy(_, let path), .test(let path, _):
            path
        }
    }

    /// What the operation adds, puts or compares; `nil` for one without a value.
    var value: [UInt8]? {
        switch self {
        case .add(_, let value), .replace(_, let value), .test(_, let value): value
        case .remove, .move, .copy: nil
        }
    }

    /// The operation as it stands in a patch document: a JSON object.
    public var encoded: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("op", name)
            object.member("path", path.description)
            switch self {
            case .add(_, let value), .replace(_, let value), .test(_, let value):
                object.member("value") { $0.raw(value) }
            case .move(let from, _), .copy(let from, _):
                object.member("from", from.description)
            case .remove:
                break
            }
        }
    }

    init(parsing element: JSONValue) throws(JSONPatchError.Malformation) {
        func unique(_ name: String) throws(JSONPatchError.Malformation) -> JSONValue? {
            do throws(JSONError) { return try element.uniqueMember(name) } catch {
                throw .duplicateMember(name)
            }
        }
        func pointer(_ name: String) throws(JSONPatchError.Malformation) -> JSONPointer {
            guard let text = try unique(name)?.string() else { throw .missingMember(name) }
            do throws(JSONPointerError) {
                return try JSONPointer(parsing: text)
            } catch {
                throw .pointer(member: name, error)
            }
        }
        func value() throws(JSONPatchError.Malformation) -> [UInt8] {
            guard let value = try unique("value") else { throw .missingMember("value") }
            return Array(value.rawBytes)
        }
        guard element.isObject else { throw .notAnObject }
        guard let name = try unique("op")?.string() else { throw .missingMember("op") }
        switch name {
        case "add": self = .add(try pointer("path"), value: try value())
        case "remove": self = .remove(try pointer("path"))
        case "replace": self = .replace(try pointer("path"), value: try value())
        case "move": self = .move(from: try pointer("from"), to: try pointer("path"))
        case "copy": self = .copy(from: try pointer("from"), to: try pointer("path"))
        case "test": self = .test(try pointer("path"), value: try value())
        default: throw .unknownOperation(name)
        }
    }
}
