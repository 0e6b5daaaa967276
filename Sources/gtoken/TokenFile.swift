import GTokenClients
import GTokenCore
import GTokenRuntime

/// A file, or standard input, with one token.
struct TokenFile {
    private let input: TokenInput

    init(_ path: String) { input = .file(path) }

    init(_ input: TokenInput) { self.input = input }

    /// The token in the file, without the line feed that other tools leave at the end.
    func token() throws(TokenFileError) -> UnverifiedJWT {
        let text = try text()
        do throws(JWTError) {
            return try UnverifiedJWT(parsing: text)
        } catch {
            throw .token(path: path, error)
        }
    }

    /// The text of the token, a credential.
    func tokenText() throws(TokenFileError) -> String {
        let text = try text()
        do throws(JWTError) {
            _ = try UnverifiedJWT(parsing: text)
        } catch {
            throw .token(path: path, error)
        }
        return text
    }

    /// The token in the file if it is for this audience and has not expired.
    func validToken(audience: String, at now: UnixTime) -> IDToken? {
        guard let text = try? text(), let token = try? IDToken(parsing: text, audience: audience),
            token.timeLeft(at: now) > .zero
        else { return nil }
        return token
    }

    private var path: String {
        switch input {
        case .standardInput: "standard input"
        case .file(let path): path
        }
    }

    private func text() throws(TokenFileError) -> String {
        // A little more than the token, for white space around it.
        let maxBytes = UnverifiedJWT.maxBytes + 16
        do throws(FileError) {
            let bytes =
                switch input {
                case .standardInput: try StandardInput.read(maxBytes: maxBytes)
                case .file(let path): try FileReader.read(path: path, maxBytes: maxBytes)
                }
            return String(String(decoding: bytes, as: UTF8.self).trimmingWhiteSpace)
        } catch {
            throw .file(error)
        }
    }
}

/// Why a file has no token.
enum TokenFileError: Error, Equatable, CustomStringConvertible {
    /// It cannot be read.
    case file(FileError)
    /// What is in it is no token.
    case token(path: String, JWTError)

    var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .token(let path, let error): "\(path): \(error)"
        }
    }
}
