import GTokenCore

/// What the cluster has of bindings: namespaces and ServiceAccounts, read in one go, and the Pods of each namespace.
struct WorkloadObjects: Sendable {
    let objects: [KubernetesObjectReference: JSONValue]
    let pods: [String: Result<[JSONValue], KubectlError>]

    /// Reads them; where Pods cannot be read, their check says so.
    static func read(_ bindings: [Binding], _ kubectl: Kubectl) async throws(KubectlError) -> WorkloadObjects
    {
        let objects = try await kubectl.get(SetupWork.references(of: bindings))
        var pods: [String: Result<[JSONValue], KubectlError>] = [:]
        for namespace in Set(bindings.map(\.serviceAccount.namespace)) {
            do throws(KubectlError) {
                pods[namespace] = .success(try await kubectl.list(["pods", "--namespace=\(namespace)"]))
            } catch {
                pods[namespace] = .failure(error)
            }
        }
        return WorkloadObjects(objects: objects, pods: pods)
    }
}

extension JSONValue {
    /// The texts of an object's members, such as labels.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for member in members { texts[member.name] = member.value.string() }
        return texts
    }
}
