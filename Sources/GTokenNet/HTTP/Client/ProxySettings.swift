private import GTokenCore

/// A proxy that speaks plain HTTP: `CONNECT` for `https`, absolute targets for `http`.
package struct HTTPProxy: Sendable, Hashable {
    /// Its name or address.
    package let host: String
    /// Its port.
    package let port: UInt16
    /// The value of `Proxy-Authorization`, when the proxy's URL had a user.
    let authorization: String?
}

extension HTTPProxy: CustomStringConvertible, CustomReflectable {
    /// Host and port; never the password.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Nothing to dump beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a proxy variable cannot be used; its value may hold a password and is left out.
package enum ProxySettingsError: Error, Equatable, Sendable {
    /// The variable is neither `[http://][user[:password]@]host[:port]` nor empty.
    case invalid(variable: String)
    /// The variable asks for a proxy that is not spoken to over plain HTTP (`https://`, `socks5://`).
    case unsupportedScheme(variable: String)
}

extension ProxySettingsError: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .invalid(let variable): "\(variable) is not the URL of a proxy"
        case .unsupportedScheme(let variable): "\(variable) names a proxy that is not an http:// one"
        }
    }
}

/// Which proxy a URL is asked through: the usual variables, read as Go's net/http and curl read them.
///
/// `HTTPS_PROXY` and `HTTP_PROXY` say it for each scheme, `NO_PROXY` lists exceptions; of two spellings the lower-case
/// one counts first. `localhost` and loopback addresses never go through a proxy.
package struct ProxySettings: Sendable, Equatable {
    private let http: HTTPProxy?
    private let https: HTTPProxy?
    private let exceptions: ProxyExceptions

    /// No proxy at all.
    package static let none = ProxySettings(http: nil, https: nil, exceptions: ProxyExceptions(""))

    private init(http: HTTPProxy?, https: HTTPProxy?, exceptions: ProxyExceptions) {
        self.http = http
        self.https = https
        self.exceptions = exceptions
    }

    /// What an environment says.
    ///
    /// `HTTP_PROXY` in capitals does not count where `REQUEST_METHOD` is set: in a CGI it is the client's `Proxy` header.
    package init(environment: [String: String]) throws(ProxySettingsError) {
        let isCGI = environment["REQUEST_METHOD"].map { !$0.isEmpty } ?? false
        http = try Self.proxy(isCGI ? ["http_proxy"] : ["http_proxy", "HTTP_PROXY"], environment)
        https = try Self.proxy(["https_proxy", "HTTPS_PROXY"], environment)
        exceptions = ProxyExceptions(Self.first(["no_proxy", "NO_PROXY"], environment)?.value ?? "")
    }

    /// The proxy for a URL; nil when it is to be asked directly.
    package func proxy(for url: HTTPURL) -> HTTPProxy? {
        guard let proxy = url.scheme == .https ? https : http else { return nil }
        return exceptions.contain(host: url.serverName, port: url.port) ? nil : proxy
    }

    private static func first(
        _ names: [String],
        _ environment: [String: String]
    ) -> (name: String, value: String)? {
        for name in names {
            if let value = environment[name], !value.isEmpty { return (name, value) }
        }
        return nil
    }

    private static func proxy(
        _ names: [String],
        _ environment: [String: String]
    ) throws(ProxySettingsError) -> HTTPProxy? {
        guard let (name, value) = first(names, environment) else { return nil }
        var rest = Array(value.utf8)[...]
        if let scheme = value.prefixBefore("://") {
            guard scheme.lowercased() == "http" else { throw .unsupportedScheme(variable: name) }
            rest = rest.dropFirst(scheme.utf8.count + 3)
        }
        rest = rest.prefix { $0 != HTTPSyntax.slash }
        var authorization: String?
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            guard let user = PercentEncoding.decode(rest[..<at], plusIsSpace: false) else {
                throw .invalid(variable: name)
            }
            // RFC 7617 section 2: the colon belongs there without a password too.
            let credentials = user.utf8.contains(HTTPSyntax.colon) ? user : user + ":"
            authorization = "Basic " + Base64.encode(Array(credentials.utf8))
            rest = rest[(at + 1)...]
        }
        do throws(HTTPURLError) {
            let (host, port) = try HTTPURL.splitHostAndPort(String(decoding: rest, as: UTF8.self))
            // The URL's own checks keep the host to what a name or address may hold.
            let url = try HTTPURL(scheme: .http, host: host, port: port)
            return HTTPProxy(host: url.host, port: url.port, authorization: authorization)
        } catch {
            throw .invalid(variable: name)
        }
    }
}

extension String {
    /// What stands before the first occurrence of an ASCII text.
    fileprivate func prefixBefore(_ marker: String) -> String? {
        let end = utf8.indices.first { self[$0...].utf8.starts(with: marker.utf8) }
        return end.map { String(self[..<$0]) }
    }
}
