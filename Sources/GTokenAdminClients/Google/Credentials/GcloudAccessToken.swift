package import GTokenClients
package import GTokenNet
private import GTokenRuntime

/// The token of whoever is logged in with the gcloud CLI: `gcloud auth print-access-token`.
package struct GcloudAccessToken: GoogleAccessTokenSource {
    private let loop: EventLoop
    private let command: String

    /// Makes a source that runs `gcloud`, a name on `PATH`, beside a loop.
    package init(loop: EventLoop, command: String = "gcloud") {
        self.loop = loop
        self.command = command
    }

    package func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        // Without --quiet it would ask what nobody can answer.
        var program = Program([command, "auth", "print-access-token", "--quiet"])
        // It starts Python and may ask Google for a new token.
        program.timeout = .seconds(30)
        program.maxBytes = 64 << 10
        let result: Program.Result
        do throws(SubprocessError) {
            let program = program
            // Whoever asks may be on any thread; a pipe is waited for on the loop's.
            result = try await withTaskExecutorPreference(loop) { () async throws(SubprocessError) in
                try await program.run(on: loop)
            }
        } catch .notStarted {
            throw .notFound
        } catch {
            throw .gcloud("\(error)")
        }
        guard result.status == 0 else { throw .gcloud(Self.complaint(result.errors, result.status)) }
        let text = String(decoding: result.output, as: UTF8.self).trimmingWhiteSpace
        return try GoogleAccessToken(String(text), expiresAt: nil, source: "gcloud auth print-access-token")
    }

    /// The line that begins with `ERROR:`, which says what is wrong; what follows it are instructions.
    private static func complaint(_ errors: [UInt8], _ status: Int32) -> String {
        let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix("ERROR:") }) else {
            return "it ended with status \(status)"
        }
        let words = line.dropFirst("ERROR:".count)
        // `(gcloud.auth.print-access-token)` says nothing that is not known.
        let text = words.firstIndex(of: ")").map { words[words.index(after: $0)...] } ?? words
        return ForeignText.line(String(text.prefix(4096)), limit: 300)
    }
}

extension GcloudAccessToken: CustomStringConvertible {
    /// The command.
    package var description: String { "gcloud auth print-access-token" }
}
