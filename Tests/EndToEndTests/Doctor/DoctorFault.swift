import GTokenCore
import GTokenEmulator
import GTokenNet

/// Something that is not as it should be, and what is to be said about it.
struct DoctorFault {
    let check: String
    var state = "failed"
    let detail: String
    let hint: String
    var arguments: [String] = []
    var environment: [String: String] = [:]
    /// What it is about; the binding of identity `google` unless said otherwise.
    var binding = SetupStage.binding
    var plant: @Sendable (DoctorStage) throws -> Void = { _ in }
    var undo: @Sendable (DoctorStage) throws -> Void = { _ in }
}

extension DoctorFault {
    /// One of each kind that doctor knows.
    static func all() throws -> [DoctorFault] {
        let email = try GoogleServiceAccountEmail(parsing: DoctorStage.email)
        let project = try GoogleProjectID(parsing: SetupStage.project)
        let cluster = try GKECluster(project: project, location: "europe-west1", name: "main")
        let role = try RoleARN(parsing: "arn:aws:iam::\(SetupStage.accountID):role/orders")
        let orders = try KubernetesServiceAccountName(namespace: "shop", name: "orders")
        let others = try CertificateAuthority.create(commonName: "others", validFor: .seconds(3600))
        let past = try CertificateAuthority.create(
            commonName: "past",
            validFor: .seconds(60),
            at: UnixTime(seconds: 1_600_000_000)
        )
        func without(_ prefix: String) -> [String] { SetupStage.binding.filter { !$0.hasPrefix(prefix) } }
        let plainCluster: @Sendable (DoctorStage) -> Void = {
            $0.stage.google.cloud.addCluster(CloudCluster(cluster))
        }
        let access = [
            DoctorFault(
                check: "Google credentials",
                detail: "401",
                hint: "gcloud auth login",
                environment: ["GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.other"]
            ),
            DoctorFault(
                check: "AWS credentials",
                detail: "InvalidClientTokenId",
                hint: "aws sts get-caller-identity",
                environment: ["AWS_ACCESS_KEY_ID": "AKIDOTHER"]
            ),
            DoctorFault(
                check: "Kubernetes access",
                detail: "cannot be reached",
                hint: "gcloud container clusters get-credentials",
                environment: ["KUBECONFIG": "/nowhere"]
            ),
        ]
        let google = [
            DoctorFault(
                check: "Google APIs",
                detail: "iamcredentials.googleapis.com",
                hint: "gcloud services enable iamcredentials.googleapis.com --project=demo-project",
                plant: { $0.stage.google.cloud.disable("iamcredentials.googleapis.com", in: project) },
                undo: { $0.stage.google.cloud.addProject(project) }
            ),
            DoctorFault(
                check: "cluster",
                detail: "no cluster other",
                hint: "gcloud container clusters list",
                binding: without("--cluster-name") + ["--cluster-name=other"]
            ),
            DoctorFault(
                check: "workload pool",
                detail: "has none",
                hint: "--workload-pool=demo-project.svc.id.goog",
                plant: {
                    var bare = CloudCluster(cluster)
                    bare.hasWorkloadIdentity = false
                    $0.stage.google.cloud.addCluster(bare)
                },
                undo: plainCluster
            ),
            DoctorFault(
                check: "node pools",
                detail: "old-pool has GCE_METADATA",
                hint: "node-pools update old-pool",
                plant: {
                    var old = CloudCluster(cluster)
                    old.nodePools.append(("old-pool", "GCE_METADATA"))
                    $0.stage.google.cloud.addCluster(old)
                },
                undo: plainCluster
            ),
            DoctorFault(
                check: "Google service account",
                detail: "is disabled",
                hint: "gcloud iam service-accounts enable",
                plant: { $0.stage.google.cloud.setDisabled(true, email) },
                undo: { $0.stage.google.cloud.setDisabled(false, email) }
            ),
            DoctorFault(
                check: "Google service account",
                detail: "there is no nobody@",
                hint: "gtokenctl apply",
                binding: without("--google-service-account") + ["--google-service-account=nobody"]
            ),
            DoctorFault(
                check: "workloadIdentityUser",
                detail: "serviceAccount:demo-project.svc.id.goog[shop/orders] has not",
                hint: "add-iam-policy-binding",
                plant: {
                    let id = $0.stage.google.cloud.uniqueID(of: email)
                    $0.stage.google.cloud.addAccount(email, in: project, uniqueID: id)
                },
                undo: {
                    $0.stage.google.cloud.grant(
                        "roles/iam.workloadIdentityUser",
                        on: email,
                        to: "\(WorkloadPoolMember(project: project, serviceAccount: orders))"
                    )
                }
            ),
        ]
        let webhook = [
            DoctorFault(
                check: "webhook configuration",
                detail: "no MutatingWebhookConfiguration",
                hint: "kubectl apply -k",
                plant: {
                    $0.stage.kubernetes.remove(.mutatingWebhookConfigurations, "mutating-gtoken-webhook-cfg")
                },
                undo: { $0.putWebhook() }
            ),
            DoctorFault(
                check: "webhook rules",
                detail: "no rule for CREATE of pods",
                hint: "kubectl apply -k",
                plant: { $0.putWebhook(resource: "services") },
                undo: { $0.putWebhook() }
            ),
            DoctorFault(
                check: "caBundle",
                detail: "is empty",
                hint: "--tls-self-managed",
                plant: { $0.putWebhook(caBundle: "") },
                undo: { $0.putWebhook() }
            ),
            DoctorFault(
                check: "caBundle",
                detail: "holds no certificates",
                hint: "--tls-self-managed",
                plant: { $0.putWebhook(caBundle: "bm9uZQ==") },
                undo: { $0.putWebhook() }
            ),
            DoctorFault(
                check: "caBundle",
                detail: "until 2020-09-13T",
                hint: "cert-manager",
                plant: { $0.putWebhook(caBundle: Base64.encode(past.certificatePEM)) },
                undo: { $0.putWebhook() }
            ),
            DoctorFault(
                check: "served certificate",
                detail: "not trusted",
                hint: "caBundle must hold the authority",
                plant: { $0.putWebhook(caBundle: Base64.encode(others.certificatePEM)) },
                undo: { $0.putWebhook() }
            ),
            DoctorFault(
                check: "webhook Service",
                detail: "no Service gtoken/gtoken-webhook-svc",
                hint: "kubectl apply -k",
                plant: { $0.stage.kubernetes.remove(.services, namespace: "gtoken", "gtoken-webhook-svc") },
                undo: { $0.putService() }
            ),
            DoctorFault(
                check: "webhook replicas",
                detail: "1 of 2 replicas",
                hint: "describe deployment",
                plant: { $0.putDeployment(ready: 1) },
                undo: { $0.putDeployment() }
            ),
            DoctorFault(
                check: "reachability",
                state: "warning",
                detail: "listens on 8443",
                hint: "--source-ranges=172.16.0.0/28 --allow=tcp:8443",
                plant: {
                    var closed = CloudCluster(cluster)
                    closed.hasPrivateNodes = true
                    $0.stage.google.cloud.addCluster(closed)
                    $0.putService(targetPort: 8443)
                },
                undo: {
                    plainCluster($0)
                    $0.putService()
                }
            ),
        ]
        let workload = [
            DoctorFault(
                check: "namespaces and ServiceAccounts",
                detail: "forbidden",
                hint: "ask for a role that may get",
                plant: {
                    $0.stage.kubernetes.change {
                        $0.faults = [KubernetesFault(.status(403), resources: ["serviceaccounts"])]
                    }
                },
                undo: { $0.stage.kubernetes.change { $0.faults = [] } }
            ),
            DoctorFault(
                check: "AWS role",
                detail: "there is no role other",
                hint: "gtokenctl apply",
                binding: without("--aws-role") + ["--aws-role=other"]
            ),
            DoctorFault(
                check: "trust policy",
                detail: "accounts.google.com:oaud is elsewhere",
                hint: "gtokenctl apply",
                binding: SetupStage.binding + ["--audience=elsewhere"]
            ),
            DoctorFault(
                check: "policies",
                detail: "is not attached",
                hint: "gtokenctl apply",
                binding: without("--aws-policy") + ["--aws-policy=arn:aws:iam::aws:policy/ReadOnlyAccess"]
            ),
            DoctorFault(
                check: "admission",
                detail: "opts the namespace out",
                hint: "admission.gtoken/ignore-",
                plant: {
                    let json = #"{"metadata":{"name":"shop","labels":{"admission.gtoken/ignore":"false"}}}"#
                    $0.stage.kubernetes.put(.namespaces, Array(json.utf8))
                },
                undo: { $0.stage.kubernetes.put(.namespaces, Array(#"{"metadata":{"name":"shop"}}"#.utf8)) }
            ),
            DoctorFault(
                check: "ServiceAccount",
                detail: "role-arn is arn:aws:iam::1:role/x",
                hint: "gtokenctl apply",
                plant: {
                    $0.stage.kubernetes.apply(
                        orders,
                        annotations: ["amazonaws.com/role-arn": "arn:aws:iam::1:role/x"]
                    )
                },
                undo: {
                    $0.stage.kubernetes.apply(
                        orders,
                        annotations: [
                            "amazonaws.com/role-arn": "\(role)",
                            RoleAnnotations.googleServiceAccountKey: "\(email)",
                        ]
                    )
                }
            ),
            DoctorFault(
                check: "Pods",
                detail: "1 of 2 were not injected: orders-2",
                hint: "rollout restart",
                plant: { $0.putPod("orders-2", account: "orders", isInjected: false) },
                undo: { $0.stage.kubernetes.remove(.pods, namespace: "shop", "orders-2") }
            ),
            DoctorFault(
                check: "proof with a token",
                detail: "no ID token of",
                hint: "roles/iam.serviceAccountOpenIdTokenCreator",
                arguments: ["--token"]
            ),
            DoctorFault(
                check: "issuer and keys",
                detail: "AWS cannot verify the cluster's tokens",
                hint: "the issuer must be public",
                binding: DoctorStage.identityCluster,
                plant: { $0.stage.google.cloud.publish(nil, of: cluster) },
                undo: { $0.stage.google.cloud.publish($0.stage.issuer.keySet, of: cluster) }
            ),
            DoctorFault(
                check: "identity provider",
                detail: "others.example is not among its client ids",
                hint: "aws iam add-client-id-to-open-id-connect-provider",
                binding: DoctorStage.identityCluster + ["--audience=others.example"]
            ),
        ]
        return access + google + webhook + workload
    }
}
