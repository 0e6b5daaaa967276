package import GTokenCore
package import GTokenRuntime

/// Who is told what a ``KubernetesReflector`` learns, one call after the other.
package protocol KubernetesMirror: Sendable {
    /// A list begins: what is not put until it ends is gone.
    func listBegan() async
    /// An object as it is now.
    func put(_ object: JSONValue) async
    /// An object that is gone.
    func remove(_ object: JSONValue) async
    /// The list is complete, and from now on changes are told as they happen.
    func listEnded() async
    /// The server is there: something was heard from it, if only that nothing happened.
    func heard() async
    /// The server cannot be asked or refuses; what is known stays, and it is asked again.
    func failed(_ error: KubernetesError) async
}

/// Keeps a mirror of the selected objects: lists them, watches them from there, and begins anew when it has to.
///
/// Watches end all the time (the server ends each after some minutes, a proxy sooner) and go on where they
/// ended. A server that no longer remembers that place is asked for a new list.
package struct KubernetesReflector: Sendable {
    private let client: KubernetesClient
    private let selection: KubernetesSelection
    private let mirror: any KubernetesMirror
    private let clock: any Clock

    /// Objects asked for at once: what `kubectl` takes, too; 500 ServiceAccounts are about 300 KB.
    private static let pageSize = 500
    /// How long one answer may take; an API server gives a list a minute.
    private static let timeout = Duration.seconds(60)
    /// How long a watch may say nothing: the server sends a bookmark about every minute.
    private static let silence = Duration.seconds(180)
    /// A right that is missing is asked for again, in case an administrator grants it.
    private static let pauseWhenForbidden = Duration.seconds(60)
    /// A watch that ends sooner than this has not worked.
    private static let shortWatch = Duration.seconds(1)

    /// A reflector that does nothing yet.
    package init(
        client: KubernetesClient,
        selection: KubernetesSelection,
        mirror: any KubernetesMirror,
        clock: any Clock
    ) {
        self.client = client
        self.selection = selection
        self.mirror = mirror
        self.clock = clock
    }

    /// Runs until the task is cancelled.
    package func run() async throws(CancellationError) {
        var backoff = Backoff(base: .milliseconds(250), cap: .seconds(30))
        var resourceVersion: String?
        while true {
            let began = ContinuousClock.now
            var pause: Duration?
            do throws(KubernetesError) {
                guard let version = resourceVersion else {
                    resourceVersion = try await list()
                    continue
                }
                try await watch(from: version) { resourceVersion = $0 }
            } catch .expired {
                resourceVersion = nil
            } catch {
                if Task.isCancelled { throw CancellationError() }
                await mirror.failed(error)
                // What cannot be read would be sent again from there.
                if error == .malformedAnswer { resourceVersion = nil }
                if case .refused(status: 403, _) = error { pause = Self.pauseWhenForbidden }
            }
            // Something that worked for a while and ended, as each watch does, is begun again at once.
            if ContinuousClock.now - began >= Self.shortWatch { backoff.reset() }
            try await clock.sleep(for: pause ?? backoff.next())
        }
    }

    /// Lists everything; the version from which to watch.
    private func list() async throws(KubernetesError) -> String {
        await mirror.listBegan()
        var nextPage = ""
        var pageSize = Self.pageSize
        while true {
            let page: KubernetesPage
            do throws(KubernetesError) {
                page = try await client.page(
                    of: selection,
                    limit: pageSize,
                    nextPage: nextPage,
                    timeout: Self.timeout
                )
            } catch  where error.isTooLarge && pageSize > 1 {
                pageSize /= 2
                continue
            }
            for item in page.items { await mirror.put(item) }
            await mirror.heard()
            if page.nextPage.isEmpty {
                await mirror.listEnded()
                return page.resourceVersion
            }
            nextPage = page.nextPage
        }
    }

    private func watch(
        from resourceVersion: String,
        _ progress: (String) -> Void
    ) async throws(KubernetesError) {
        var watch = try await client.watch(
            selection,
            from: resourceVersion,
            // Not all replicas' watches end at the same moment.
            life: .seconds(Int.random(in: 300...600)),
            silence: Self.silence,
            timeout: Self.timeout
        )
        await mirror.heard()
        while let event = try await watch.next() {
            switch event {
            case .put(let object, _): await mirror.put(object)
            case .removed(let object, _): await mirror.remove(object)
            case .bookmark: break
            }
            progress(event.resourceVersion)
            await mirror.heard()
        }
    }
}
