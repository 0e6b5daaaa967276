import GTokenCore
import GTokenNet

/// What all replicas share: the authority that signs, the one that is to follow, and those of before.
struct AuthorityRecord: Sendable, Equatable {
    /// The authority that signs.
    var current: CertificateAuthority
    /// The authority that will sign once every API server trusts it.
    var next: CertificateAuthority?
    /// Authorities whose certificates may still be served; their keys are gone.
    var retired: [TrustAnchor] = []
    /// Until when those are trusted.
    var retiredUntil: UnixTime?

    /// What `caBundle` is to hold at this time.
    func trusted(at now: UnixTime) -> [TrustAnchor] {
        var anchors = [current.anchor]
        if let next { anchors.append(next.anchor) }
        if let retiredUntil, retiredUntil > now {
            anchors += retired.filter { $0.facts.notAfter > now && !anchors.contains($0) }
        }
        return anchors
    }
}

/// What is to be in the Secret instead of what is there now; new keys are not made yet.
struct AuthorityDraft: Equatable {
    /// An authority with its key.
    enum Authority: Equatable {
        case new
        case stored(CertificateAuthority)
    }

    /// Why the Secret is written.
    enum Reason: Equatable {
        /// There is none.
        case absent
        /// Something in it cannot be used.
        case faults([AuthorityFault])
        /// The authority is old enough to prepare its successor.
        case successorDue
        /// Every API server knows the successor.
        case successorTrusted
        /// Nobody serves a certificate of the retired ones any longer.
        case retiredOver
    }

    var reason: Reason
    var current: Authority
    var next: Authority?
    var retired: [TrustAnchor] = []
    var retiredUntil: UnixTime?
}

extension AuthorityDraft.Reason {
    /// One word or two, for metrics and logs.
    var name: String {
        switch self {
        case .absent: "created"
        case .faults: "repaired"
        case .successorDue: "successor_prepared"
        case .successorTrusted: "successor_promoted"
        case .retiredOver: "retired_removed"
        }
    }
}

extension AuthorityRecord {
    /// The record that a draft asks for, with new keys where it asks for new authorities.
    init(_ draft: AuthorityDraft, lives: CertificateLives, at now: UnixTime) throws(CryptographyError) {
        func authority(_ part: AuthorityDraft.Authority) throws(CryptographyError) -> CertificateAuthority {
            switch part {
            case .stored(let authority): authority
            case .new:
                // People who look at a bundle tell its certificates apart by this.
                try .create(
                    commonName: "gtoken-webhook \(now.rfc3339)",
                    validFor: lives.authority,
                    at: now
                )
            }
        }
        current = try authority(draft.current)
        if let next = draft.next { self.next = try authority(next) }
        retired = draft.retired
        retiredUntil = draft.retiredUntil
    }
}

/// A part of the Secret that cannot be used, and why; never what is in it.
struct AuthorityFault: Error, Equatable {
    /// The key in `data`, or the annotation.
    var field: String
    var problem: Problem

    enum Problem: Equatable {
        case missing
        case notBase64
        case notATime
        case unusable(CryptographyError)
        case expired(UnixTime)
        case notYetValid(UnixTime)
    }
}

extension AuthorityFault: CustomStringConvertible {
    var description: String {
        switch problem {
        case .missing: "\(field): missing"
        case .notBase64: "\(field): not base64"
        case .notATime: "\(field): not a time of RFC 3339"
        case .unusable(let error): "\(field): \(error)"
        case .expired(let time): "\(field): expired at \(time)"
        case .notYetValid(let time): "\(field): not valid before \(time)"
        }
    }
}
