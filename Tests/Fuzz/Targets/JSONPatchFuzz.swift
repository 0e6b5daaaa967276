@testable import GTokenCore

extension FuzzTarget {
    /// `{"patch": [...], "document": ...}`.
    static let jsonPatch = FuzzTarget(name: "patch", run: JSONPatchFuzz.run, answer: JSONPatchFuzz.answer)
}

/// A patch does what a second implementation says, or fails where that one fails; what it writes is JSON, and
/// a patch is the same after it was written and read again.
private enum JSONPatchFuzz {
    static func run(_ bytes: [UInt8]) {
        guard let (root, document) = input(bytes) else { return }
        let patch: JSONPatch
        do throws(JSONPatchError) {
            patch = try JSONPatch(parsing: root)
        } catch {
            require(!"\(error)".isEmpty, "an error says something")
            return
        }
        let again = (try? JSONDocument(patch.encoded)).flatMap { try? JSONPatch(parsing: $0) }
        require(again == patch, "a patch is the same after it was written and read")
        for operation in patch.operations {
            require(
                (try? JSONPointer(parsing: operation.path.description)) == operation.path,
                "a pointer is the same after it was written and read"
            )
        }
        let isTesting = patch.operations.contains { $0.name == "test" }
        var model: Tree? = Tree(document.root)
        var result: [UInt8]?
        do throws(JSONPatchError) {
            result = try patch.applied(to: document, maxBytes: maxBytes)
        } catch {
            if case .failed(_, _, _, .resultTooLarge) = error { return }
            require(!"\(error)".isEmpty, "an error says something")
        }
        if let result {
            require(result.count <= maxBytes, "the limit holds")
            require((try? JSONDocument(result, limits: deep)) != nil, "what a patch makes is JSON")
        }
        guard !isTesting else { return }
        for operation in patch.operations { model = model?.applying(operation) }
        require(
            result.flatMap { try? JSONDocument($0, limits: deep) }.map { Tree($0.root) } == model,
            "the model agrees"
        )
    }

    private static let maxBytes = 1 << 20
    /// A value can be put as deep into a document as the patch says, so the result may nest twice as deep.
    private static let deep = JSONLimits(maxBytes: 1 << 24, maxDepth: 100_000, maxContainers: 1 << 22)

    private static func input(_ bytes: [UInt8]) -> (patch: JSONDocument, document: JSONDocument)? {
        guard let root = try? JSONDocument(bytes).root, let patch = root["patch"],
            let document = root["document"],
            let patchDocument = try? JSONDocument(Array(patch.rawBytes)),
            let documentDocument = try? JSONDocument(Array(document.rawBytes))
        else { return nil }
        return (patchDocument, documentDocument)
    }

    static func answer(_ bytes: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { answer in
            guard let (root, document) = input(bytes) else { return answer.member("input", false) }
            do throws(JSONPatchError) {
                let result = try JSONPatch(parsing: root).applied(to: document, maxBytes: maxBytes)
                answer.member("accepted", true)
                answer.member("value") { $0.raw(result) }
            } catch {
                answer.member("accepted", false)
                answer.member("error", "\(error)")
            }
        }
        return writer.bytes
    }
}
