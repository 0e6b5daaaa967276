private import COpenSSL

/// What TLS material is for, in an error about it.
package enum TLSMaterial: String, Sendable, Hashable {
    /// The certificate that we present, and its intermediates.
    case certificateChain = "certificate chain"
    /// The key of that certificate.
    case privateKey = "private key"
    /// The certificates that we trust.
    case trustedRoots = "trusted roots"
}

/// Why TLS could not be set up or went wrong; facts only, and never key material.
package enum TLSError: Error, Equatable {
    /// The PEM text has no block of this kind.
    case missing(TLSMaterial)
    /// A PEM block of this kind is there and cannot be read, as OpenSSL says it. An encrypted key is one.
    case malformed(TLSMaterial, reason: String)
    /// OpenSSL reads the material and does not accept it ("ee key too small").
    case rejected(TLSMaterial, reason: String)
    /// The private key is not that of the first certificate of the chain.
    case keyMismatch
    /// The host is neither a DNS name nor an IP address.
    case invalidHost
    /// The peer's certificate did not verify, in X.509's words ("certificate has expired", "hostname mismatch").
    case untrustedPeer(reason: String)
    /// The peer ended the connection with this alert (RFC 8446 section 6).
    case peerAlert(code: UInt8)
    /// What the peer sent is not the TLS that we speak ("wrong version number", "unsupported protocol").
    case protocolViolation(reason: String)
    /// The transport ended without a `close_notify` alert: what was read may be cut short by an attacker.
    case truncated
    /// Written after `closeNotify()`, or before the handshake was done.
    case notWritable
    /// A call of OpenSSL failed that only a lack of memory makes fail.
    case library(call: String, reason: String)
}

extension TLSError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let material): "no \(material.rawValue) in the PEM text"
        case .malformed(let material, let reason): "unreadable \(material.rawValue): \(reason)"
        case .rejected(let material, let reason): "\(material.rawValue) refused: \(reason)"
        case .keyMismatch: "private key does not belong to the certificate"
        case .invalidHost: "host is neither a DNS name nor an IP address"
        case .untrustedPeer(let reason): "peer certificate not trusted: \(reason)"
        case .peerAlert(let code): "peer sent TLS alert \(code) (\(Self.alertName(code)))"
        case .protocolViolation(let reason): "TLS protocol failure: \(reason)"
        case .truncated: "connection ended without TLS close_notify"
        case .notWritable: "TLS session is not open for writing"
        case .library(let call, let reason): "\(call) failed: \(reason)"
        }
    }

    private static func alertName(_ code: UInt8) -> String {
        unsafe String(cString: SSL_alert_desc_string_long(Int32(code)))
    }
}

extension TLSError {
    /// The material that is at fault, where one is.
    package var material: TLSMaterial? {
        switch self {
        case .missing(let material), .malformed(let material, _), .rejected(let material, _): material
        default: nil
        }
    }

    /// The error of a call that fails only when memory does; empties OpenSSL's error queue.
    static func library(_ call: StaticString) -> TLSError {
        .library(call: "\(call)", reason: OpenSSLFailure.drainText())
    }
}
