import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// A certificate that the webhook signs itself, by an authority that all replicas share in a Secret.
///
/// What is to be done ``CertificatePlan`` decides; this asks, does it, and asks again. Nothing is kept between two rounds but
/// what we serve and how long authorities have been trusted: each round reads both objects anew, and a watch only says when.
/// A leaf is signed in the round that has read the Secret, never from memory: otherwise a replica that the API server does not
/// reach could sign by an authority that the others have retired.
actor SelfManagedCertificate: CertificateSource {
    /// What others ask for while a round is under way.
    private struct Status {
        var leaf: ServedLeaf?
        /// The life of the authority that signs, as it was last read.
        var authority: CertificateFacts?
        var webhooks: RegisteredWebhooks?
        var obstacle: CertificateObstacle?
    }

    nonisolated let serving: ServingCertificate
    private let api: CertificateAPI
    private let clientRoots: CertificateFiles?
    private let clock: any Clock
    private let logger: Logger
    private let lives: CertificateLives
    private let status: Locked<Status>
    private var ticksTrusted: [TrustAnchor: Int] = [:]
    private var report: CertificateReport

    /// Steps of one round: a first start takes three, a lost race starts over.
    ///
    /// More is somebody who works against us.
    private static let maxSteps = 16
    /// Between two rounds that changed something: who changes it back at once must not keep the API server busy.
    private static let pauseAfterChange = Duration.seconds(1)

    init(
        api: CertificateAPI,
        serving: ServingCertificate,
        clientRoots: CertificateFiles? = nil,
        registry: MetricsRegistry,
        clock: any Clock,
        logger: Logger,
        lives: CertificateLives = CertificateLives()
    ) {
        self.api = api
        self.serving = serving
        self.clientRoots = clientRoots
        self.clock = clock
        self.logger = logger
        self.lives = lives
        let status = Locked(Status())
        self.status = status
        let metrics = CertificateMetrics(
            in: registry,
            expiry: { status.withLock { $0.leaf?.facts.notAfter } },
            authorityExpiry: { status.withLock { $0.authority?.notAfter } },
            isBundleCurrent: {
                status.withLock { status in
                    guard let webhooks = status.webhooks, let leaf = status.leaf else { return false }
                    return webhooks.trustedByAll.contains(leaf.issuer)
                }
            }
        )
        report = CertificateReport(metrics, logger: logger)
    }

    // MARK: Readiness

    nonisolated var objection: String? {
        let (leaf, webhooks, obstacle) = status.withLock { ($0.leaf, $0.webhooks, $0.obstacle) }
        let now = clock.now()
        guard let leaf else {
            return "there is no certificate yet: \(obstacle.map { "\($0)" } ?? "starting")"
        }
        guard leaf.isValid(at: now) else {
            return "the certificate is not valid now: \(leaf.facts.notBefore) to \(leaf.facts.notAfter)"
        }
        guard let webhooks, !webhooks.entries.isEmpty else {
            return obstacle.map { "\($0)" } ?? "the webhook configuration is not known"
        }
        return webhooks.objection(to: serving.context, at: now)
    }

    // MARK: Rounds

    /// How a round ended.
    enum Outcome: Equatable {
        /// Nothing is left to do; whether something was.
        case settled(changed: Bool)
        /// Something is in the way.
        case stopped(CertificateObstacle)
    }

    func run() async throws(CancellationError) {
        let wakeUps = WakeUps()
        // Both kinds of task end with the group, which ends with the task that this runs in.
        await withDiscardingTaskGroup { group in
            group.addTask { [clock, lives] in
                while (try? await clock.sleep(for: lives.tick)) != nil { wakeUps.tick() }
            }
            for (selection, text) in api.watched {
                let watch = ObjectWatch(
                    client: api.client,
                    selection: selection,
                    text: text,
                    clock: clock,
                    logger: logger
                )
                group.addTask { try? await watch.run(changed: wakeUps.wake) }
            }
            if let clientRoots { group.addTask { try? await clientRoots.run() } }
            try? await follow(wakeUps)
            group.cancelAll()
        }
        throw CancellationError()
    }

    private func follow(_ wakeUps: WakeUps) async throws(CancellationError) {
        var backoff = Backoff(base: .seconds(1), cap: .seconds(30))
        wakeUps.wake()
        while let ticks = await wakeUps.next() {
            switch await reconcile(ticks: ticks) {
            case .settled(let changed):
                backoff.reset()
                if changed { try await clock.sleep(for: Self.pauseAfterChange) }
            case .stopped(let obstacle):
                guard obstacle.isTransient else { continue }
                try await clock.sleep(for: backoff.next())
                wakeUps.wake()
            }
        }
    }

    /// Looks at everything once and does what is to be done; `ticks` is how many minutes passed since the last time.
    @discardableResult
    func reconcile(ticks: Int) async -> Outcome {
        let outcome: Outcome
        do throws(CertificateObstacle) {
            outcome = try await settle(ticks: ticks)
        } catch {
            outcome = .stopped(error)
        }
        let obstacle: CertificateObstacle? =
            if case .stopped(let obstacle) = outcome { obstacle } else { nil }
        let (leaf, authority) = status.withLock { status in
            status.obstacle = obstacle
            return (status.leaf?.facts, status.authority)
        }
        report.note(obstacle, at: clock.now())
        report.warn(leaf: leaf, authority: authority, at: clock.now())
        return outcome
    }

    private func settle(ticks: Int) async throws(CertificateObstacle) -> Outcome {
        var view = try await read()
        count(ticks, view.webhooks)
        var changed = false
        for _ in 0..<Self.maxSteps {
            guard let step = view.plan(leaf: leaf, ticksTrusted: ticksTrusted, lives: lives).nextStep else {
                status.withLock { $0.authority = view.stored?.current?.anchor.facts }
                try view.checkRegistration(api.names)
                return .settled(changed: changed)
            }
            do throws(CertificateObstacle) {
                try await take(step, &view)
                changed = true
            } catch .api(_, _, .conflict) {
                // Another replica was faster: what it did may be all that was to be done.
                view = try await read()
            }
        }
        throw .contended
    }

    /// What was read, and when.
    ///
    /// The webhook configuration comes first: a patch of it succeeds only if nobody has changed it since, so that
    /// what it takes away was not in the Secret at a later time.
    private struct View {
        let now: UnixTime
        var webhooks: RegisteredWebhooks?
        var secret: JSONDocument?

        var stored: StoredAuthority? { secret.map { StoredAuthority($0.root, at: now) } }

        func plan(
            leaf: ServedLeaf?,
            ticksTrusted: [TrustAnchor: Int],
            lives: CertificateLives
        ) -> CertificatePlan {
            CertificatePlan(
                now: now,
                secret: stored,
                webhooks: webhooks,
                leaf: leaf,
                ticksTrusted: ticksTrusted,
                lives: lives
            )
        }

        /// - Throws: what nobody but an administrator can complete.
        func checkRegistration(_ names: CertificateAPI.Names) throws(CertificateObstacle) {
            guard let webhooks else { throw .notRegistered(configuration: names.configuration) }
            guard !webhooks.entries.isEmpty else {
                throw .noEntry(configuration: names.configuration, service: names.serviceText)
            }
        }
    }

    private func read() async throws(CertificateObstacle) -> View {
        let now = clock.now()
        let webhooks = try await api.webhooks()
        status.withLock { $0.webhooks = webhooks }
        return View(now: now, webhooks: webhooks, secret: try await api.secret())
    }

    private func take(_ step: CertificatePlan.Step, _ view: inout View) async throws(CertificateObstacle) {
        switch step {
        case .write(let draft):
            let record = try making { () throws(CryptographyError) in
                try AuthorityRecord(draft, lives: lives, at: view.now)
            }
            view.secret = try await api.write(record, over: view.secret)
            report.note(draft)
        case .publish(let anchors):
            guard let webhooks = view.webhooks else { return }
            let published = try await api.publish(anchors, in: webhooks)
            view.webhooks = published
            status.withLock { $0.webhooks = published }
            report.note(published: anchors)
            // What was read before the configuration's new version says nothing about what may be taken away from it.
            view.secret = try await api.secret()
        case .sign(let authority):
            try sign(by: authority, at: view.now)
        }
    }

    /// The life is counted from before the Secret was read, so that a machine that slept since signs nothing that outlives
    /// the authority's retirement.
    private func sign(by authority: CertificateAuthority, at now: UnixTime) throws(CertificateObstacle) {
        let signed = try making { () throws(CryptographyError) in
            try authority.issueServerCertificate(dnsNames: api.names.dnsNames, validFor: lives.leaf, at: now)
        }
        do throws(TLSError) {
            try serving.change {
                $0.chainPEM = signed.certificatePEM
                $0.keyPEM = signed.privateKeyPEM
            }
        } catch {
            throw .tls(error)
        }
        let facts = serving.context.leaf
        let life = facts.notAfter.duration(since: now)
        // Replicas that started together do not renew together.
        let share = 2.0 / 3 - Double.random(in: 0..<0.05)
        let leaf = ServedLeaf(issuer: authority.anchor, facts: facts, renewAt: now + life * share)
        report.note(signed: leaf, isRenewal: self.leaf != nil)
        status.withLock { $0.leaf = leaf }
    }

    private var leaf: ServedLeaf? { status.withLock { $0.leaf } }

    /// Counts for how long each certificate has been trusted by all, without a gap.
    private func count(_ ticks: Int, _ webhooks: RegisteredWebhooks?) {
        var counts: [TrustAnchor: Int] = [:]
        for anchor in webhooks?.trustedByAll ?? [] {
            // One that is new has not been there for what has passed.
            counts[anchor] = ticksTrusted[anchor].map { $0 + ticks } ?? 0
        }
        ticksTrusted = counts
    }

    private func making<Value>(
        _ body: () throws(CryptographyError) -> Value
    ) throws(CertificateObstacle) -> Value {
        do throws(CryptographyError) { return try body() } catch { throw .cryptography(error) }
    }
}
