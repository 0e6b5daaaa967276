/// A Pod that is being created, read once for all that is asked of it.
package struct NewPod {
    /// Why the Pod is left as it is, whatever its ServiceAccount says; `nil` for most Pods.
    package let exemption: InjectionDecision.Reason?
    private let serviceAccountName: String?
    let storage: JSONStorage
    /// `nil` where the Pod is malformed.
    let view: PodView?

    /// Reads a Pod as the API server sent it.
    package init(_ pod: JSONValue) {
        storage = pod.storage
        let (array, list) = (storage.bytes, storage.containers)
        let (bytes, containers) = (array.span, list.span)
        do throws(MalformedPod) {
            let view = try PodView(pod.place, bytes, containers)
            self.view = view
            exemption = PodSettings.exemption(of: view, bytes)
            let name = view.serviceAccountName.flatMap { JSONText.string(bytes, at: $0.offset) } ?? ""
            serviceAccountName = name.isEmpty ? "default" : name
        } catch {
            // The API server refuses it; until then it counts as what it says.
            view = nil
            exemption = InjectionRules.exemption(of: pod)
            serviceAccountName = try? InjectionRules.serviceAccountName(of: pod)
        }
    }

    /// The Pod's ServiceAccount in the namespace that it is created in, `default` where it names none; `nil` where its name
    /// is none or stands twice.
    package func serviceAccount(in namespace: String) -> KubernetesServiceAccountName? {
        serviceAccountName.flatMap { try? KubernetesServiceAccountName(namespace: namespace, name: $0) }
    }
}
