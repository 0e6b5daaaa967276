private import COpenSSL

/// A version of TLS that we speak; older ones are never negotiated (RFC 8996).
package enum TLSVersion: Sendable, Hashable, Comparable {
    /// TLS 1.2 (RFC 5246), with forward-secret AEAD cipher suites only.
    case v1_2
    /// TLS 1.3 (RFC 8446).
    case v1_3

    /// The version on the wire.
    var wireValue: Int32 {
        switch self {
        case .v1_2: TLS1_2_VERSION
        case .v1_3: TLS1_3_VERSION
        }
    }

    init?(wireValue: Int32) {
        switch wireValue {
        case TLS1_2_VERSION: self = .v1_2
        case TLS1_3_VERSION: self = .v1_3
        default: return nil
        }
    }
}

extension TLSVersion: CustomStringConvertible {
    package var description: String {
        switch self {
        case .v1_2: "TLS 1.2"
        case .v1_3: "TLS 1.3"
        }
    }
}
