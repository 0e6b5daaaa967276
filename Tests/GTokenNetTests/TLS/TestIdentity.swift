import COpenSSL
import GTokenCore
import GTokenNet
import XCTest

@testable import GTokenNet

/// A certificate with its key, able to issue others: roots, intermediates and leaves of any shape.
struct TestIdentity {
    enum KeyKind {
        case p256
        case rsa2048
        case rsa1024
    }

    let certificate: Certificate
    let key: AsymmetricKey

    static let day = Duration.seconds(86400)
    static let now = UnixTime(seconds: Int64(Date().timeIntervalSince1970))
    static let lifetime = (now - day)...(now + day)

    /// The root that most tests trust; made once.
    static let root = try! TestIdentity.root("Test root")

    static func root(_ name: String) throws -> TestIdentity {
        let key = try AsymmetricKey.generateP256()
        let draft = try CertificateDraft(publicKeyOf: key)
        try draft.setSubject(commonName: name)
        try draft.setValidity(lifetime)
        try draft.add(NID_basic_constraints, "critical,CA:TRUE")
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        try draft.add(NID_subject_key_identifier, "hash")
        return TestIdentity(certificate: try draft.signed(by: key), key: key)
    }

    func intermediate(_ name: String) throws -> TestIdentity {
        let key = try AsymmetricKey.generateP256()
        let draft = try CertificateDraft(publicKeyOf: key)
        try draft.setSubject(commonName: name)
        try draft.setValidity(Self.lifetime)
        try draft.add(NID_basic_constraints, "critical,CA:TRUE")
        try draft.add(NID_key_usage, "critical,keyCertSign")
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always", issuer: certificate)
        return TestIdentity(certificate: try draft.signed(by: self.key, issuer: certificate), key: key)
    }

    func leaf(
        _ hosts: [String] = ["hook.gtoken.svc"],
        commonName: String? = nil,
        kind: KeyKind = .p256,
        lifetime: ClosedRange<UnixTime> = lifetime,
        usage: StaticString = "serverAuth"
    ) throws -> TestIdentity {
        let key = try kind.generate()
        let draft = try CertificateDraft(publicKeyOf: key)
        if let commonName {
            try draft.setSubject(commonName: commonName)
        }
        try draft.setValidity(lifetime)
        if !hosts.isEmpty {
            try draft.addAlternativeNames(
                hosts.map { $0.contains("*") ? .name($0) : try HostIdentity($0) },
                isCritical: true
            )
        }
        try draft.add(NID_key_usage, "critical,digitalSignature,keyEncipherment")
        try draft.add(NID_ext_key_usage, usage)
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always", issuer: certificate)
        return TestIdentity(certificate: try draft.signed(by: self.key, issuer: certificate), key: key)
    }

    var pem: [UInt8] { certificate.pem }
    var keyPEM: [UInt8] { key.privatePEM }

    func server(
        intermediates: [TestIdentity] = [],
        minimumVersion: TLSVersion = .v1_2,
        alpn: [String] = ["http/1.1"]
    ) throws -> TLSServerContext {
        try TLSServerContext(
            certificateChainPEM: pem + intermediates.flatMap(\.pem),
            privateKeyPEM: keyPEM,
            minimumVersion: minimumVersion,
            alpn: alpn
        )
    }

    func client(minimumVersion: TLSVersion = .v1_2, alpn: [String] = ["http/1.1"]) throws -> TLSClientContext
    {
        try TLSClientContext(trustedRootsPEM: pem, minimumVersion: minimumVersion, alpn: alpn)
    }
}

extension TestIdentity.KeyKind {
    func generate() throws -> AsymmetricKey {
        switch self {
        case .p256: try AsymmetricKey.generateP256()
        case .rsa2048: try unsafe AsymmetricKey(owning: XCTUnwrap(cossl_EVP_RSA_gen(2048)))
        case .rsa1024: try unsafe AsymmetricKey(owning: XCTUnwrap(cossl_EVP_RSA_gen(1024)))
        }
    }
}
