import Foundation
import GTokenCore
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
