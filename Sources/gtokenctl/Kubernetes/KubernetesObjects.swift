import GTokenCore
import GTokenNet

/// The objects of a cluster that bindings are about: read in one go, made together where many are made at once.
///
/// Each run of `kubectl` costs a start of it, which is most of what a binding takes.
actor KubernetesObjects {
    private let kubectl: Kubectl
    private let references: [KubernetesObjectReference]
    private var reading: Task<Result<[KubernetesObjectReference: JSONValue], KubectlError>, Never>?
    private var waiting: [(reference: KubernetesObjectReference, manifest: [UInt8])] = []
    /// The run that makes an object, until whoever wants it has its result.
    private var batches: [KubernetesObjectReference: Task<Result<Void, KubectlError>, Never>] = [:]
    private var creation: Task<Result<Void, KubectlError>, Never>?

    /// An object as it was read.
    struct State: Sendable {
        let annotations: [String: String]
        /// Whether it carries our mark.
        let isOurs: Bool

        init(_ object: JSONValue) {
            annotations = Self.texts(object["metadata"]?["annotations"])
            isOurs =
                object["metadata"]?["labels"]?[OwnershipMark.labelKey]?.isString(OwnershipMark.value) ?? false
        }

        private static func texts(_ value: JSONValue?) -> [String: String] {
            var texts: [String: String] = [:]
            for member in value?.members.map({ $0 }) ?? [] { texts[member.name] = member.value.string() }
            return texts
        }
    }

    /// Makes a view of these; nothing is read yet.
    init(_ kubectl: Kubectl, of references: [KubernetesObjectReference]) {
        self.kubectl = kubectl
        self.references = references
    }

    /// An object as it was when the first was asked for; `nil` where there was none.
    func state(of reference: KubernetesObjectReference) async throws(KubectlError) -> State? {
        let task: Task<Result<[KubernetesObjectReference: JSONValue], KubectlError>, Never>
        if let reading {
            task = reading
        } else {
            let (kubectl, references) = (kubectl, references)
            task = Task(executorPreference: kubectl.loop) {
                do throws(KubectlError) { return .success(try await kubectl.get(references)) } catch {
                    return .failure(error)
                }
            }
            reading = task
        }
        return try await task.value.get()[reference].map(State.init)
    }

    /// Makes an object with our mark.
    func create(
        _ reference: KubernetesObjectReference,
        annotations: [String: String]
    ) async throws(KubectlError) {
        let labels = [OwnershipMark.labelKey: OwnershipMark.value]
        waiting.append((reference, reference.manifest(annotations: annotations, labels: labels)))
        while true {
            if let task = batches[reference] {
                let result = await task.value
                batches[reference] = nil
                return try result.get()
            }
            if let creation {
                // Who comes while others are made is made next, with all who came meanwhile.
                _ = await creation.value
                if self.creation == creation { self.creation = nil }
            } else {
                startBatch()
            }
        }
    }

    private func startBatch() {
        let batch = waiting
        waiting = []
        let kubectl = kubectl
        let task = Task(executorPreference: kubectl.loop) { () -> Result<Void, KubectlError> in
            do throws(KubectlError) {
                try await Self.create(batch.map(\.manifest), kubectl)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        creation = task
        for (reference, _) in batch { batches[reference] = task }
    }

    /// Makes all; where one cannot be made, each by itself, so that the others are.
    private static func create(_ manifests: [[UInt8]], _ kubectl: Kubectl) async throws(KubectlError) {
        do throws(KubectlError) {
            try await kubectl.create(manifests)
        } catch {
            guard manifests.count > 1 else {
                if case .refused("AlreadyExists", _) = error { return }
                throw error
            }
            var failure: KubectlError?
            for manifest in manifests {
                do throws(KubectlError) {
                    try await create([manifest], kubectl)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
        }
    }

    /// Sets annotations; `nil` takes one away.
    func annotate(
        _ reference: KubernetesObjectReference,
        _ annotations: [String: String?]
    ) async throws(KubectlError) {
        let kubectl = kubectl
        try await onLoop { () async throws(KubectlError) in try await kubectl.annotate(reference, annotations)
        }
    }

    /// Removes an object.
    func delete(_ reference: KubernetesObjectReference) async throws(KubectlError) {
        let kubectl = kubectl
        try await onLoop { () async throws(KubectlError) in try await kubectl.delete(reference) }
    }

    /// What is in a namespace besides what each namespace has.
    func contents(of namespace: String) async throws(KubectlError) -> [String] {
        let kubectl = kubectl
        let printed = try await onLoop { () async throws(KubectlError) in
            try await kubectl.run([
                "get", "pods,serviceaccounts,secrets,configmaps", "--namespace=\(namespace)", "--output=name",
            ])
        }
        let standard = ["serviceaccount/default", "configmap/kube-root-ca.crt"]
        return String(decoding: printed, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !standard.contains($0) }
    }

    private func onLoop<Value: Sendable>(
        _ body: @Sendable () async throws(KubectlError) -> Value
    ) async throws(KubectlError) -> Value {
        try await withTaskExecutorPreference(kubectl.loop) { () async throws(KubectlError) in try await body()
        }
    }
}
