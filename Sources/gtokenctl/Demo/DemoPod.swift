import GTokenCore

/// A Pod of the demo: that of a Job which wants to call AWS.
struct DemoPod {
    let account: KubernetesServiceAccountName
    /// The Job, and the Pod's only container.
    let job: String
    /// The name that the API server generates after admission.
    let generatedName: String

    private static let image = "public.ecr.aws/aws-cli/aws-cli:2.31.0"

    /// What its author wrote.
    var asWritten: [UInt8] {
        Array(
            #"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"\#(job)-",
            "namespace":"\#(account.namespace)"},"spec":{"serviceAccountName":"\#(account.name)",
            "restartPolicy":"Never","containers":[{"name":"\#(job)","image":"\#(Self.image)",
            "args":["sts","get-caller-identity"]}]}}
            """#.utf8
        )
    }

    /// The review that an API server sends for it, with its own defaults filled in.
    var review: [UInt8] {
        Array(
            #"""
            {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{
            "uid":"2f1c2a6e-6f0b-4c39-9e0a-6a8f5a0d7b11",
            "kind":{"group":"","version":"v1","kind":"Pod"},
            "resource":{"group":"","version":"v1","resource":"pods"},
            "requestKind":{"group":"","version":"v1","kind":"Pod"},
            "requestResource":{"group":"","version":"v1","resource":"pods"},
            "namespace":"\#(account.namespace)","operation":"CREATE",
            "userInfo":{"username":"system:serviceaccount:kube-system:job-controller"},
            "object":{"kind":"Pod","apiVersion":"v1","metadata":{"generateName":"\#(job)-",
            "namespace":"\#(account.namespace)","labels":{"job-name":"\#(job)"}},
            "spec":{"volumes":[{"name":"kube-api-access-kx2vd","projected":{"sources":[
            {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}],"defaultMode":420}}],
            "containers":[{"name":"\#(job)","image":"\#(Self.image)",
            "args":["sts","get-caller-identity"],"resources":{},
            "volumeMounts":[{"name":"kube-api-access-kx2vd","readOnly":true,
            "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
            "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
            "imagePullPolicy":"IfNotPresent"}],
            "restartPolicy":"Never","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
            "serviceAccountName":"\#(account.name)","serviceAccount":"\#(account.name)",
            "securityContext":{},
            "schedulerName":"default-scheduler","priority":0,"enableServiceLinks":true,
            "preemptionPolicy":"PreemptLowerPriority"},"status":{}},
            "oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}
            """#.utf8
        )
    }
}
