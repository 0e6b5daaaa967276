package import GTokenClients
package import GTokenCore

/// How credentials of AWS are to be got: what the environment and the files say, before anything is asked.
package indirect enum AWSCredentialRecipe: Sendable, Equatable {
    /// What is written down.
    case fixed(AWSCredentials)
    /// A session of a role, for a token in a file.
    case webIdentity(AWSRoleSettings, tokenFile: String)
    /// A session of a role, asked for with other credentials.
    case assumeRole(AWSRoleSettings, from: AWSCredentialRecipe)
    /// What a program prints.
    case program([String], profile: String)
    /// What the AWS CLI finds for a profile: logins of a person, and the metadata of virtual machines and containers.
    /// `login` is the command that renews the login, where the profile has one.
    case commandLine(profile: String, login: String?)
}

/// A role to assume, and how; within the limits of STS's API reference.
package struct AWSRoleSettings: Sendable, Equatable {
    /// The role.
    package var role: RoleARN
    /// The session's name.
    package var sessionName: RoleSessionName
    /// What the role's owner asks strangers for.
    package var externalID: String?
    /// How long the session lasts, 900 to 43,200 seconds; AWS's default of an hour where it is `nil`.
    package var durationSeconds: Int?
}

extension AWSCredentialRecipe {
    /// The recipe that the environment, the files and a profile make.
    ///
    /// A profile that is asked for by name is used even where the environment has keys, as the AWS CLI has it.
    ///
    /// - Parameters:
    ///   - profile: what `--profile` says.
    ///   - profiles: what the files have.
    ///   - environment: the variables.
    /// - Throws: ``AWSCredentialError``.
    package init(
        profile: String?,
        profiles: AWSProfiles,
        environment: AWSEnvironment
    ) throws(AWSCredentialError) {
        if profile == nil, let recipe = try environment.recipe() {
            self = recipe
            return
        }
        let named = profile ?? environment.profile
        guard let found = profiles[named ?? AWSProfiles.standardName] else {
            if let named { throw .unknownProfile(named) }
            self = .commandLine(profile: AWSProfiles.standardName, login: nil)
            return
        }
        self = try ProfileReader(profiles: profiles, environment: environment).recipe(found, behind: [])
    }
}

/// Follows profiles to where their credentials are.
private struct ProfileReader {
    let profiles: AWSProfiles
    let environment: AWSEnvironment

    /// A chain of roles is two or three long.
    private static let longestChain = 8

    func recipe(
        _ profile: AWSProfile,
        behind users: [String]
    ) throws(AWSCredentialError) -> AWSCredentialRecipe {
        guard users.count < Self.longestChain, !users.contains(profile.name) else {
            throw .profile(users.first ?? profile.name, .circle)
        }
        if profile["role_arn"] != nil { return try role(profile, behind: users) }
        return try own(profile)
    }

    /// What a profile without a role has, in the order of the AWS CLI.
    private func own(_ profile: AWSProfile) throws(AWSCredentialError) -> AWSCredentialRecipe {
        if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
            return .commandLine(profile: profile.name, login: "sso login")
        }
        if let keys = try keys(profile) { return keys }
        if profile["login_session"] != nil { return .commandLine(profile: profile.name, login: "login") }
        if let command = profile["credential_process"] {
            guard let words = CommandWords.split(command), !words.isEmpty else {
                throw profile.invalid("credential_process", "a quotation in it is not closed")
            }
            return .program(words, profile: profile.name)
        }
        return .commandLine(profile: profile.name, login: nil)
    }

    private func keys(_ profile: AWSProfile) throws(AWSCredentialError) -> AWSCredentialRecipe? {
        let (id, secret) = (profile["aws_access_key_id"], profile["aws_secret_access_key"])
        guard id != nil || secret != nil else { return nil }
        guard let id else { throw .profile(profile.name, .missing("aws_access_key_id")) }
        guard let secret else { throw .profile(profile.name, .missing("aws_secret_access_key")) }
        guard let keys = AWSCredentials(checked: id, secret, token: profile["aws_session_token"]) else {
            throw profile.invalid("aws_access_key_id", "the key holds characters that no key has")
        }
        return .fixed(keys)
    }

    private func role(
        _ profile: AWSProfile,
        behind users: [String]
    ) throws(AWSCredentialError) -> AWSCredentialRecipe {
        let settings = try settings(profile)
        let sources = ["source_profile", "credential_source", "web_identity_token_file"]
            .filter { profile[$0] != nil }
        guard sources.count < 2 else { throw .profile(profile.name, .twoSources) }
        if let file = profile["web_identity_token_file"] { return .webIdentity(settings, tokenFile: file) }
        if profile["mfa_serial"] != nil { throw .profile(profile.name, .mfa) }
        if let source = profile["credential_source"] {
            // The others are of virtual machines and containers, which the AWS CLI knows.
            guard source == "Environment" else { return .commandLine(profile: profile.name, login: nil) }
            guard let keys = try environment.keys() else {
                throw .profile(profile.name, .missing("AWS_ACCESS_KEY_ID, which credential_source names,"))
            }
            return .assumeRole(settings, from: keys)
        }
        guard let name = profile["source_profile"] else { throw .profile(profile.name, .noSource) }
        guard let source = profiles[name] else { throw .profile(profile.name, .unknownSource(name)) }
        // A role may be assumed with the keys that stand beside it.
        if name == profile.name {
            guard let keys = try keys(profile) else { throw .profile(profile.name, .circle) }
            return .assumeRole(settings, from: keys)
        }
        // Keys of a source come before a role of its own, as the AWS CLI has it.
        if let keys = try keys(source) { return .assumeRole(settings, from: keys) }
        return .assumeRole(settings, from: try recipe(source, behind: users + [profile.name]))
    }

    private func settings(_ profile: AWSProfile) throws(AWSCredentialError) -> AWSRoleSettings {
        let role: RoleARN
        do throws(ARNError) {
            role = try RoleARN(parsing: profile["role_arn"] ?? "")
        } catch {
            throw profile.invalid("role_arn", error)
        }
        let name = try environment.sessionName(profile["role_session_name"]) {
            profile.invalid("role_session_name", $0)
        }
        var settings = AWSRoleSettings(role: role, sessionName: name)
        settings.externalID = profile["external_id"]
        if let text = profile["duration_seconds"] {
            guard let seconds = Int(text), 900...43_200 ~= seconds else {
                throw profile.invalid("duration_seconds", "it is not a number from 900 to 43200")
            }
            settings.durationSeconds = seconds
        }
        return settings
    }
}
