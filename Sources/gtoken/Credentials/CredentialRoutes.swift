import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// What the endpoint answers to whom (AWS SDKs and Tools Reference Guide, "Container credential provider").
struct CredentialRoutes: Sendable {
    let keeper: CredentialKeeper
    let authorization: AuthorizationFile
    let logger: Logger

    /// Where the credentials are.
    static let path = "/credentials"

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        // A page in a browser can have a name of its own point to loopback; it cannot choose the name it sends.
        guard Self.isLoopback(request.headers["Host"] ?? "") else {
            return Self.failure(403, "HostNotAllowed", "the Host of the request is not a loopback address")
        }
        guard [Self.path, "/healthz"].contains(request.path) else {
            return Self.failure(404, "NotFound", "credentials are at \(Self.path)")
        }
        guard request.method == "GET" else {
            var response = Self.failure(405, "MethodNotAllowed", "use GET")
            response.headers.set("Allow", "GET")
            return response
        }
        if request.path == "/healthz" { return health() }
        do throws(FileError) {
            guard try authorization.admits(request.headers["Authorization"]) else {
                logger.warning("a caller without the authorization was refused")
                return Self.failure(401, "AccessDenied", "the Authorization is missing or wrong")
            }
        } catch {
            logger.error("the authorization cannot be read", LogField(error))
            return Self.failure(500, "InternalError", "the authorization token file cannot be read")
        }
        switch keeper.current {
        case .success(let credentials): return Self.answer(.json(credentials.containerDocument))
        case .failure(let error): return Self.failure(error)
        }
    }

    private func health() -> HTTPResponse {
        switch keeper.current {
        case .success: .text("ok\n")
        case .failure: .text("no credentials\n", status: 503)
        }
    }

    private static func failure(_ error: CredentialKeeperError) -> HTTPResponse {
        guard let cause = error.cause else {
            return failure(503, "NotReady", "credentials are being asked for")
        }
        // SDKs try again for a while after a 5xx, and give up after a 4xx: only AWS's no is worth that.
        let isRefused = ToolError(cause).exitCode == .refused
        return failure(isRefused ? 403 : 503, cause.awsCode ?? "Unavailable", "\(cause)")
    }

    private static func failure(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("code", code)
            object.member("message", message)
        }
        return answer(.json(writer.bytes, status: status))
    }

    /// No one between may keep it.
    private static func answer(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.set("Cache-Control", "no-store")
        return response
    }

    private static func isLoopback(_ host: String) -> Bool {
        (try? HTTPURL(parsing: "http://\(host)/"))?.isLoopback ?? false
    }
}
