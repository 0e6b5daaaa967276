/// Why a patch is none, or could not be applied; operations are counted from 0.
public enum JSONPatchError: Error, Equatable, Sendable {
    /// A patch document is an array.
    case notAnArray
    /// An operation of the document is none.
    case malformed(operation: Int, reason: Malformation)
    /// An operation could not be carried out; the whole patch then has no effect.
    case failed(operation: Int, name: String, path: JSONPointer, reason: Reason)

    /// What is wrong with an operation as written.
    public enum Malformation: Error, Equatable, Sendable {
        /// An operation is an object.
        case notAnObject
        /// A member that the operation needs is absent or is not a string.
        case missingMember(String)
        /// A member stands twice.
        case duplicateMember(String)
        /// An `op` that RFC 6902 does not know.
        case unknownOperation(String)
        /// A `path` or `from` that is no JSON Pointer.
        case pointer(member: String, JSONPointerError)
    }

    /// Why an operation could not be carried out.
    public enum Reason: Error, Equatable, Sendable {
        /// The pointer, or a part of it that is given here, leads to nothing.
        case notFound(JSONPointer)
        /// An array's token that is neither an index within the array nor, for `add`, `-`.
        case invalidIndex(JSONPointer)
        /// The pointer goes on below a string, number, boolean or null.
        case notAContainer(JSONPointer)
        /// A `test` found another value.
        case testFailed
        /// A value to be added is not JSON.
        case invalidValue(JSONError)
        /// A `move` into the value that is moved (section 4.4).
        case moveIntoItself
        /// The document's root cannot be taken away.
        case removesRoot
        /// The result would be larger than the limit in bytes that was given.
        case resultTooLarge(limit: Int)
    }
}

extension JSONPatchError: CustomStringConvertible {
    /// One lower-case line that names the operation and the pointer.
    public var description: String {
        switch self {
        case .notAnArray: "a JSON patch is an array"
        case .malformed(let operation, let reason): "operation \(operation) of the patch \(reason)"
        case .failed(let operation, let name, let path, let reason):
            "operation \(operation) of the patch, \(name) \"\(path.description.inOneLine)\", \(reason)"
        }
    }
}

extension JSONPatchError.Malformation: CustomStringConvertible {
    /// The end of a sentence about an operation.
    public var description: String {
        switch self {
        case .notAnObject: "is not an object"
        case .missingMember(let name): "has no valid member \"\(name)\""
        case .duplicateMember(let name): "has the member \"\(name)\" twice"
        case .unknownOperation(let name): "has an op that RFC 6902 does not know: \"\(name.inOneLine)\""
        case .pointer(let member, let error): "has a \"\(member)\" that is no JSON pointer: \(error)"
        }
    }
}

extension JSONPatchError.Reason: CustomStringConvertible {
    /// The end of a sentence about an operation.
    public var description: String {
        switch self {
        case .notFound(let pointer): "failed: nothing stands at \"\(pointer.description.inOneLine)\""
        case .invalidIndex(let pointer):
            "failed: \"\(pointer.description.inOneLine)\" is no index of its array"
        case .notAContainer(let pointer):
            "failed: \"\(pointer.description.inOneLine)\" is neither object nor array"
        case .testFailed: "failed: the value differs"
        case .invalidValue(let error): "failed: its value is not JSON: \(error)"
        case .moveIntoItself: "failed: a value cannot be moved into itself"
        case .removesRoot: "failed: the whole document cannot be removed"
        case .resultTooLarge(let limit): "failed: the result would be larger than \(limit) bytes"
        }
    }
}
