import Glibc
import GTokenCore
import GTokenRuntime

/// Writes down every secret that the stand-ins make, so that it can be looked for in everything that was printed.
///
/// Off unless the environment names a file: `GTOKEN_SECRET_LEDGER`, as `scripts/secrets.sh` sets it. What a
/// stand-in makes is worth nothing outside of it; what is proven with it is that the tools keep what is.
enum SecretLedger {
    /// What a secret is, as the ledger's lines begin.
    enum Kind: String {
        case token, accessToken, secretAccessKey, sessionToken, privateKey, refreshToken, clientSecret
    }

    private static let path = ProcessEnvironment.variables["GTOKEN_SECRET_LEDGER"]

    /// Adds a line with a secret; of a PEM text one for each line of its body.
    static func note(_ kind: Kind, _ secret: String) {
        guard let path, !path.isEmpty else { return }
        let lines = secret.split(separator: "\n").filter { !$0.hasPrefix("-----") }
        let text = lines.map { "\(kind.rawValue)\t\($0)\n" }.joined()
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        // A ledger that cannot be written is noticed by whoever reads it: it has to have lines.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // In one piece, so that the lines of several processes do not mix.
        let bytes = Array(text.utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
    }
}
