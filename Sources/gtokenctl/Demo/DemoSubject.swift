import Foundation
import GTokenCore
import GTokenEmulator
import GTokenRuntime

/// One ServiceAccount of the demo, with the role that it names and the Pod that runs as it.
struct DemoSubject: Sendable {
    let identity: RoleAnnotations.Identity
    let pod: DemoPod
    /// The role; its trust policy is the one that the documentation asks for.
    let role: RoleARN
    let trustPolicy: PolicyDocument
    /// The ServiceAccount's annotations.
    let annotations: [(key: String, value: String)]
    /// What the demo writes about it; readable by its owner only.
    let folder: URL

    /// Where the Pod's volume is mounted, for processes on this machine.
    var volumePath: String { path("token") }

    /// The ServiceAccount with its annotations, as `kubectl get` would show it.
    var serviceAccount: [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.member("apiVersion", "v1")
            root.member("kind", "ServiceAccount")
            root.member("metadata") { metadata in
                metadata.object {
                    $0.member("name", pod.account.name)
                    $0.member("namespace", pod.account.namespace)
                    $0.member("annotations") { annotations in
                        annotations.object {
                            for annotation in self.annotations { $0.member(annotation.key, annotation.value) }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Makes the folder and the one that stands for the Pod's volume.
    func makeFolders() throws {
        try FileManager.default.createDirectory(
            atPath: volumePath,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Writes a document of the demo.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        try AtomicFile.replace(path: path(name), contents: bytes, mode: 0o600)
    }
}

extension DemoSubject {
    /// Known to AWS by a Google service account; its role pins sub, aud and oaud.
    static func uploader(
        _ account: GoogleEmulatorConfiguration,
        in folder: URL
    ) throws -> DemoSubject {
        let role = try role("reports-uploader")
        return DemoSubject(
            identity: .google,
            pod: DemoPod(account: account.serviceAccount, job: "upload", generatedName: "upload-7c2xq"),
            role: role,
            trustPolicy: TrustPolicy.google(
                uniqueID: account.uniqueID,
                audience: TokenSourceConfiguration.defaultAudience
            ),
            annotations: [
                ("amazonaws.com/role-arn", "\(role)"), ("amazonaws.com/region", DemoStage.region),
                (RoleAnnotations.googleServiceAccountKey, "\(account.email)"),
            ],
            folder: folder.appendingPathComponent("google")
        )
    }

    /// Known to AWS by the cluster; its role pins sub and aud.
    static func publisher(
        _ provider: OpenIDConnectProviderARN,
        in folder: URL
    ) throws -> DemoSubject {
        let role = try role("reports-publisher")
        let account = try KubernetesServiceAccountName(namespace: DemoStage.namespace, name: "publisher")
        return DemoSubject(
            identity: .cluster,
            pod: DemoPod(account: account, job: "publish", generatedName: "publish-x8mzq"),
            role: role,
            trustPolicy: TrustPolicy.cluster(provider: provider, serviceAccount: account),
            annotations: [
                ("amazonaws.com/role-arn", "\(role)"), ("amazonaws.com/region", DemoStage.region),
                ("amazonaws.com/identity", RoleAnnotations.Identity.cluster.rawValue),
            ],
            folder: folder.appendingPathComponent("cluster")
        )
    }

    private static func role(_ name: String) throws -> RoleARN {
        try RoleARN(parsing: "arn:aws:iam::\(DemoStage.accountID):role/\(name)")
    }
}
