import GTokenCore

/// What the cluster has of bindings: namespaces and ServiceAccounts, read in one go, and the Pods of each namespace.
struct WorkloadObjects: Sendable {
    let objects: [KubernetesObjectReference: JSONValue]
    let pods: [String: Result<[JSONValue], KubectlError>]

    static func read(_ bindings: [Binding], _ kubernetes: Checked<Kubectl>) async -> Checked<WorkloadObjects>
    {
        guard let kubectl = kubernetes.value else { return Checked(name: kubernetes.name, value: nil) }
        // A failure is the next check's to name: without objects, the namespaces are not there to be seen.
        guard let objects = try? await kubectl.get(SetupWork.references(of: bindings)) else {
            return Checked(name: "namespaces and ServiceAccounts, which cannot be read", value: nil)
        }
        var pods: [String: Result<[JSONValue], KubectlError>] = [:]
        for namespace in Set(bindings.map(\.serviceAccount.namespace)) {
            do throws(KubectlError) {
                pods[namespace] = .success(try await kubectl.list(["pods", "--namespace=\(namespace)"]))
            } catch {
                pods[namespace] = .failure(error)
            }
        }
        return Checked(name: "objects", value: WorkloadObjects(objects: objects, pods: pods))
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
