package import GTokenCore
package import GTokenNet
import GTokenRuntime

/// Files of application default credentials that the stand-in honours
/// (https://google.aip.dev/auth/4110, 4112 and 4113).
extension GoogleEmulator {
    struct AccountKey {
        var account: GoogleServiceAccountEmail
        var publicKey: RSAPublicKey
    }

    struct Login {
        var member: String
        var clientID: String
        var clientSecret: String
    }

    /// Makes a key of a service account, which takes about a tenth of a second; answers the file with its private half.
    ///
    /// `tokenURL` is the stand-in's token endpoint, which is at `/token`.
    package func makeKeyFile(
        of account: GoogleServiceAccountEmail,
        tokenURL: String
    ) throws(CryptographyError) -> [UInt8] {
        let key = try RSAPrivateKey.generate()
        let pem = String(decoding: key.pem, as: UTF8.self)
        SecretLedger.note(.privateKey, pem)
        let id = Hexadecimal.encode(Crypto.sha256(key.publicKey.modulus).prefix(20))
        state.withLock { $0.accountKeys[id] = AccountKey(account: account, publicKey: key.publicKey) }
        var writer = JSONWriter()
        writer.object { object in
            object.member("type", "service_account")
            object.member("project_id", "\(configuration.project)")
            object.member("private_key_id", id)
            object.member("private_key", pem)
            object.member("client_email", "\(account)")
            object.member("client_id", "\(cloud.uniqueID(of: account) ?? configuration.uniqueID)")
            object.member("token_uri", tokenURL)
            object.member("universe_domain", "googleapis.com")
        }
        return writer.bytes
    }

    /// Logs a member of policies in, as `gcloud auth application-default login` does; answers the file of it.
    package func makeLoginFile(of member: String) -> [UInt8] {
        let refreshToken = "1//" + Base64URL.encode(Crypto.randomBytes(48))
        let login = Login(
            member: member,
            clientID: "\(GoogleCloud.digits(12)).apps.googleusercontent.com",
            clientSecret: "GOCSPX-" + Base64URL.encode(Crypto.randomBytes(21))
        )
        SecretLedger.note(.refreshToken, refreshToken)
        SecretLedger.note(.clientSecret, login.clientSecret)
        state.withLock { $0.logins[refreshToken] = login }
        var writer = JSONWriter()
        writer.object { object in
            object.member("type", "authorized_user")
            object.member("client_id", login.clientID)
            object.member("client_secret", login.clientSecret)
            object.member("refresh_token", refreshToken)
            object.member("universe_domain", "googleapis.com")
        }
        return writer.bytes
    }

    /// Takes every login back.
    package func revokeLogins() { state.withLock { $0.logins = [:] } }

    /// The file of credentials that act as an account, by those of another file.
    package func makeImpersonationFile(
        of account: GoogleServiceAccountEmail,
        through delegates: [GoogleServiceAccountEmail] = [],
        by source: [UInt8],
        baseURL: String
    ) -> [UInt8] {
        let name = "projects/-/serviceAccounts/"
        var writer = JSONWriter()
        writer.object { object in
            object.member("type", "impersonated_service_account")
            object.member(
                "service_account_impersonation_url",
                "\(baseURL)/v1/\(name)\(account):generateAccessToken"
            )
            object.member("delegates") { list in
                list.array { list in
                    for delegate in delegates { list.value("\(name)\(delegate)") }
                }
            }
            object.member("source_credentials") { $0.raw(source) }
        }
        return writer.bytes
    }
}
