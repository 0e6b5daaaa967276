package import GTokenClients
import GTokenRuntime

extension AWSCredentialError {
    /// What to do about it, with the command where there is one.
    package var hint: String? {
        switch self {
        case .notFound:
            "log in with 'aws sso login' or 'aws configure', name a profile with --profile, "
                + "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .unknownProfile: "see 'aws configure list-profiles'"
        case .profile(let name, .mfa):
            "get a session first: eval \"$(aws configure export-credentials --profile \(name.shellQuoted) "
                + "--format env)\" with version 2 of the AWS CLI"
        case .oldCommandLine:
            "install version 2 of the AWS CLI, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .noCommandLine:
            "install version 2 of the AWS CLI, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .expiredLogin(let profile, let login):
            "log in again with 'aws \(login) --profile \(profile.shellQuoted)'"
        case .assumeRole(_, let error): error.hint
        case .expired: "get new credentials, or use a profile that renews them"
        case .otherAccount:
            "name a profile of the account with --profile, or another account with --aws-account"
        case .missingVariable(let missing, _): "set \(missing) too"
        case .invalidSetting, .file, .malformedFile, .profile, .program, .malformedOutput, .cancelled: nil
        }
    }
}
