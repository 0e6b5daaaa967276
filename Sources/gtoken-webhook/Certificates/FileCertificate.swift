import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// A certificate from files, which somebody else renews.
///
/// Where the webhook configuration can be read, readiness says whether its `caBundle` verifies the certificate: files and
/// bundle are two people's work, or two programs'.
final class FileCertificate: CertificateSource {
    let serving: ServingCertificate
    private let files: CertificateFiles
    private let api: CertificateAPI
    private let clock: any Clock
    private let logger: Logger
    /// What the API server was last heard to trust; `nil` where that is not known.
    private let webhooks: Locked<RegisteredWebhooks?>
    private let metrics: CertificateMetrics

    private static let tick = Duration.seconds(60)

    /// Reads the files for the first time; `clientCA` is one more that is served with them.
    ///
    /// A certificate that is not valid now is served all the same, and said: the webhook is not ready, and takes the next
    /// one as soon as it is there.
    ///
    /// - Throws: ``CertificateFileError`` where they cannot be used together.
    init(
        _ paths: TLSFiles,
        clientCA: String?,
        minimumVersion: TLSVersion,
        api: CertificateAPI,
        registry: MetricsRegistry,
        clock: any Clock,
        logger: Logger
    ) throws(CertificateFileError) {
        let all = [paths.certificate, paths.privateKey] + [clientCA].compactMap { $0 }
        let contents: [[UInt8]]
        do throws(FileError) { contents = try CertificateFiles.read(all) } catch { throw .file(error) }
        let serving: ServingCertificate
        do throws(TLSError) {
            serving = try ServingCertificate(Self.material(contents), minimumVersion: minimumVersion)
        } catch {
            throw .tls(error)
        }
        self.serving = serving
        self.api = api
        self.clock = clock
        self.logger = logger
        let webhooks = Locked<RegisteredWebhooks?>(nil)
        self.webhooks = webhooks
        let metrics = CertificateMetrics(
            in: registry,
            expiry: { serving.context.leaf.notAfter },
            authorityExpiry: { nil },
            isBundleCurrent: {
                webhooks.withLock { $0 }.map { known in
                    Self.objection(to: serving, known, at: clock.now()) == nil
                }
            }
        )
        self.metrics = metrics
        files = CertificateFiles(all, served: contents, clock: clock, logger: logger) {
            (contents) throws(CertificateFileError) in
            try Self.serve(contents, by: serving, at: clock.now())
            metrics.renewals.increment()
            let facts = serving.context.leaf
            logger.info("serving new certificate files", LogField("notAfter", describing: facts.notAfter))
        }
    }

    private static func material(_ contents: [[UInt8]]) -> ServingCertificate.Material {
        ServingCertificate.Material(
            chainPEM: contents[0],
            keyPEM: contents[1],
            clientRootsPEM: contents.count > 2 ? contents[2] : nil
        )
    }

    private static func serve(
        _ contents: [[UInt8]],
        by serving: ServingCertificate,
        at now: UnixTime
    ) throws(CertificateFileError) {
        let facts: CertificateFacts
        do throws(TLSError) {
            facts = try TLSServerContext(certificateChainPEM: contents[0], privateKeyPEM: contents[1]).leaf
        } catch {
            throw .tls(error)
        }
        guard facts.isValid(at: now) || !serving.context.leaf.isValid(at: now)
        else { throw .outOfDate(notBefore: facts.notBefore, notAfter: facts.notAfter) }
        do throws(TLSError) { try serving.change { $0 = material(contents) } } catch { throw .tls(error) }
    }

    // MARK: Readiness

    var objection: String? {
        let now = clock.now()
        let facts = serving.context.leaf
        guard facts.isValid(at: now) else {
            return "the certificate is not valid now: \(facts.notBefore) to \(facts.notAfter)"
        }
        return webhooks.withLock { $0 }.flatMap { Self.objection(to: serving, $0, at: now) }
    }

    /// An empty `caBundle` stands for the API server's own roots, of which we know nothing.
    private static func objection(
        to serving: ServingCertificate,
        _ webhooks: RegisteredWebhooks,
        at now: UnixTime
    ) -> String? {
        webhooks.objection(to: serving.context, ignoringEmptyBundles: true, at: now)
    }

    func run() async throws(CancellationError) {
        await withDiscardingTaskGroup { group in
            group.addTask { try? await self.files.run() }
            group.addTask { try? await self.compare() }
        }
        throw CancellationError()
    }

    /// Looks at the files at once.
    @discardableResult
    func look() -> Bool { files.look() }

    /// Asks each minute what is trusted, and compares the certificate's life with the wall clock.
    private func compare() async throws(CancellationError) {
        var warning = ExpiryWarning("serving", logger: logger)
        while true {
            warning.check(serving.context.leaf, at: clock.now())
            await readWebhooks()
            try await clock.sleep(for: Self.tick)
        }
    }

    /// Reads the webhook configuration; one that may not be read, or is not there, says nothing about us.
    func readWebhooks() async {
        do throws(CertificateObstacle) {
            let read = try await api.webhooks()
            webhooks.withLock { $0 = read }
        } catch {
            if !error.isTransient { webhooks.withLock { $0 = nil } }
            logger.debug("cannot compare caBundle with the certificate", LogField(error))
        }
    }
}
