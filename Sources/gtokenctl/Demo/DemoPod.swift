import GTokenCore

/// The Pod of the demo: a Job's Pod that wants to call AWS.
struct DemoPod {
    static let namespace = "reports"
    static let serviceAccount = "uploader"
    /// The name that the API server generates after admission.
    static let generatedName = "upload-7c2xq"

    /// What its author wrote.
    static let asWritten = Array(
        #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"upload-","namespace":"reports"},
        "spec":{"serviceAccountName":"uploader","restartPolicy":"Never","containers":[{"name":"upload",
        "image":"public.ecr.aws/aws-cli/aws-cli:2.31.0","args":["sts","get-caller-identity"]}]}}
        """#.utf8
    )

    /// The review that an API server sends for it, with its own defaults filled in.
    static let review = Array(
        #"""
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{
        "uid":"2f1c2a6e-6f0b-4c39-9e0a-6a8f5a0d7b11",
        "kind":{"group":"","version":"v1","kind":"Pod"},
        "resource":{"group":"","version":"v1","resource":"pods"},
        "requestKind":{"group":"","version":"v1","kind":"Pod"},
        "requestResource":{"group":"","version":"v1","resource":"pods"},
        "namespace":"reports","operation":"CREATE",
        "userInfo":{"username":"system:serviceaccount:kube-system:job-controller"},
        "object":{"kind":"Pod","apiVersion":"v1",
        "metadata":{"generateName":"upload-","namespace":"reports","labels":{"job-name":"upload"}},
        "spec":{"volumes":[{"name":"kube-api-access-kx2vd","projected":{"sources":[
        {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}],"defaultMode":420}}],
        "containers":[{"name":"upload","image":"public.ecr.aws/aws-cli/aws-cli:2.31.0",
        "args":["sts","get-caller-identity"],"resources":{},
        "volumeMounts":[{"name":"kube-api-access-kx2vd","readOnly":true,
        "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
        "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
        "imagePullPolicy":"IfNotPresent"}],
        "restartPolicy":"Never","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
        "serviceAccountName":"uploader","serviceAccount":"uploader","securityContext":{},
        "schedulerName":"default-scheduler","priority":0,"enableServiceLinks":true,
        "preemptionPolicy":"PreemptLowerPriority"},"status":{}},
        "oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}
        """#.utf8
    )
}

/// The Pod after the webhook's patch, read as a kubelet would.
struct PatchedPod {
    let pod: JSONValue

    /// The containers that a kubelet starts before the user's, in order.
    var tokenContainers: [JSONValue] { (pod["spec"]?["initContainers"]?.elements).map(Array.init) ?? [] }

    /// The user's container.
    var application: JSONValue? { pod["spec"]?["containers"]?.elements.first { _ in true } }

    /// The command line of a container, its program being the image's.
    func commandLine(of container: JSONValue) -> [String] {
        ["command", "args"].flatMap { texts(container[$0]) }
    }

    /// The command of a container's startup probe.
    func startupProbe(of container: JSONValue) -> [String] {
        texts(container["startupProbe"]?["exec"]?["command"])
    }

    /// A container's environment with references to the Pod's own fields resolved.
    func environment(of container: JSONValue) -> [(name: String, value: String)] {
        (container["env"]?.elements).map(Array.init)?.compactMap { entry in
            guard let name = entry["name"]?.string() else { return nil }
            if let value = entry["value"]?.string() { return (name, value) }
            switch entry["valueFrom"]?["fieldRef"]?["fieldPath"]?.string() {
            case "metadata.name": return (name, DemoPod.generatedName)
            case "metadata.namespace": return (name, DemoPod.namespace)
            default: return nil
            }
        } ?? []
    }

    private func texts(_ list: JSONValue?) -> [String] {
        (list?.elements).map(Array.init)?.compactMap { $0.string() } ?? []
    }
}
