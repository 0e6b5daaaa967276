import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// A cluster whose Pods of the webhook are the built webhook: what a Deployment asks for is run, and its status kept.
final class InstallStage: Sendable {
    let stage: SetupStage
    private let folder: TemporaryDirectory
    private let kubelet = Locked<Task<Void, any Error>?>(nil)
    private let processes = Locked<[ChildProcess]>([])

    private static let token = "the-webhooks-token"
    static let images = ["--registry=registry.example/gtoken", "--tag=v1.0.0"]

    init() async throws {
        stage = try await SetupStage()
        folder = try TemporaryDirectory()
        // The stand-in forwards no ports: this kubectl does so to the webhook that runs, and all else is the real one's.
        let script = """
            #!/bin/sh
            for word in "$@"; do
                if [ "$word" = port-forward ] && [ -e '\(folder.file("port"))' ]; then
                    echo "Forwarding from 127.0.0.1:$(cat '\(folder.file("port"))') -> 10250"
                    exec sleep 60
                fi
            done
            PATH="$REAL_PATH" exec kubectl "$@"

            """
        let path = try folder.write("kubectl", Array(script.utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }

    /// Runs gtokenctl to its end.
    func run(_ arguments: [String]) async throws -> ToolResult {
        let real = stage.environment["PATH"] ?? ""
        return try await stage.run(
            arguments,
            environment: ["PATH": "\(folder.path):\(real)", "REAL_PATH": real]
        )
    }

    /// From now on Deployments are run.
    func startKubelet(namespace: String = "gtoken") {
        kubelet.withLock { kubelet in
            kubelet = Task(executorPreference: stage.loop) { [self] in
                var seen: Int64?
                while true {
                    let deployment = stage.kubernetes.object(
                        .deployments,
                        namespace: namespace,
                        "gtoken-webhook-deployment"
                    )
                    if let deployment, let generation = deployment["metadata"]?["generation"]?.integer(),
                        generation != seen
                    {
                        seen = generation
                        try await roll(deployment, namespace)
                    }
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        }
    }

    /// Starts the Pods of a Deployment's new version, as one process, and ends the old one when the new one is ready.
    private func roll(_ deployment: JSONValue, _ namespace: String) async throws {
        let container = try XCTUnwrap(
            deployment["spec"]?["template"]?["spec"]?["containers"]?.elements.first { _ in true }
        )
        let volume = deployment["spec"]?["template"]?["spec"]?["volumes"]?.elements.first { _ in true }
        if let secret = volume?["secret"]?["secretName"]?.string(),
            let data = stage.kubernetes.object(.secrets, namespace: namespace, secret)?["data"]
        {
            for member in data.members {
                _ = try folder.write(
                    member.name,
                    Base64.decode(member.value.string() ?? "") ?? []
                )
            }
        }
        let arguments = (container["args"]?.elements.compactMap { $0.string() } ?? []).map { word -> String in
            if word.contains("listen-address=") {
                return word.prefix { $0 != "=" } + "=127.0.0.1:0"
            }
            return word.split(separator: "/etc/webhook/certs", omittingEmptySubsequences: false)
                .joined(separator: folder.path)
        }
        let map = container["envFrom"]?.elements.first { _ in true }?["configMapRef"]?["name"]?.string() ?? ""
        let settings = stage.kubernetes.object(.configMaps, namespace: namespace, map)?["data"]
        // It may do what the roles of the manifests let it, and nothing else.
        let account = try KubernetesServiceAccountName(
            namespace: namespace,
            name: deployment["spec"]?["template"]?["spec"]?["serviceAccountName"]?.string() ?? ""
        )
        stage.kubernetes.change { $0.users[Self.token] = KubernetesUser(account) }
        let kubeconfig = try folder.write(
            "kubeconfig",
            Array(
                (#"{"current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],"clusters":"#
                    + #"[{"name":"c","cluster":{"server":"http://127.0.0.1:\#(stage.kubernetesPort)"}}],"users":"#
                    + #"[{"name":"u","user":{"token":"\#(Self.token)"}}]}"#).utf8
            )
        )
        var environment = ["POD_NAMESPACE": namespace, "KUBECONFIG": kubeconfig, "HOME": folder.path]
        environment["PATH"] = stage.environment["PATH"]
        for member in settings.map({ Array($0.members) }) ?? [] {
            environment[member.name] = member.value.string()
        }
        let log = "webhook-\(deployment["metadata"]?["generation"]?.integer() ?? 0).log"
        let process = try ChildProcess(
            [BuiltTool.path("gtoken-webhook")] + arguments + ["--shutdown-delay=10ms"],
            environment: environment,
            standardError: .file(folder.file(log))
        )
        let old = processes.withLock { processes in
            defer { processes.append(process) }
            return processes
        }
        func port(_ message: String) async throws -> UInt16 {
            try await eventually(message) {
                let lines = folder.text(log).split(separator: "\n").compactMap {
                    try? JSONDocument(Array($0.utf8)).root
                }
                let line = lines.first { $0["msg"]?.isString(message) == true }
                return line?["port"]?.integer().map { UInt16($0) }
            }
        }
        let (serving, telemetry) = (try await port("listening"), try await port("listening for telemetry"))
        let client = HTTPClient(loop: stage.loop)
        defer { client.close() }
        let ready = HTTPClientRequest(
            method: "GET",
            url: try HTTPURL(parsing: "http://127.0.0.1:\(telemetry)/readyz")
        )
        while try await client.send(ready).status != 200 { try await Task.sleep(for: .milliseconds(10)) }
        _ = try folder.write("port", Array("\(serving)".utf8))
        for each in old { each.send(signal: SIGTERM) }
        let replicas = deployment["spec"]?["replicas"]?.integer() ?? 1
        let generation = deployment["metadata"]?["generation"]?.integer() ?? 0
        try await patch(
            namespace,
            #"{"status":{"observedGeneration":\#(generation),"replicas":\#(replicas),"updatedReplicas":\#(replicas),"#
                + #""readyReplicas":\#(replicas),"availableReplicas":\#(replicas)}}"#
        )
    }

    private func patch(_ namespace: String, _ status: String) async throws {
        let client = HTTPClient(loop: stage.loop)
        defer { client.close() }
        let path = "/apis/apps/v1/namespaces/\(namespace)/deployments/gtoken-webhook-deployment"
        let answer = try await client.send(
            HTTPClientRequest(
                method: "PATCH",
                url: try HTTPURL(parsing: "http://127.0.0.1:\(stage.kubernetesPort)\(path)"),
                headers: ["Content-Type": "application/merge-patch+json"],
                body: Array(status.utf8)
            )
        )
        XCTAssertEqual(answer.status, 200)
    }

    /// Sets the status of the Deployment, and makes one Pod with this one.
    func plant(deployment: String, pod: String? = nil) async throws {
        try await patch("gtoken", #"{"status":\#(deployment)}"#)
        guard let pod else { return }
        let json =
            #"{"metadata":{"name":"gtoken-webhook-1","namespace":"gtoken","labels":{"app":"gtoken-webhook"}},"status":\#(pod)}"#
        stage.kubernetes.put(.pods, Array(json.utf8))
    }

    /// What every webhook of the registration is set to.
    func registered(_ member: String) -> [String?] {
        let object = stage.kubernetes.object(.mutatingWebhookConfigurations, "mutating-gtoken-webhook-cfg")
        return object?["webhooks"]?.elements.map {
            ($0[member] ?? $0["clientConfig"]?[member])?.string()
        } ?? []
    }

    func stop() async {
        let running = kubelet.withLock { $0 }
        running?.cancel()
        _ = await running?.result
        for process in processes.withLock({ $0 }) {
            process.send(signal: SIGKILL)
            _ = process.waitBlocking()
        }
        await stage.stop()
    }
}

extension XCTestCase {
    /// Runs a test on a stage of its own; skipped by name where kubectl is missing.
    func withInstallStage(_ body: (InstallStage) async throws -> Void) async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await InstallStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }
}
