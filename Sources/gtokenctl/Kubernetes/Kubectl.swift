import GTokenCore
import GTokenNet
import GTokenRuntime

/// The administrator's `kubectl`, which owns kubeconfig, contexts and the plugins that log in.
struct Kubectl: Sendable {
    /// Which cluster it is to talk to.
    let access: KubectlAccess
    let loop: EventLoop
    private let runs = Locked(0)

    /// A name on `PATH`.
    private static let program = "kubectl"

    /// Makes one that has run nothing yet.
    init(access: KubectlAccess, loop: EventLoop) { (self.access, self.loop) = (access, loop) }

    /// How often it was run so far.
    var runCount: Int { runs.withLock { $0 } }

    /// Runs a command.
    ///
    /// - Parameters:
    ///   - arguments: the command and its arguments, without those about access.
    ///   - manifests: what `-f -` reads.
    /// - Returns: what it printed.
    /// - Throws: ``KubectlError``.
    @discardableResult
    func run(_ arguments: [String], manifests: [UInt8] = []) async throws(KubectlError) -> [UInt8] {
        let program = Program([Self.program] + access.arguments + arguments, input: manifests)
        runs.withLock { $0 += 1 }
        let result: Program.Result
        do throws(SubprocessError) {
            result = try await program.run(on: loop)
        } catch {
            throw .program(error)
        }
        guard result.status == 0 else { throw KubectlError(errors: result.errors, status: result.status) }
        return result.output
    }

    /// The objects that are there of those that are asked for.
    func get(
        _ references: [KubernetesObjectReference]
    ) async throws(KubectlError) -> [KubernetesObjectReference: JSONValue] {
        guard !references.isEmpty else { return [:] }
        let printed = try await run(
            ["get", "--filename=-", "--ignore-not-found", "--output=json"],
            manifests: KubernetesObjectReference.list(references.map(\.manifest))
        )
        return try Self.objects(printed)
    }

    /// The objects that it printed as JSON.
    private static func objects(
        _ printed: [UInt8]
    ) throws(KubectlError) -> [KubernetesObjectReference: JSONValue] {
        // It prints nothing for nothing, and one object as it is.
        guard printed.contains(where: { $0 > 0x20 }) else { return [:] }
        let root: JSONValue
        do throws(JSONError) { root = try JSONDocument(printed).root } catch { throw .output("\(error)") }
        let objects =
            root["kind"]?.isString("List") == true ? root["items"].map { Array($0.elements) } ?? [] : [root]
        var found: [KubernetesObjectReference: JSONValue] = [:]
        for object in objects {
            guard let reference = KubernetesObjectReference(of: object) else {
                throw .output("an object without a name")
            }
            found[reference] = object
        }
        return found
    }

    /// Applies objects on the server's side, in their order, whoever owned their fields before.
    ///
    /// - Returns: the objects as they are afterwards; in a dry run, as they would be.
    @discardableResult
    func apply(
        _ manifests: [[UInt8]],
        isDryRun: Bool = false
    ) async throws(KubectlError) -> [KubernetesObjectReference: JSONValue] {
        guard !manifests.isEmpty else { return [:] }
        // What is sent is ours; to validate it, kubectl would fetch the whole schema first.
        let printed = try await run(
            [
                "apply", "--server-side", "--force-conflicts", "--field-manager=\(OwnershipMark.value)",
                "--validate=false", "--filename=-", "--output=json",
            ] + (isDryRun ? ["--dry-run=server"] : []),
            manifests: KubernetesObjectReference.list(manifests)
        )
        return try Self.objects(printed)
    }

    /// Makes objects.
    func create(_ manifests: [[UInt8]]) async throws(KubectlError) {
        // What is sent is ours; to validate it, kubectl would fetch the whole schema first.
        try await run(
            ["create", "--filename=-", "--validate=false"],
            manifests: KubernetesObjectReference.list(manifests)
        )
    }

    /// Sets annotations, whatever they were; `nil` takes one away.
    func annotate(
        _ reference: KubernetesObjectReference,
        _ annotations: [String: String?]
    ) async throws(KubectlError) {
        let changes = annotations.sorted { $0.key < $1.key }.map { key, value in
            value.map { "\(key)=\($0)" } ?? "\(key)-"
        }
        try await run(["annotate", "--overwrite"] + reference.arguments + changes)
    }

    /// Removes objects, one after the other; that one is not there any more is no error.
    func delete(_ references: [KubernetesObjectReference]) async throws(KubectlError) {
        guard !references.isEmpty else { return }
        try await run(
            ["delete", "--ignore-not-found", "--wait=false", "--filename=-"],
            manifests: KubernetesObjectReference.list(references.map(\.manifest))
        )
    }

    /// Removes an object; that it is not there any more is no error.
    func delete(_ reference: KubernetesObjectReference) async throws(KubectlError) {
        try await run(["delete", "--ignore-not-found", "--wait=false"] + reference.arguments)
    }
}

/// Which cluster `kubectl` talks to: what is not given, it finds as it always does.
struct KubectlAccess: Sendable, Equatable {
    /// A context of the kubeconfig.
    var context: String?
    /// The kubeconfig's path.
    var kubeconfig: String?

    /// The options that say so.
    var arguments: [String] {
        (kubeconfig.map { ["--kubeconfig=\($0)"] } ?? []) + (context.map { ["--context=\($0)"] } ?? [])
    }
}
