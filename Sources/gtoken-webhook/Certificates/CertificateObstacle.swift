import GTokenClients
import GTokenNet

/// Why the certificate is not as it should be.
enum CertificateObstacle: Error, Equatable {
    /// The API server did not do this with this object.
    case api(verb: String, object: String, KubernetesError)
    /// There is no webhook configuration of this name: nobody calls us.
    case notRegistered(configuration: String)
    /// The configuration has no webhook that calls our Service.
    case noEntry(configuration: String, service: String)
    /// Somebody changes the same objects all the time.
    case contended
    /// Keys or certificates could not be made.
    case cryptography(CryptographyError)
    /// A certificate of our own cannot be served.
    case tls(TLSError)

    /// One word, for a metric.
    var name: String {
        switch self {
        case .api(let verb, _, _): verb
        case .notRegistered, .noEntry: "find"
        case .contended: "settle"
        case .cryptography: "sign"
        case .tls: "serve"
        }
    }

    /// Whether the same may go well in a moment, without anybody doing something about it.
    var isTransient: Bool {
        switch self {
        case .api(_, _, .notFound), .notRegistered, .noEntry: false
        case .api(_, _, .refused(let status, _)): status == 429 || status >= 500
        case .api, .contended, .cryptography, .tls: true
        }
    }
}

extension CertificateObstacle: CustomStringConvertible {
    var description: String {
        switch self {
        case .api(let verb, let object, .refused(status: 403, _)): "may not \(verb) \(object) (RBAC)"
        case .api("create", let object, .notFound): "cannot create \(object): its namespace does not exist"
        case .api(let verb, let object, let error): "cannot \(verb) \(object): \(error)"
        case .notRegistered(let name): "there is no MutatingWebhookConfiguration \(name)"
        case .noEntry(let name, let service):
            "no webhook of MutatingWebhookConfiguration \(name) calls Service \(service)"
        case .contended: "others change the Secret or the webhook configuration at the same time"
        case .cryptography(let error): "cannot make a certificate: \(error)"
        case .tls(let error): "cannot serve the new certificate: \(error)"
        }
    }
}
