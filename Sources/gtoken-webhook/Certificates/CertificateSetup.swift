import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Makes of a configuration what gives the webhook its certificate.
struct CertificateSetup {
    let configuration: WebhookConfiguration
    let environment: [String: String]
    let client: KubernetesClient
    let registry: MetricsRegistry
    let clock: any Clock
    var lives = CertificateLives()
    let logger: Logger

    /// Nil where plain HTTP is asked for.
    ///
    /// - Throws: ``ToolError`` that names the file or the option.
    func source() throws(ToolError) -> (any CertificateSource)? {
        switch configuration.certificates {
        case .none: nil
        case .files(let files): try fileCertificate(files)
        case .selfManaged(let secret): try selfManaged(secret)
        }
    }

    private var minimumVersion: TLSVersion { configuration.minimumTLSVersion == .v1_3 ? .v1_3 : .v1_2 }

    private func api(secret: String) -> CertificateAPI {
        let registration = configuration.registration
        return CertificateAPI(
            client: client,
            names: CertificateAPI.Names(
                service: registration.serviceName,
                namespace: registration.namespace ?? Self.namespace(environment),
                secret: secret,
                configuration: registration.configuration
            )
        )
    }

    /// The namespace that we run in: what the manifest says, what the kubelet mounts, or that of our manifests.
    static func namespace(
        _ environment: [String: String],
        folder: String = KubernetesAccess.serviceAccountFolder
    ) -> String {
        if let name = environment["POD_NAMESPACE"], !name.isEmpty { return name }
        let mounted = try? FileReader.read(path: "\(folder)/namespace", maxBytes: 1024)
        let name = String(decoding: (mounted ?? []).filter { $0 > 0x20 }, as: UTF8.self)
        return name.isEmpty ? "gtoken" : name
    }

    private func fileCertificate(_ files: TLSFiles) throws(ToolError) -> FileCertificate {
        do throws(CertificateFileError) {
            return try FileCertificate(
                files,
                clientCA: configuration.clientCAFile,
                minimumVersion: minimumVersion,
                api: api(secret: ""),
                registry: registry,
                clock: clock,
                logger: logger
            )
        } catch {
            switch error {
            case .file(let error): throw ToolError("\(error)", exitCode: .configuration)
            case .tls(let error) where error.material == .trustedRoots: throw clientCAError(error)
            default:
                throw ToolError(
                    "\(files.certificate) and \(files.privateKey): \(error)",
                    hint:
                        "--tls-cert-file takes the certificate with its chain, --tls-private-key-file its key, as PEM",
                    exitCode: .configuration
                )
            }
        }
    }

    private func selfManaged(_ secret: String) throws(ToolError) -> any CertificateSource {
        let api = api(secret: secret)
        var clientRoots: [[UInt8]] = []
        let paths = [configuration.clientCAFile].compactMap { $0 }
        do throws(FileError) {
            clientRoots = try CertificateFiles.read(paths)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        let serving: ServingCertificate
        do {
            serving = try .placeholder(
                dnsNames: api.names.dnsNames,
                clientRootsPEM: clientRoots.first,
                minimumVersion: minimumVersion,
                at: clock.now()
            )
        } catch let error as TLSError {
            throw clientCAError(error)
        } catch {
            throw ToolError("\(error)", exitCode: .bug)
        }
        let files =
            paths.isEmpty
            ? nil
            : CertificateFiles(paths, served: clientRoots, clock: clock, logger: logger) {
                (contents) throws(CertificateFileError) in
                do throws(TLSError) {
                    try serving.change { $0.clientRootsPEM = contents[0] }
                } catch {
                    throw .tls(error)
                }
                logger.info("trusting new client certificate authorities")
            }
        return SelfManagedCertificate(
            api: api,
            serving: serving,
            clientRoots: files,
            registry: registry,
            clock: clock,
            logger: logger,
            lives: lives
        )
    }

    private func clientCAError(_ error: TLSError) -> ToolError {
        ToolError(
            "\(configuration.clientCAFile ?? ""): \(error)",
            hint: "--client-ca-file takes the certificates, as PEM, that callers' certificates chain to",
            exitCode: .configuration
        )
    }
}
