package import GTokenNet

extension HTTPClient {
    /// A client of servers on the internet: verified by the machine's trusted certificates, through the environment's proxies.
    ///
    /// - Throws: ``InternetClientError``, which names the variable or file.
    package static func internet(
        on loop: EventLoop,
        environment: [String: String]
    ) throws(InternetClientError) -> HTTPClient {
        let proxies: ProxySettings
        do throws(ProxySettingsError) {
            proxies = try ProxySettings(environment: environment)
        } catch {
            throw .proxy(error)
        }
        do throws(SystemRootsError) {
            return HTTPClient(
                loop: loop,
                tls: try SystemRoots.context(environment: environment),
                proxies: proxies
            )
        } catch {
            throw .roots(error)
        }
    }
}

/// Why nobody on the internet can be asked.
package enum InternetClientError: Error, Equatable, Sendable {
    /// A variable about proxies cannot be used.
    case proxy(ProxySettingsError)
    /// There are no trusted certificates.
    case roots(SystemRootsError)
}

extension InternetClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .proxy(let error): "\(error)"
        case .roots(let error): "\(error)"
        }
    }
}
