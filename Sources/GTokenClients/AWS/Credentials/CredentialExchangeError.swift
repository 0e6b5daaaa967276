package import GTokenCore
package import GTokenRuntime

/// Why there are no credentials of a role; it holds no token and no key.
package enum CredentialExchangeError: Error, Equatable, Sendable {
    /// Which question was asked.
    package enum Step: Equatable, Sendable {
        /// An ID token for credentials of a role.
        case webIdentity(RoleARN)
        /// Credentials of one role for those of another.
        case chain(RoleARN, from: RoleARN)
    }

    /// There is no ID token to exchange.
    case token(ToolError)
    /// AWS's Security Token Service gave nothing.
    case sts(AWSQueryError, Step)
    /// The task was cancelled.
    case cancelled

    /// The code of AWS's error; `nil` where AWS gave none.
    package var awsCode: String? {
        if case .sts(.refused(let refusal), _) = self { refusal.code } else { nil }
    }
}

extension CredentialExchangeError: CustomStringConvertible {
    /// One line, with AWS's own words where there are any.
    package var description: String {
        switch self {
        case .token(let error): error.message
        case .sts(let error, .webIdentity(let role)): "cannot assume \(role): \(error)"
        case .sts(let error, .chain(let role, let first)): "cannot assume \(role) as \(first): \(error)"
        case .cancelled: "cancelled"
        }
    }
}

extension ToolError {
    /// Why there are no credentials, and what to do about it.
    package init(_ error: CredentialExchangeError) {
        switch error {
        case .token(let cause): self = cause
        case .sts(let cause, let step):
            self.init("\(error)", hint: cause.hint(step), exitCode: cause.exitCode)
        case .cancelled: self.init("\(error)", exitCode: .bug)
        }
    }
}

extension AWSQueryError {
    fileprivate var exitCode: ExitCode {
        if case .refused = self, !isTransient { .refused } else { .unavailable }
    }

    fileprivate func hint(_ step: CredentialExchangeError.Step) -> String? {
        switch self {
        case .transport: "--region chooses the endpoint of AWS STS, --sts-endpoint another address of it"
        case .refused(let refusal): refusal.hint(step)
        default: nil
        }
    }
}

extension AWSRefusal {
    fileprivate func hint(_ step: CredentialExchangeError.Step) -> String? {
        switch (code, step) {
        case ("AccessDenied", .webIdentity):
            "the role's trust policy does not fit the token, or there is no such role; "
                + "'gtoken inspect' shows what AWS compares"
        case ("AccessDenied", .chain(_, let first)):
            "the role's trust policy must allow sts:AssumeRole to \(first) (with tags also sts:TagSession, with a "
                + "source identity sts:SetSourceIdentity), and that role needs a policy that allows it the same"
        case ("ExpiredTokenException", _):
            "the token has expired: the log of the gtoken that keeps its file says why"
        case ("InvalidIdentityToken", _) where message.utf8.contains(text: "No OpenIDConnect"):
            "the tokens of a cluster need an OpenID Connect provider for its issuer in the IAM of the role's account"
        case ("InvalidIdentityToken", _) where message.utf8.contains(text: "audience"):
            "the token's audience must be among the client ids of the provider in IAM"
        case ("ValidationError", _) where message.utf8.contains(text: "DurationSeconds"):
            "--duration may be the role's MaxSessionDuration at most, and an hour for a second role"
        case ("RegionDisabledException", _):
            "STS has to be activated for the region in the account's settings; --region chooses another"
        default: nil
        }
    }
}
