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
    case sts(STSClientError, Step)
    /// The task was cancelled.
    case cancelled

    /// The code of AWS's error; `nil` where AWS gave none.
    package var awsCode: String? {
        if case .sts(.service(_, let code, _), _) = self { code } else { nil }
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

extension STSClientError {
    fileprivate var exitCode: ExitCode {
        if case .service = self, !isTransient { .refused } else { .unavailable }
    }

    fileprivate func hint(_ step: CredentialExchangeError.Step) -> String? {
        switch (self, step) {
        case (.transport, _):
            "--region chooses the endpoint of AWS STS, --sts-endpoint another address of it"
        case (.service(_, "AccessDenied", _), .webIdentity):
            "the role's trust policy does not fit the token, or there is no such role; "
                + "'gtoken inspect' shows what AWS compares"
        case (.service(_, "AccessDenied", _), .chain(_, let first)):
            "the role's trust policy must allow sts:AssumeRole to \(first) (with tags also sts:TagSession, with a "
                + "source identity sts:SetSourceIdentity), and that role needs a policy that allows it the same"
        case (.service(_, "ExpiredTokenException", _), _):
            "the token has expired: the log of the gtoken that keeps its file says why"
        case (.service(_, "InvalidIdentityToken", let message), _)
        where message.utf8.contains(text: "No OpenIDConnect"):
            "the tokens of a cluster need an OpenID Connect provider for its issuer in the IAM of the role's account"
        case (.service(_, "InvalidIdentityToken", let message), _)
        where message.utf8.contains(text: "audience"):
            "the token's audience must be among the client ids of the provider in IAM"
        case (.service(_, "ValidationError", let message), _)
        where message.utf8.contains(text: "DurationSeconds"):
            "--duration may be the role's MaxSessionDuration at most, and an hour for a second role"
        case (.service(_, "RegionDisabledException", _), _):
            "STS has to be activated for the region in the account's settings; --region chooses another"
        default: nil
        }
    }
}
