import GTokenClients
import GTokenCore
import GTokenNet

/// A certificate that we serve and signed ourselves.
struct ServedLeaf: Sendable {
    /// The authority that signed it.
    let issuer: TrustAnchor
    /// Its life.
    let facts: CertificateFacts
    /// When it is to be followed by another.
    let renewAt: UnixTime

    /// Whether the wall clock lies in its life.
    func isValid(at now: UnixTime) -> Bool { facts.isValid(at: now) }
}

/// What is done next about the certificate: one step at a time, from what is known, without doing it.
///
/// Each replica decides by itself. Whatever it decides is written against the version that it has read, so that of two who
/// decide at once one succeeds and the other reads again.
struct CertificatePlan {
    /// One step, after which everything it changed is read again.
    enum Step: Equatable {
        /// Write the Secret.
        case write(AuthorityDraft)
        /// Make `caBundle` hold exactly these.
        case publish([TrustAnchor])
        /// Sign a certificate of our own.
        case sign(CertificateAuthority)
    }

    var now: UnixTime
    /// The Secret; `nil` where there is none.
    var secret: StoredAuthority?
    /// The webhook configuration; `nil` where there is none.
    var webhooks: RegisteredWebhooks?
    /// What we serve; `nil` before the first signature.
    var leaf: ServedLeaf?
    /// For how many ticks in a row each certificate has stood in every `caBundle`.
    var ticksTrusted: [TrustAnchor: Int] = [:]
    var lives = CertificateLives()

    /// Somebody who fills `caBundle` must not fill our Secret with it.
    private static let maxRetired = 16

    /// The next step; `nil` when everything is as it should be, or cannot be helped from here.
    var nextStep: Step? {
        if let draft { return .write(draft) }
        guard let record = secret?.record, let webhooks, !webhooks.entries.isEmpty else { return nil }
        let wanted = bundle(record)
        if !webhooks.entries.allSatisfy({ $0.trustsExactly(wanted) }) { return .publish(wanted) }
        return isLeafDue(record) ? .sign(record.current) : nil
    }

    // MARK: The Secret

    private var draft: AuthorityDraft? {
        guard let secret else {
            return draft(.absent, .new, retiring: authoritiesInUse)
        }
        guard let record = secret.record else { return repair(of: secret) }
        if !record.retired.isEmpty, (record.retiredUntil ?? .earliest) <= now {
            return AuthorityDraft(
                reason: .retiredOver,
                current: .stored(record.current),
                next: record.next.map { .stored($0) }
            )
        }
        guard let next = record.next else {
            guard CertificateLives.renewal(of: record.current.anchor.facts) <= now else { return nil }
            var draft = kept(record, .successorDue)
            draft.next = .new
            return draft
        }
        guard ticksTrusted[next.anchor, default: 0] >= lives.ticksBeforeUse else { return nil }
        return draft(.successorTrusted, .stored(next), retiring: record.retired + [record.current.anchor])
    }

    private func kept(_ record: AuthorityRecord, _ reason: AuthorityDraft.Reason) -> AuthorityDraft {
        AuthorityDraft(
            reason: reason,
            current: .stored(record.current),
            next: record.next.map { .stored($0) },
            retired: record.retired,
            retiredUntil: record.retiredUntil
        )
    }

    /// Replaces what cannot be used, and keeps the rest.
    ///
    /// A prepared successor takes the place of an authority that is lost: it is trusted already.
    private func repair(of secret: StoredAuthority) -> AuthorityDraft {
        let reason = AuthorityDraft.Reason.faults(secret.faults)
        guard let current = secret.current else {
            let successor = secret.next.map { AuthorityDraft.Authority.stored($0) } ?? .new
            return draft(reason, successor, retiring: secret.retired + secret.keyless + authoritiesInUse)
        }
        var repaired = AuthorityDraft(
            reason: reason,
            current: .stored(current),
            next: secret.next.map { .stored($0) },
            retired: secret.retired,
            retiredUntil: secret.retiredUntil
        )
        if secret.hasLostRetired {
            repaired = draft(reason, .stored(current), retiring: authoritiesInUse)
            repaired.next = secret.next.map { .stored($0) }
        }
        return repaired
    }

    private func draft(
        _ reason: AuthorityDraft.Reason,
        _ current: AuthorityDraft.Authority,
        retiring: [TrustAnchor]
    ) -> AuthorityDraft {
        var draft = AuthorityDraft(reason: reason, current: current)
        for anchor in retiring where anchor.facts.notAfter > now && !draft.retired.contains(anchor) {
            if case .stored(let authority) = current, authority.anchor == anchor { continue }
            draft.retired.append(anchor)
        }
        draft.retired = Array(draft.retired.prefix(Self.maxRetired))
        if !draft.retired.isEmpty { draft.retiredUntil = lives.lastUse(ofRetiredAt: now) }
        return draft
    }

    /// The authorities that API servers trust now: certificates of theirs may be served by other replicas.
    private var authoritiesInUse: [TrustAnchor] {
        (webhooks?.trustedByAny ?? []).filter { $0.isAuthority && $0.facts.notAfter > now }
    }

    // MARK: The bundle and the leaf

    /// What `caBundle` is to hold: what the record says, and our own issuer for as long as we have no other.
    private func bundle(_ record: AuthorityRecord) -> [TrustAnchor] {
        var anchors = record.trusted(at: now)
        if let leaf, leaf.isValid(at: now), !anchors.contains(leaf.issuer) { anchors.append(leaf.issuer) }
        return anchors
    }

    private func isLeafDue(_ record: AuthorityRecord) -> Bool {
        guard let leaf, leaf.isValid(at: now) else { return true }
        if leaf.issuer != record.current.anchor {
            let soon = now + lives.margin / 2
            guard record.trusted(at: soon).contains(leaf.issuer) else { return true }
        }
        // There is time until its end: an authority that is new is given some to be known everywhere.
        return leaf.renewAt <= now
            && ticksTrusted[record.current.anchor, default: 0] >= lives.ticksBeforeUse
    }
}
