import GTokenCore
import GTokenNet

/// What is asked of a ServiceAccount's `token` subresource: TokenRequest of `authentication.k8s.io/v1`.
struct TokenRequest {
    /// Whom the token is for; none means the API server itself.
    var audiences: [String]
    /// How long it is to live.
    var expirationSeconds: Int64
    /// What it is to end with.
    var boundObject: BoundObject?

    struct BoundObject {
        var kind: String
        var apiVersion: String
        var name: String
        var uid: String
    }

    /// Reads a request's body; what is absent has the API's defaults.
    ///
    /// - Throws: a refusal with 400, as for everything that is not of its type.
    init(parsing body: [UInt8]) throws(KubernetesRefusal) {
        guard let root = try? JSONDocument(body).root, root.isObject,
            Self.isAbsent(root["kind"]) || root["kind"]?.isString("TokenRequest") == true,
            Self.isAbsent(root["apiVersion"])
                || root["apiVersion"]?.isString("authentication.k8s.io/v1") == true
        else { throw .notATokenRequest }
        let spec = Self.present(root["spec"])
        audiences = []
        if let list = Self.present(spec?["audiences"]) {
            guard list.isArray else { throw .notATokenRequest }
            for element in list.elements {
                guard let audience = element.string() else { throw .notATokenRequest }
                audiences.append(audience)
            }
        }
        expirationSeconds = 3600
        if let value = Self.present(spec?["expirationSeconds"]) {
            guard let seconds = value.integer() else { throw .notATokenRequest }
            expirationSeconds = seconds
        }
        boundObject = Self.present(spec?["boundObjectRef"]).map { reference in
            func text(_ name: String) -> String { reference[name]?.string() ?? "" }
            return BoundObject(
                kind: text("kind"),
                apiVersion: text("apiVersion"),
                name: text("name"),
                uid: text("uid")
            )
        }
    }

    /// Checks what the API server checks of a request that it can read.
    ///
    /// - Throws: a refusal with 422.
    func validate() throws(KubernetesRefusal) {
        let limits = ClusterToken.expirationSecondsRange
        if expirationSeconds < limits.lowerBound {
            throw .invalidExpiration(expirationSeconds, "may not specify a duration less than 10 minutes")
        }
        if expirationSeconds > limits.upperBound {
            throw .invalidExpiration(expirationSeconds, "may not specify a duration larger than 2^32 seconds")
        }
    }

    private static func isAbsent(_ value: JSONValue?) -> Bool { present(value) == nil }

    /// A value that is there and not `null`, which the API server takes for absent.
    private static func present(_ value: JSONValue?) -> JSONValue? {
        value.flatMap { $0.isNull ? nil : $0 }
    }
}

/// A request that is answered with a Status.
struct KubernetesRefusal: Error {
    var response: HTTPResponse

    fileprivate static let notATokenRequest = KubernetesRefusal(
        response: KubernetesStatus.badRequest(
            "the object provided is unrecognized (must be of type TokenRequest)"
        )
    )

    fileprivate static func invalidExpiration(_ seconds: Int64, _ problem: String) -> KubernetesRefusal {
        KubernetesRefusal(
            response: KubernetesStatus.invalid(
                field: "spec.expirationSeconds",
                "Invalid value: \(seconds): \(problem)"
            )
        )
    }
}
