package import GTokenRuntime

/// Why there are no credentials of AWS; it holds none.
package indirect enum AWSCredentialError: Error, Equatable, Sendable {
    /// None of the places has any; `profile` is the one that was looked at.
    case notFound(profile: String)
    /// A variable is set, and another one that it needs is not.
    case missingVariable(String, besides: String)
    /// A setting of the environment or of a profile has a value that it cannot have.
    case invalidSetting(String, reason: String)
    /// A file cannot be read.
    case file(FileError)
    /// A line of a configuration file, counted from 1, cannot be read.
    case malformedFile(path: String, line: Int, reason: String)
    /// No file has the profile.
    case unknownProfile(String)
    /// The profile cannot be used.
    case profile(String, AWSProfileProblem)
    /// A program of `credential_process`, or the AWS CLI, gave nothing; `words` is what it said, in one line.
    case program(name: String, SubprocessError, words: String)
    /// A program printed something else than credentials.
    case malformedOutput(program: String, reason: String)
    /// The profile needs the AWS CLI's help, and its version 1 cannot.
    case oldCommandLine(profile: String)
    /// The profile needs the AWS CLI's help, and there is none.
    case noCommandLine(profile: String)
    /// The login of a profile is over: `login` is `sso login` or `login`.
    case expiredLogin(profile: String, login: String)
    /// STS gave no session of a role.
    case assumeRole(String, AWSQueryError)
    /// They are of another account than the one that is meant.
    case otherAccount(String, meant: String)
    /// What was found had ended.
    case expired
    /// The task was cancelled.
    case cancelled

    /// Whether the same may succeed a little later.
    package var isTransient: Bool {
        if case .assumeRole(_, let error) = self { error.isTransient } else { false }
    }
}

/// What is wrong with a profile of the AWS configuration.
package enum AWSProfileProblem: Error, Equatable, Sendable {
    /// One half of a key without the other; the name of what is missing.
    case missing(String)
    /// A role, and neither `source_profile` nor `credential_source` nor `web_identity_token_file`.
    case noSource
    /// A role with two sources.
    case twoSources
    /// `source_profile` names a profile that is not there.
    case unknownSource(String)
    /// `source_profile` leads in a circle, or through too many profiles.
    case circle
    /// The role wants a code from a person.
    case mfa
    /// A setting has a value that it cannot have.
    case invalid(setting: String, reason: String)
}

extension AWSCredentialError: CustomStringConvertible {
    /// One lower-case line; what to do about it, ```hint` says.
    package var description: String {
        switch self {
        case .notFound(let profile):
            "there are no AWS credentials in the environment or in profile \(profile)"
        case .missingVariable(let missing, let present): "\(present) is set, but \(missing) is not"
        case .invalidSetting(let name, let reason): "\(name): \(reason)"
        case .file(let error): "\(error)"
        case .malformedFile(let path, let line, let reason): "\(path), line \(line): \(reason)"
        case .unknownProfile(let name): "there is no AWS profile \(name)"
        case .profile(let name, let problem): "AWS profile \(name): \(problem)"
        case .program(let name, let error, let words):
            "\(name) gave no AWS credentials: \(error)" + (words.isEmpty ? "" : ": \(words)")
        case .malformedOutput(let program, let reason): "\(program) printed no AWS credentials: \(reason)"
        case .oldCommandLine(let profile):
            "AWS profile \(profile) needs 'aws configure export-credentials', which version 1 of the AWS CLI does not have"
        case .noCommandLine(let profile):
            "AWS profile \(profile) needs 'aws configure export-credentials', and there is no AWS CLI"
        case .expiredLogin(let profile, _): "the login of AWS profile \(profile) has expired"
        case .assumeRole(let role, let error): "no session of \(role): \(error)"
        case .otherAccount(let account, let meant):
            "the AWS credentials are of account \(account), and \(meant) is meant"
        case .expired: "the AWS credentials have expired"
        case .cancelled: "getting AWS credentials was cancelled"
        }
    }
}

extension AWSProfileProblem: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .missing(let name): "\(name) is missing"
        case .noSource:
            "role_arn needs source_profile, credential_source or web_identity_token_file"
        case .twoSources:
            "role_arn has more than one of source_profile, credential_source and web_identity_token_file"
        case .unknownSource(let name): "source_profile names \(name), which is not there"
        case .circle: "source_profile leads in a circle"
        case .mfa: "mfa_serial asks for a code that a person has to type in, which is not supported"
        case .invalid(let setting, let reason): "\(setting): \(reason)"
        }
    }
}
