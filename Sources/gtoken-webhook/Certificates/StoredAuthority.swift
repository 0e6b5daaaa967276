import GTokenCore
import GTokenNet

/// What the Secret says, part by part: one that cannot be used leaves the others as they are.
struct StoredAuthority: Sendable {
    private(set) var current: CertificateAuthority?
    private(set) var next: CertificateAuthority?
    private(set) var retired: [TrustAnchor] = []
    private(set) var retiredUntil: UnixTime?
    /// A current authority's certificate whose key cannot be used: what it signed is still being served.
    private(set) var keyless: [TrustAnchor] = []
    /// What cannot be used; empty in a Secret as we write it.
    private(set) var faults: [AuthorityFault] = []
    /// Whether the retired authorities are not known.
    private(set) var hasLostRetired = false

    /// The keys in the Secret's `data`.
    enum Field {
        static let certificate = "ca.crt"
        static let key = "ca.key"
        static let nextCertificate = "next.crt"
        static let nextKey = "next.key"
        static let retired = "retired.crt"
    }

    /// The annotation that says until when the retired authorities are trusted, as of RFC 3339.
    static let retiredUntilAnnotation = "admission.gtoken/retired-until"

    /// The record, where nothing is wrong with it.
    var record: AuthorityRecord? {
        guard faults.isEmpty, let current else { return nil }
        return AuthorityRecord(current: current, next: next, retired: retired, retiredUntil: retiredUntil)
    }

    /// Reads a Secret at this time.
    init(_ secret: JSONValue, at now: UnixTime) {
        let data = secret["data"]
        current = authority(data, Field.certificate, Field.key, at: now)
        if data?[Field.nextCertificate] != nil || data?[Field.nextKey] != nil {
            next = authority(data, Field.nextCertificate, Field.nextKey, at: now)
        }
        guard data?[Field.retired] != nil else { return }
        do throws(AuthorityFault) {
            let bundle = try Self.bytes(data, Field.retired)
            retired = try Self.unusable(Field.retired) { () throws(CryptographyError) in
                try TrustAnchor.read(bundle)
            }
            retiredUntil = try Self.retiredUntil(secret)
        } catch {
            faults.append(error)
            hasLostRetired = true
        }
    }

    private mutating func authority(
        _ data: JSONValue?,
        _ certificateField: String,
        _ keyField: String,
        at now: UnixTime
    ) -> CertificateAuthority? {
        do throws(AuthorityFault) {
            let certificatePEM = try Self.bytes(data, certificateField)
            let anchor = try Self.unusable(certificateField) { () throws(CryptographyError) in
                guard let anchor = try TrustAnchor.read(certificatePEM).first else {
                    throw .missingCertificate
                }
                guard anchor.isAuthority else { throw .notAuthority }
                return anchor
            }
            if certificateField == Field.certificate { keyless = [anchor] }
            let facts = anchor.facts
            guard facts.notAfter > now else {
                throw AuthorityFault(field: certificateField, problem: .expired(facts.notAfter))
            }
            guard facts.notBefore <= now else {
                throw AuthorityFault(field: certificateField, problem: .notYetValid(facts.notBefore))
            }
            let keyPEM = try Self.bytes(data, keyField)
            let authority = try Self.unusable(keyField) { () throws(CryptographyError) in
                try CertificateAuthority(certificatePEM: anchor.pem, privateKeyPEM: keyPEM)
            }
            if certificateField == Field.certificate { keyless = [] }
            return authority
        } catch {
            faults.append(error)
            return nil
        }
    }

    private static func bytes(_ data: JSONValue?, _ field: String) throws(AuthorityFault) -> [UInt8] {
        guard let text = data?[field]?.string(), !text.isEmpty else {
            throw AuthorityFault(field: field, problem: .missing)
        }
        guard let bytes = Base64.decode(text) else { throw AuthorityFault(field: field, problem: .notBase64) }
        return bytes
    }

    private static func unusable<Value>(
        _ field: String,
        _ body: () throws(CryptographyError) -> Value
    ) throws(AuthorityFault) -> Value {
        do throws(CryptographyError) {
            return try body()
        } catch {
            throw AuthorityFault(field: field, problem: .unusable(error))
        }
    }

    private static func retiredUntil(_ secret: JSONValue) throws(AuthorityFault) -> UnixTime {
        let text = secret["metadata"]?["annotations"]?[retiredUntilAnnotation]?.string()
        guard let text else { throw AuthorityFault(field: retiredUntilAnnotation, problem: .missing) }
        guard let time = UnixTime(rfc3339: text) else {
            throw AuthorityFault(field: retiredUntilAnnotation, problem: .notATime)
        }
        return time
    }
}
