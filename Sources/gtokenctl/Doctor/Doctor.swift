import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Looks at the whole chain of bindings: from the credentials of whoever asks to the Pods.
struct Doctor: Sendable {
    let configuration: DoctorConfiguration
    let bindings: [Binding]
    let access: CloudAccess

    /// The ways that are open.
    struct Ways: Sendable {
        var google: Checked<CloudAccess.Google>
        var aws: Checked<AWS>
        var kubernetes: Checked<Kubectl>
    }

    /// AWS, and whose account it is.
    struct AWS: Sendable {
        var access: AWSAccess
        var iam: IAMClient
        var account: SetupContext.AWSAccount
    }

    init(_ configuration: DoctorConfiguration, _ bindings: [Binding], _ access: CloudAccess) {
        (self.configuration, self.bindings, self.access) = (configuration, bindings, access)
    }

    /// Looks at everything; what is shared once, then each binding.
    func examine() async -> [CheckedSection] {
        let opening = Examination("access")
        let ways = await open(opening)
        var sections = [opening.section]
        var clusters: [GKECluster: Checked<GKEClusterState>] = [:]
        for binding in bindings where clusters[binding.cluster] == nil {
            let examination = Examination("cluster \(binding.cluster.name)")
            let identities = Set(bindings.filter { $0.cluster == binding.cluster }.map(\.identity))
            clusters[binding.cluster] = await examine(binding.cluster, for: identities, ways, examination)
            sections.append(examination.section)
        }
        let examination = Examination("webhook")
        let webhook = await examineWebhook(ways, Array(clusters.values), examination)
        sections.append(examination.section)
        let reading = Examination("ServiceAccounts")
        let objects = await reading.check("namespaces and ServiceAccounts", after: ways.kubernetes) {
            kubectl in
            let objects = try await WorkloadObjects.read(bindings, kubectl)
            return .ok(objects, "\(objects.objects.count) are there")
        }
        sections.append(reading.section)
        return sections + (await examineBindings(ways, clusters, webhook, objects))
    }

    /// A few at a time; they come out in their order.
    private func examineBindings(
        _ ways: Ways,
        _ clusters: [GKECluster: Checked<GKEClusterState>],
        _ webhook: Checked<InstalledWebhook>,
        _ objects: Checked<WorkloadObjects>
    ) async -> [CheckedSection] {
        await withTaskGroup(of: ExaminedBinding.self) { group in
            var found: [Int: CheckedSection] = [:]
            for (index, binding) in bindings.enumerated() {
                if index >= configuration.setup.parallelism, let done = await group.next() {
                    found[done.index] = done.section
                }
                group.addTask(executorPreference: access.loop) {
                    let examination = Examination(binding.title)
                    let patient = Patient(
                        binding: binding,
                        ways: ways,
                        webhook: webhook,
                        objects: objects,
                        configuration: configuration,
                        access: access,
                        examination: examination
                    )
                    await patient.examine()
                    return ExaminedBinding(index: index, section: examination.section)
                }
            }
            for await done in group { found[done.index] = done.section }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    // MARK: Access

    /// Whether Google takes the access token; the question needs no permission.
    private func probe(_ api: GoogleAPIClient, _ project: GoogleProjectID) async throws {
        do {
            let client = ResourceManagerClient(api)
            _ = try await client.missingPermissions(["container.clusters.get"], on: project)
        } catch {
            // The API may be disabled, or the project another's: the next checks say what that is in the way of.
            if let status = error.status, status.code != 401 { return }
            throw error
        }
    }

    private func open(_ examination: Examination) async -> Ways {
        let project = bindings[0].cluster.project
        let google = await examination.check("Google credentials") {
            let google = try access.google()
            _ = try await google.tokens.current()
            try await probe(google.api, project)
            return .ok(google, "they are taken")
        }
        let aws = await examination.check("AWS credentials") {
            let aws = try access.aws()
            let caller = try await aws.callerIdentity()
            let found = AWS(access: aws, iam: aws.iam(), account: SetupContext.AWSAccount(caller))
            return .ok(found, caller.arn)
        }
        let kubernetes = await examination.check("Kubernetes access") {
            let kubectl = access.kubectl
            let version = try await kubectl.json(["get", "--raw", "/version"])
            return .ok(kubectl, version["gitVersion"]?.string() ?? "an API server")
        }
        return Ways(google: google, aws: aws, kubernetes: kubernetes)
    }
}

/// What was found of one of several bindings.
private struct ExaminedBinding: Sendable {
    let index: Int
    let section: CheckedSection
}

extension Kubectl {
    /// What a command prints as JSON.
    func json(_ arguments: [String]) async throws(KubectlError) -> JSONValue {
        let printed = try await run(arguments)
        do throws(JSONError) { return try JSONDocument(printed).root } catch { throw .output("\(error)") }
    }

    /// An object; `nil` where there is none.
    func find(_ arguments: [String]) async throws(KubectlError) -> JSONValue? {
        let printed = try await run(["get"] + arguments + ["--ignore-not-found", "--output=json"])
        guard printed.contains(where: { $0 > 0x20 }) else { return nil }
        do throws(JSONError) { return try JSONDocument(printed).root } catch { throw .output("\(error)") }
    }

    /// The objects of a list.
    func list(_ arguments: [String]) async throws(KubectlError) -> [JSONValue] {
        try await json(["get"] + arguments + ["--output=json"])["items"]?.elements.map { $0 } ?? []
    }
}
