import GTokenCore
import GTokenNet
import GTokenRuntime

/// What the webhook shows to its callers at the moment; replaced under the running server.
final class ServingCertificate: Sendable {
    /// What it is made of, as PEM.
    ///
    /// The key is a secret.
    struct Material: Sendable {
        var chainPEM: [UInt8]
        var keyPEM: [UInt8]
        /// What callers' certificates chain to; `nil` where they are not asked for any.
        var clientRootsPEM: [UInt8]?
    }

    private struct State {
        var material: Material
        var context: TLSServerContext
    }

    private let minimumVersion: TLSVersion
    private let state: Locked<State>

    init(_ material: Material, minimumVersion: TLSVersion) throws(TLSError) {
        self.minimumVersion = minimumVersion
        state = Locked(State(material: material, context: try Self.context(of: material, minimumVersion)))
    }

    /// A certificate that nobody trusts, for the time before the first of our own: a kubelet's probe does not verify.
    static func placeholder(
        dnsNames: [String],
        clientRootsPEM: [UInt8]?,
        minimumVersion: TLSVersion,
        at now: UnixTime
    ) throws -> ServingCertificate {
        let life = Duration.seconds(365 * 86_400)
        let authority = try CertificateAuthority.create(
            commonName: "gtoken-webhook before its first certificate",
            validFor: life,
            at: now
        )
        let leaf = try authority.issueServerCertificate(dnsNames: dnsNames, validFor: life, at: now)
        return try ServingCertificate(Material(leaf, clientRootsPEM), minimumVersion: minimumVersion)
    }

    /// What the next connection is made with.
    var context: TLSServerContext { state.withLock { $0.context } }

    /// Serves something else from now on; what is served stays where the new material cannot be used.
    func change(_ change: (inout Material) -> Void) throws(TLSError) {
        var material = state.withLock { $0.material }
        change(&material)
        let context = try Self.context(of: material, minimumVersion)
        let new = State(material: material, context: context)
        state.withLock { $0 = new }
    }

    private static func context(
        of material: Material,
        _ minimumVersion: TLSVersion
    ) throws(TLSError) -> TLSServerContext {
        try TLSServerContext(
            certificateChainPEM: material.chainPEM,
            privateKeyPEM: material.keyPEM,
            clientRootsPEM: material.clientRootsPEM,
            minimumVersion: minimumVersion
        )
    }
}

extension ServingCertificate.Material: CustomStringConvertible, CustomReflectable {
    init(_ leaf: ServerCertificate, _ clientRootsPEM: [UInt8]?) {
        self.init(
            chainPEM: leaf.certificatePEM,
            keyPEM: leaf.privateKeyPEM,
            clientRootsPEM: clientRootsPEM
        )
    }

    var description: String { "Material" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
