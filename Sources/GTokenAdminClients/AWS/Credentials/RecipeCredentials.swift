package import GTokenClients
package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// What getting credentials of AWS takes.
package struct AWSCredentialTools: Sendable {
    /// Runs a program to its end.
    package typealias Runner =
        @Sendable (_ program: Program) async throws(SubprocessError) -> Program.Result

    /// Where sessions of roles are asked for.
    package var sts: AWSEndpoint
    /// What waits.
    package var clock: any Clock
    /// What sends.
    package var transport: AWSQueryClient.Transport
    /// What runs programs.
    package var run: Runner

    /// Makes a set of tools.
    package init(
        sts: AWSEndpoint,
        clock: any Clock,
        transport: @escaping AWSQueryClient.Transport,
        run: @escaping Runner
    ) {
        self.sts = sts
        self.clock = clock
        self.transport = transport
        self.run = run
    }
}

/// Credentials that are got as a recipe says.
package struct RecipeCredentials: AWSCredentialsSource {
    private let recipe: AWSCredentialRecipe
    private let tools: AWSCredentialTools
    /// What the credentials of the recipe are asked for with, where it needs others.
    private let base: CachedAWSCredentials?

    /// Makes a source; nothing is asked yet.
    package init(_ recipe: AWSCredentialRecipe, _ tools: AWSCredentialTools) {
        self.recipe = recipe
        self.tools = tools
        if case .assumeRole(_, let other) = recipe {
            base = CachedAWSCredentials(RecipeCredentials(other, tools), clock: tools.clock)
        } else {
            base = nil
        }
    }

    package var isRenewable: Bool {
        if case .fixed = recipe { false } else { true }
    }

    package func credentials() async throws(AWSCredentialError) -> AWSCredentials {
        switch recipe {
        case .fixed(let credentials): credentials
        case .webIdentity(let settings, let file): try await webIdentity(settings, tokenFile: file)
        case .assumeRole(let settings, _): try await assumeRole(settings)
        case .program(let words, let profile): try await program(words, profile: profile)
        case .commandLine(let profile, let login): try await commandLine(profile: profile, login: login)
        }
    }

    private func webIdentity(
        _ settings: AWSRoleSettings,
        tokenFile: String
    ) async throws(AWSCredentialError) -> AWSCredentials {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileReader.read(path: tokenFile, maxBytes: 20_001)
        } catch {
            throw .file(error)
        }
        let token = String(decoding: bytes, as: UTF8.self).trimmedOfSpace
        let exchange = WebIdentityExchange(
            role: settings.role,
            sessionName: settings.sessionName,
            token: token,
            duration: settings.duration
        )
        return try await session(.assumeRoleWithWebIdentity(exchange), of: settings.role, with: nil)
    }

    private func assumeRole(_ settings: AWSRoleSettings) async throws(AWSCredentialError) -> AWSCredentials {
        var change = RoleChange(role: settings.role, sessionName: settings.sessionName)
        change.duration = settings.duration
        change.externalID = settings.externalID
        return try await session(.assumeRole(change), of: settings.role, with: base)
    }

    private func session(
        _ call: AWSQueryCall,
        of role: RoleARN,
        with credentials: CachedAWSCredentials?
    ) async throws(AWSCredentialError) -> AWSCredentials {
        let query = AWSQueryClient(
            endpoint: tools.sts,
            credentials: credentials,
            clock: tools.clock,
            transport: tools.transport
        )
        do throws(AWSQueryError) {
            return try AWSCredentials(try await query.answer(to: call))
        } catch .credentials(let error) {
            throw error
        } catch {
            throw .assumeRole("\(role)", error)
        }
    }

    private func program(
        _ words: [String],
        profile: String
    ) async throws(AWSCredentialError) -> AWSCredentials {
        let name = "credential_process of AWS profile \(profile)"
        let result = try await run(words, as: name)
        guard result.status == 0 else {
            throw .program(
                name: name,
                .failed(program: words.first ?? "", status: result.status),
                words: result.words
            )
        }
        return try PrintedCredentials.read(result.output, from: name)
    }

    private func commandLine(
        profile: String,
        login: String?
    ) async throws(AWSCredentialError) -> AWSCredentials {
        var words = ["aws", "configure", "export-credentials", "--format", "process"]
        // The standard one need not be there, and the AWS CLI insists on one that is named.
        if profile != AWSProfiles.standardName { words += ["--profile", profile] }
        let result: Program.Result
        do throws(AWSCredentialError) {
            result = try await run(words, as: "the AWS CLI")
        } catch .program(_, .notStarted, _) {
            throw login == nil ? .notFound(profile: profile) : .noCommandLine(profile: profile)
        }
        if result.status == 0 { return try PrintedCredentials.read(result.output, from: "the AWS CLI") }
        let said = result.errors.prefix(PrintedCredentials.maxBytes)
        if said.contains(text: "Invalid choice") || said.contains(text: "invalid choice") {
            throw login == nil ? .notFound(profile: profile) : .oldCommandLine(profile: profile)
        }
        if let login, Self.wordsOfExpiry.contains(where: { said.contains(text: $0) }) {
            throw .expiredLogin(profile: profile, login: login)
        }
        if said.contains(text: "Unable to retrieve credentials")
            || said.contains(text: "Unable to locate credentials")
        {
            throw .notFound(profile: profile)
        }
        throw .program(
            name: "the AWS CLI",
            .failed(program: "aws", status: result.status),
            words: result.words
        )
    }

    /// What version 2 of the AWS CLI says of a login that is over, or never was.
    private static let wordsOfExpiry = [
        "expired", "refresh failed", "Error loading SSO Token", "does not exist", "reauthenticate",
        "aws sso login",
    ]

    private func run(_ words: [String], as name: String) async throws(AWSCredentialError) -> Program.Result {
        var program = Program(words)
        // A login in a browser has to be done before.
        program.timeout = .seconds(60)
        program.maxBytes = PrintedCredentials.maxBytes
        do throws(SubprocessError) {
            return try await tools.run(program)
        } catch {
            throw .program(name: name, error, words: "")
        }
    }
}

extension AWSRoleSettings {
    fileprivate var duration: Duration? { durationSeconds.map { .seconds($0) } }
}

extension Program.Result {
    /// What it said on standard error, in one line that an error can quote.
    fileprivate var words: String {
        ForeignText.line(String(decoding: errors.prefix(2000), as: UTF8.self), limit: 300)
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmedOfSpace: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace } ?? endIndex
        return start < endIndex ? String(self[start...end]) : ""
    }
}
