import GTokenCore
import GTokenNet
import GTokenRuntime

/// A certificate of the webhook with its key and its authority, as files hold them: `ca.pem`, `cert.pem`, `key.pem`.
struct StaticPair: Sendable, CustomStringConvertible {
    /// What they are called, as files and in the Secret.
    enum File {
        static let authority = "ca.pem"
        static let certificate = "cert.pem"
        static let key = "key.pem"
    }

    /// The authority's certificate; empty where it is not known.
    var authorityPEM: [UInt8]
    var certificatePEM: [UInt8]
    /// A secret.
    var privateKeyPEM: [UInt8]

    var description: String { "StaticPair" }

    /// A new one for a name, whose authority's key is kept nowhere.
    static func make(for host: String, validFor life: Duration) throws(CryptographyError) -> StaticPair {
        let authority = try CertificateAuthority.create(commonName: "gtoken-webhook-ca", validFor: life)
        let leaf = try authority.issueServerCertificate(dnsNames: [host], validFor: life)
        return StaticPair(
            authorityPEM: authority.certificatePEM,
            certificatePEM: leaf.certificatePEM,
            privateKeyPEM: leaf.privateKeyPEM
        )
    }

    /// How a pair is.
    enum State: Equatable {
        /// It can be served until then.
        case good(until: UnixTime)
        /// It is to be made anew, for this reason.
        case poor(String)
    }

    /// Whether a webhook of this name can serve it, and API servers that trust its authority would take it, for a while yet.
    func state(for host: String, at now: UnixTime) -> State {
        let context: TLSServerContext
        do throws(TLSError) {
            context = try TLSServerContext(certificateChainPEM: certificatePEM, privateKeyPEM: privateKeyPEM)
        } catch {
            return .poor("\(error)")
        }
        let leaf = context.leaf
        guard leaf.dnsNames.contains(host) else {
            return .poor("it is for \(leaf.dnsNames.joined(separator: ", ")), not for \(host)")
        }
        do throws(CryptographyError) {
            let anchors = try TrustAnchor.read(authorityPEM)
            if let objection = try context.objection(byTrusting: anchors, at: now) { return .poor(objection) }
        } catch {
            return .poor("its authority: \(error)")
        }
        let life = leaf.notAfter.duration(since: leaf.notBefore)
        guard leaf.notAfter.duration(since: now) > life / 3 else {
            return .poor("less than a third of its life is left, until \(leaf.notAfter.rfc3339)")
        }
        return .good(until: leaf.notAfter)
    }

    /// When it ends; `nil` where it cannot be read.
    var end: UnixTime? {
        (try? TLSServerContext(certificateChainPEM: certificatePEM, privateKeyPEM: privateKeyPEM))?.leaf
            .notAfter
    }
}
