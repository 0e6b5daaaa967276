internal import GTokenCore
package import GTokenNet
internal import GTokenRuntime

/// The credentials that a file holds for programs, as Google's own libraries find them: application default
/// credentials (https://cloud.google.com/docs/authentication/application-default-credentials).
package struct ApplicationDefaultCredentials: Sendable {
    /// Whose they are.
    package indirect enum Kind: Sendable {
        /// A person's, of `gcloud auth application-default login`.
        case authorizedUser(AuthorizedUser)
        /// A service account's, by a key of it.
        case serviceAccount(ServiceAccountKey)
        /// Those of a service account that the inner ones may act as, through delegates.
        case impersonated(email: String, delegates: [String], by: Kind)
    }

    /// A login that lasts until it is taken back.
    package struct AuthorizedUser: Sendable {
        /// The OAuth client that was logged in with.
        package var clientID: String
        /// The client's secret.
        package var clientSecret: String
        /// What access tokens are given for.
        package var refreshToken: String
    }

    /// A key of a service account.
    package struct ServiceAccountKey: Sendable {
        /// The account's address.
        package var email: String
        /// The key's id, the `kid` of what it signs.
        package var keyID: String
        /// The key.
        package var key: RSAPrivateKey
        /// Where what it signs is exchanged; the `aud` of it.
        package var tokenURL: HTTPURL
    }

    /// The file.
    package let path: String
    /// What is in it.
    package let kind: Kind
    /// Whose quota calls are to count in; nil where the file does not say.
    package let quotaProject: String?

    /// The largest file: a key has 2.3 KB.
    private static let maxBytes = 64 << 10

    /// Reads the file that an environment leads to: `GOOGLE_APPLICATION_CREDENTIALS`, or that of gcloud's configuration.
    ///
    /// - Returns: what is in it; nil where the variable is not set and gcloud's file is not there.
    /// - Throws: ``GoogleCredentialError/unusableFile(path:reason:)``.
    package static func load(
        environment: [String: String]
    ) throws(GoogleCredentialError) -> ApplicationDefaultCredentials? {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let named = variable("GOOGLE_APPLICATION_CREDENTIALS")
        let folder = variable("CLOUDSDK_CONFIG") ?? variable("HOME").map { $0 + "/.config/gcloud" }
        guard let path = named ?? folder.map({ $0 + "/application_default_credentials.json" }) else {
            return nil
        }
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileReader.read(path: path, maxBytes: maxBytes)
        } catch {
            if named == nil, error.isNotFound { return nil }
            throw .unusableFile(path: path, reason: error.isNotFound ? "there is no such file" : "\(error)")
        }
        return try ApplicationDefaultCredentials(bytes, path: path)
    }

    /// Reads the content of a file; `path` is for errors.
    ///
    /// - Throws: ``GoogleCredentialError/unusableFile(path:reason:)``.
    package init(_ bytes: [UInt8], path: String) throws(GoogleCredentialError) {
        guard let root = try? JSONDocument(bytes).root, root.isObject else {
            throw .unusableFile(path: path, reason: "it is no JSON object")
        }
        self.path = path
        quotaProject = root["quota_project_id"]?.string()
        do throws(Problem) {
            kind = try Kind(root, depth: 0)
        } catch {
            throw .unusableFile(path: path, reason: error.reason)
        }
    }
}

/// Why a file of credentials cannot be used; none of its values.
private struct Problem: Error {
    let reason: String
}

extension ApplicationDefaultCredentials.Kind {
    fileprivate init(_ value: JSONValue, depth: Int) throws(Problem) {
        func text(_ name: String) throws(Problem) -> String {
            guard let text = value[name]?.string(), !text.isEmpty else {
                throw Problem(reason: "it has no \(name)")
            }
            return text
        }
        switch value["type"]?.string() {
        case "authorized_user":
            self = .authorizedUser(
                .init(
                    clientID: try text("client_id"),
                    clientSecret: try text("client_secret"),
                    refreshToken: try text("refresh_token")
                )
            )
        case "service_account":
            let url = value["token_uri"]?.string() ?? "https://oauth2.googleapis.com/token"
            guard let tokenURL = try? HTTPURL(parsing: url), tokenURL.scheme == .https || tokenURL.isLoopback
            else {
                throw Problem(reason: "its token_uri is no https URL")
            }
            guard let key = try? RSAPrivateKey(pem: Array(try text("private_key").utf8)) else {
                throw Problem(reason: "its private_key is no RSA key")
            }
            self = .serviceAccount(
                .init(
                    email: try text("client_email"),
                    keyID: try text("private_key_id"),
                    key: key,
                    tokenURL: tokenURL
                )
            )
        case "impersonated_service_account":
            guard depth < 2, let inner = value["source_credentials"] else {
                throw Problem(reason: "it has no source_credentials")
            }
            // `…/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken`: where it is asked, the endpoints say.
            let last = try text("service_account_impersonation_url").split(separator: "/").last ?? ""
            let parts = last.split(separator: ":")
            guard parts.count == 2, parts[1] == "generateAccessToken" || parts[1] == "generateIdToken" else {
                throw Problem(reason: "its service_account_impersonation_url is none of Google's")
            }
            self = .impersonated(
                email: String(parts[0]),
                delegates: value["delegates"]?.elements.compactMap { $0.string() } ?? [],
                by: try Self(inner, depth: depth + 1)
            )
        case let type:
            let name = type.map { ForeignText.line($0, limit: 40) } ?? "none"
            throw Problem(reason: "credentials of the type \(name) are not supported")
        }
    }
}

extension ApplicationDefaultCredentials: CustomStringConvertible, CustomReflectable {
    /// The file; nothing of what is in it.
    package var description: String { "application default credentials (\(path))" }

    /// Nothing to dump beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ApplicationDefaultCredentials.Kind: CustomReflectable {
    /// Nothing: it is secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
