package import GTokenCore
import GTokenNet
import GTokenRuntime

extension AWSEmulator {
    /// Makes an administrator with keys that do not end, a user of an account.
    package func register(administrator arn: String, accountID: String, keys: AWSCredentials) {
        state.withLock { state in
            state.sessions[keys.accessKeyID] = Session(
                credentials: keys,
                arn: arn,
                userID: "AIDA" + Self.base32(Crypto.randomBytes(17)),
                accountID: accountID,
                isAdministrator: true
            )
        }
    }

    /// Makes a managed policy of an account.
    package func register(policy arn: String) {
        changeIAM { $0.add(policy: arn) }
    }

    /// Performs an action of IAM; the result is `nil` where the action has none.
    func performIAM(
        _ action: String,
        _ parameters: AWSQueryParameters,
        _ request: HTTPRequest
    ) throws(AWSFailure) -> [AWSQueryXML.Node]? {
        let session = try authenticate(request, for: "iam")
        let now = clock.now()
        let call = IAMParameters(
            parameters,
            caller: IAMStore.Caller(partition: session.partition, accountID: session.accountID),
            now: now
        )
        try state.withLock { state throws(AWSFailure) in
            try state.checkPermission(of: session, to: action, at: now)
        }
        let visible = state.withLock { $0.iam.visible(at: now) }
        if let result = try visible.read(action, call) { return result }
        let result = try state.withLock { state throws(AWSFailure) in
            try state.iam.write(at: now, shownAfter: state.faults.consistencyDelay) {
                store throws(AWSFailure) in
                if let result = try store.writeRole(action, call) { return result }
                if let result = try store.writeProvider(action, call) { return result }
                throw .invalidAction(action, of: .iam)
            }
        }
        return result.isEmpty ? nil : result
    }

    /// Changes what accounts have, for everybody to see at once.
    func changeIAM(_ change: (inout IAMStore) -> Void) {
        let now = clock.now()
        state.withLock { state in
            // Invariant: the change throws nothing.
            try? state.iam.write(at: now) { store throws(AWSFailure) in change(&store) }
        }
    }
}

extension AWSEmulator.State {
    /// Users are administrators; a session may do what its role's policies say, of which only those that allow
    /// everything in IAM are known here.
    fileprivate func checkPermission(
        of session: AWSEmulator.Session,
        to action: String,
        at now: UnixTime
    ) throws(AWSFailure) {
        let isDenied = faults.denied.contains("iam:\(action)")
        guard !isDenied, session.isAdministrator || administers(session, at: now) else {
            throw AWSFailure(
                status: 403,
                code: "AccessDenied",
                message:
                    "User: \(session.arn) is not authorized to perform: iam:\(action) because no identity-based "
                    + "policy allows the iam:\(action) action"
            )
        }
    }

    private func administers(_ session: AWSEmulator.Session, at now: UnixTime) -> Bool {
        let parts = session.arn.split(separator: "/")
        guard parts.count == 3, let role = iam.visible(at: now)[role: String(parts[1]), of: session.accountID]
        else { return false }
        return !ManagedPolicies.administering(partition: session.partition)
            .isDisjoint(with: role.attachedPolicies)
    }
}

extension AWSEmulator.Session {
    /// The partition of whoever it is.
    fileprivate var partition: String {
        arn.split(separator: ":", omittingEmptySubsequences: false).dropFirst().first.map(String.init)
            ?? "aws"
    }
}
