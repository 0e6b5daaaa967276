extension JSONPatch {
    /// The document with the operations applied in order (RFC 6902 section 5).
    ///
    /// Values that no operation goes into are copied byte for byte; white space between the items of a
    /// container that one does go into is dropped.
    ///
    /// - Parameters:
    ///   - document: what the operations start from.
    ///   - maxBytes: the largest result; `copy` could otherwise double it with each operation.
    /// - Returns: the changed document as JSON.
    /// - Throws: ``JSONPatchError/failed(operation:name:path:reason:)`` for the first operation that cannot be
    ///   carried out.
    public func applied(
        to document: JSONDocument,
        maxBytes: Int = JSONLimits.standard.maxBytes
    ) throws(JSONPatchError) -> [UInt8] {
        var root = JSONPatchNode(document.root)
        for (index, operation) in operations.enumerated() {
            do throws(JSONPatchError.Reason) {
                try operation.apply(to: &root)
                guard root.byteCount <= maxBytes else { throw .resultTooLarge(limit: maxBytes) }
            } catch {
                throw .failed(operation: index, name: operation.name, path: operation.path, reason: error)
            }
        }
        return root.bytes
    }
}

extension JSONPatchOperation {
    func apply(to root: inout JSONPatchNode) throws(JSONPatchError.Reason) {
        switch self {
        case .add(let path, let value):
            try root.change(at: path, .add(try Self.node(value)))
        case .remove(let path):
            try root.change(at: path, .remove)
        case .replace(let path, let value):
            try root.change(at: path, .replace(try Self.node(value)))
        case .move(let from, let path):
            guard !path.isBelow(from) else { throw .moveIntoItself }
            let moved = try root.node(at: from)
            guard from != path else { return }
            try root.change(at: from, .remove)
            try root.change(at: path, .add(moved))
        case .copy(let from, let path):
            try root.change(at: path, .add(try root.node(at: from)))
        case .test(let path, let value):
            let expected = try Self.node(value)
            guard try root.node(at: path).isEqual(to: expected) else { throw .testFailed }
        }
    }

    private static func node(_ value: [UInt8]) throws(JSONPatchError.Reason) -> JSONPatchNode {
        do throws(JSONError) {
            return JSONPatchNode(try JSONDocument(value).root)
        } catch {
            throw .invalidValue(error)
        }
    }
}
