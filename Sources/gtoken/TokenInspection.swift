import GTokenClients
import GTokenCore
import GTokenRuntime

/// `gtoken inspect`: what a token says, and what AWS compares of it.
struct TokenInspection {
    private let configuration: TokenInspectConfiguration

    init(_ configuration: TokenInspectConfiguration) { self.configuration = configuration }

    /// Prints it.
    ///
    /// - Throws: `ToolError` with the exit code 1 where there is no token.
    func run(at now: UnixTime) throws(ToolError) {
        let token: UnverifiedJWT
        do throws(TokenFileError) {
            token = try TokenFile(configuration.input).token()
        } catch {
            throw ToolError("\(error)", exitCode: .unwell)
        }
        switch configuration.output {
        case .text: try StandardOutput.writeResult(Self.text(token, at: now))
        case .json: try StandardOutput.writeResult(Self.json(token, at: now))
        }
    }

    // MARK: For people

    static func text(_ token: UnverifiedJWT, at now: UnixTime) -> String {
        let claims = token.claims
        let times = ["exp": claims.expiresAt, "iat": claims.issuedAt, "nbf": claims.notBefore]
        var lines = claims.raw.root.members.map { claim in
            let value = value(claim.value)
            guard let time = times[claim.name] ?? nil else { return (claim.name.inOneLine, value) }
            return (claim.name.inOneLine, "\(value)  \(time.rfc3339), \(distance(to: time, from: now))")
        }
        lines.append(
            (
                "signed with",
                "\(token.header.algorithm), key \(token.header.keyID ?? "without a name"); not verified"
                    .inOneLine
            )
        )
        let conditions = WebIdentityConditions(token.claims)
        let compared =
            conditions?.pinned.map { ($0.key.inOneLine, $0.values.joined(separator: ", ").inOneLine) } ?? []
        var text = table(lines)
        text +=
            "\nAWS compares\n"
            + (compared.isEmpty ? "  nothing: the token names no issuer\n" : table(compared))
        for note in notes(token.claims, at: now) { text += "\nnote: \(note)\n" }
        return text
    }

    private static func table(_ lines: [(name: String, value: String)]) -> String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { name, value in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
        }.joined()
    }

    private static func value(_ value: JSONValue) -> String {
        (value.string() ?? String(decoding: value.rawBytes, as: UTF8.self)).inOneLine
    }

    private static func distance(to time: UnixTime, from now: UnixTime) -> String {
        let seconds = time.duration(since: now).components.seconds
        return seconds < 0
            ? "\(Duration.seconds(-seconds).goText) ago" : "in \(Duration.seconds(seconds).goText)"
    }

    private static func notes(_ claims: JWTClaims, at now: UnixTime) -> [String] {
        var notes: [String] = []
        if let left = claims.timeLeft(at: now), left <= .zero { notes.append("the token has expired") }
        if claims.issuer == "https://\(TrustPolicy.google)",
            claims.authorizedParty?.utf8.contains(UInt8(ascii: "@")) == true
        {
            notes.append(
                "azp is an e-mail, as of tokens made with a key of the service account: a trust policy has to have it "
                    + "as a value of \(TrustPolicy.google):aud (gtokenctl: --allow-key-source)"
            )
        }
        return notes
    }

    // MARK: For programs

    static func json(_ token: UnverifiedJWT, at now: UnixTime) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.name("header")
            object.raw(token.header.raw.root.rawBytes)
            object.name("claims")
            object.raw(token.claims.raw.root.rawBytes)
            if let left = token.timeLeft(at: now) { object.member("secondsLeft", left.components.seconds) }
            object.member("signatureVerified", false)
            object.member("conditions") { list in
                list.object { list in
                    for condition in WebIdentityConditions(token.claims)?.pinned ?? [] {
                        list.member(condition.key) { values in
                            values.array { values in
                                for value in condition.values { values.value(value) }
                            }
                        }
                    }
                }
            }
            object.member("notes") { list in
                list.array { list in
                    for note in notes(token.claims, at: now) { list.value(note) }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }
}
