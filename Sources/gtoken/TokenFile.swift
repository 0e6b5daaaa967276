import GTokenClients
import GTokenCore
import GTokenRuntime

/// A file with one token.
struct TokenFile {
    private let path: String

    init(_ path: String) { self.path = path }

    /// The token in the file, without the line feed that other tools leave at the end.
    func token() throws(TokenFileError) -> UnverifiedJWT {
        let text = try text()
        do throws(JWTError) {
            return try UnverifiedJWT(parsing: text)
        } catch {
            throw .token(path: path, error)
        }
    }

    /// The token in the file if it is for this audience and has not expired.
    func validToken(audience: String, at now: UnixTime) -> IDToken? {
        guard let text = try? text(), let token = try? IDToken(parsing: text, audience: audience),
            token.timeLeft(at: now) > .zero
        else { return nil }
        return token
    }

    private func text() throws(TokenFileError) -> String {
        do throws(FileError) {
            // A little more than the token, for white space around it.
            let bytes = try FileReader.read(path: path, maxBytes: UnverifiedJWT.maxBytes + 16)
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
