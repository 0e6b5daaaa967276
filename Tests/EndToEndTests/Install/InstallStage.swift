import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// A cluster whose Pods of the webhook are the built webhook: what Deployments ask for is run, and their status kept.
final class InstallStage: Sendable {
    let stage: SetupStage
    private let folder: TemporaryDirectory
    private let kubelets = Locked<[Task<Void, any Error>]>([])
    private let running = Locked<[String: Running]>([:])

    /// The process that stands for the Pods of a Deployment.
    private struct Running {
        var process: ChildProcess
        var port: UInt16
    }

    private static let token = "the-webhooks-token"
    static let images = ["--registry=registry.example/gtoken", "--tag=v1.0.0"]
    static let deployments = ["gtoken-webhook-deployment", "gtoken-webhook-bridge-deployment"]

    init() async throws {
        stage = try await SetupStage()
        folder = try TemporaryDirectory()
        // The stand-in forwards no ports: this kubectl does so to the webhook that runs, and all else is the real one's.
        let script = """
            #!/bin/sh
            for word in "$@"; do
                case "$word" in service/*) port='\(folder.path)'/port-"${word#service/}" ;; esac
                if [ -n "$port" ] && [ -e "$port" ]; then
                    echo "Forwarding from 127.0.0.1:$(cat "$port") -> 10250"
                    exec sleep 60
                fi
            done
            PATH="$REAL_PATH" exec kubectl "$@"

            """
        let path = try folder.write("kubectl", Array(script.utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }

    /// Runs gtokenctl to its end.
    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ToolResult {
        let real = stage.environment["PATH"] ?? ""
        let paths = ["PATH": "\(folder.path):\(real)", "REAL_PATH": real]
        return try await stage.run(arguments, environment: paths.merging(environment) { _, new in new })
    }

    /// From now on Deployments are run; images that are not ours are said to run.
    func startKubelet(namespace: String = "gtoken") {
        for name in Self.deployments {
            let task = Task(executorPreference: stage.loop) { [self] in
                var seen: String?
                while true {
                    let deployment = stage.kubernetes.object(.deployments, namespace: namespace, name)
                    let state = deployment.map {
                        "\($0["metadata"]?["uid"]?.string() ?? "") \($0["metadata"]?["generation"]?.integer() ?? 0)"
                    }
                    if let deployment, state != seen { try await roll(deployment, namespace, name) }
                    if deployment == nil { end(name) }
                    seen = state
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            kubelets.withLock { $0.append(task) }
        }
    }

    private func end(_ name: String) {
        running.withLock { $0.removeValue(forKey: name) }?.process.send(signal: SIGTERM)
    }

    /// Starts the Pods of a Deployment's new version, as one process, and ends the old one when the new one is ready.
    private func roll(_ deployment: JSONValue, _ namespace: String, _ name: String) async throws {
        let spec = deployment["spec"]?["template"]?["spec"]
        let container = try XCTUnwrap(spec?["containers"]?.elements.first { _ in true })
        let generation = deployment["metadata"]?["generation"]?.integer() ?? 0
        if container["image"]?.string()?.hasPrefix("registry.example/") ?? false {
            let files = folder.file("\(name)-\(UUID().uuidString)")
            try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
            let volume = spec?["volumes"]?.elements.first { _ in true }
            if let secret = volume?["secret"]?["secretName"]?.string(),
                let data = stage.kubernetes.object(.secrets, namespace: namespace, secret)?["data"]
            {
                for member in data.members {
                    let bytes = Base64.decode(member.value.string() ?? "") ?? []
                    try Data(bytes).write(to: URL(fileURLWithPath: "\(files)/\(member.name)"))
                }
            }
            let new = try await start(spec, container, namespace, files: files)
            let service = name.split(separator: "-").dropLast().joined(separator: "-") + "-svc"
            _ = try folder.write("port-\(service)", Array("\(new.port)".utf8))
            end(name)
            running.withLock { $0[name] = new }
        }
        let replicas = deployment["spec"]?["replicas"]?.integer() ?? 1
        try await patch(
            namespace,
            name,
            #"{"status":{"observedGeneration":\#(generation),"replicas":\#(replicas),"updatedReplicas":\#(replicas),"#
                + #""readyReplicas":\#(replicas),"availableReplicas":\#(replicas)}}"#
        )
    }

    /// Starts the webhook as a container says, and waits until it is ready.
    private func start(
        _ spec: JSONValue?,
        _ container: JSONValue,
        _ namespace: String,
        files: String
    ) async throws -> Running {
        let arguments = (container["args"]?.elements.compactMap { $0.string() } ?? []).map { word -> String in
            if word.contains("listen-address=") { return word.prefix { $0 != "=" } + "=127.0.0.1:0" }
            return word.split(separator: "/etc/webhook/certs", omittingEmptySubsequences: false)
                .joined(separator: files)
        }
        let map = container["envFrom"]?.elements.first { _ in true }?["configMapRef"]?["name"]?.string() ?? ""
        let settings = stage.kubernetes.object(.configMaps, namespace: namespace, map)?["data"]
        var environment = try access(namespace, spec?["serviceAccountName"]?.string() ?? "")
        for member in settings.map({ Array($0.members) }) ?? [] {
            environment[member.name] = member.value.string()
        }
        let log = files + ".log"
        let process = try ChildProcess(
            [BuiltTool.path("gtoken-webhook")] + arguments + ["--shutdown-delay=10ms"],
            environment: environment,
            standardError: .file(log)
        )
        func port(_ message: String) async throws -> UInt16 {
            try await eventually(message) {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                let lines = text.split(separator: "\n").compactMap { try? JSONDocument(Array($0.utf8)).root }
                let line = lines.first { $0["msg"]?.isString(message) == true }
                return line?["port"]?.integer().map { UInt16($0) }
            }
        }
        do {
            let new = Running(process: process, port: try await port("listening"))
            let telemetry = try await port("listening for telemetry")
            let client = HTTPClient(loop: stage.loop)
            defer { client.close() }
            let ready = HTTPClientRequest(
                method: "GET",
                url: try HTTPURL(parsing: "http://127.0.0.1:\(telemetry)/readyz")
            )
            while try await client.send(ready).status != 200 {
                try await Task.sleep(for: .milliseconds(10))
            }
            return new
        } catch {
            process.send(signal: SIGKILL)
            _ = process.waitBlocking()
            throw error
        }
    }

    /// It may do what the roles of the manifests let it, and nothing else.
    private func access(_ namespace: String, _ name: String) throws -> [String: String] {
        let account = try KubernetesServiceAccountName(namespace: namespace, name: name)
        let token = "\(Self.token)-\(name)"
        stage.kubernetes.change { $0.users[token] = KubernetesUser(account) }
        let kubeconfig = try folder.write(
            "kubeconfig-\(name)",
            Array(
                (#"{"current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],"clusters":"#
                    + #"[{"name":"c","cluster":{"server":"http://127.0.0.1:\#(stage.kubernetesPort)"}}],"users":"#
                    + #"[{"name":"u","user":{"token":"\#(token)"}}]}"#).utf8
            )
        )
        return [
            "POD_NAMESPACE": namespace, "KUBECONFIG": kubeconfig, "HOME": folder.path,
            "PATH": stage.environment["PATH"] ?? "",
        ]
    }

    private func patch(_ namespace: String, _ name: String, _ status: String) async throws {
        let client = HTTPClient(loop: stage.loop)
        defer { client.close() }
        let path = "/apis/apps/v1/namespaces/\(namespace)/deployments/\(name)"
        let answer = try await client.send(
            HTTPClientRequest(
                method: "PATCH",
                url: try HTTPURL(parsing: "http://127.0.0.1:\(stage.kubernetesPort)\(path)"),
                headers: ["Content-Type": "application/merge-patch+json"],
                body: Array(status.utf8)
            )
        )
        // It may have been removed meanwhile.
        XCTAssertTrue([200, 404].contains(answer.status), "\(answer.status)")
    }

    // MARK: Whether Pods are injected

    /// Whether an API server finds a webhook at this moment, and trusts it; the Go project's is taken at its word.
    func isCovered() async -> Bool {
        for (configuration, deployment) in [
            ("mutating-gtoken-webhook-cfg", Self.deployments[0]),
            ("mutating-gtoken-webhook-cfg-bridge", Self.deployments[1]),
        ] {
            let kubernetes = stage.kubernetes
            guard let registration = kubernetes.object(.mutatingWebhookConfigurations, configuration),
                let client = registration["webhooks"]?.elements.first(where: { _ in true })?["clientConfig"],
                let service = client["service"]?["name"]?.string(),
                let namespace = client["service"]?["namespace"]?.string(),
                kubernetes.object(.services, namespace: namespace, service) != nil,
                let running = kubernetes.object(.deployments, namespace: namespace, deployment),
                let bundle = client["caBundle"]?.string()
            else { continue }
            if registration["metadata"]?["labels"] == nil {
                // While its Deployment is as it was.
                if running["metadata"]?["labels"] == nil { return true }
                continue
            }
            guard let port = self.running.withLock({ $0[deployment]?.port }),
                let roots = Base64.decode(bundle), let tls = try? TLSClientContext(trustedRootsPEM: roots),
                let url = try? HTTPURL(parsing: "https://\(service).\(namespace).svc/healthz")
            else { continue }
            let http = HTTPClient(loop: stage.loop, tls: tls)
            defer { http.close() }
            var request = HTTPClientRequest(method: "GET", url: url)
            request.address = .loopback(port: port)
            request.usesProxy = false
            if (try? await http.send(request).status) == 200 { return true }
        }
        return false
    }

    /// How often nobody would have injected a Pod while something was done, and what came of it.
    func watchingCoverage<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> (value: Value, looks: Int, gaps: Int) {
        let counts = Locked((looks: 0, gaps: 0))
        let watch = Task(executorPreference: stage.loop) { [self] in
            while !Task.isCancelled {
                var isCovered = await isCovered()
                // A look reads several objects, which change between: what an API server does not see either is seen twice.
                if !isCovered { isCovered = await self.isCovered() }
                if Task.isCancelled { return }
                counts.withLock { counts in
                    counts.looks += 1
                    if !isCovered { counts.gaps += 1 }
                }
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        watch.cancel()
        await watch.value
        let seen = counts.withLock { $0 }
        return (try result.get(), seen.looks, seen.gaps)
    }

    /// Sets the status of the Deployment, and makes one Pod with this one.
    func plant(deployment: String, pod: String? = nil) async throws {
        try await patch("gtoken", Self.deployments[0], #"{"status":\#(deployment)}"#)
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
        for kubelet in kubelets.withLock({ $0 }) {
            kubelet.cancel()
            _ = await kubelet.result
        }
        for (_, each) in running.withLock({ $0 }) {
            each.process.send(signal: SIGKILL)
            _ = each.process.waitBlocking()
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
