import GTokenCore
import GTokenNet

/// A request to one of the administrative APIs, taken apart.
struct GoogleCloudRequest {
    let method: String
    /// The path, decoded, without the verb.
    let path: [String]
    /// What stands after the colon, where it is one of the APIs' (AIP-136).
    let verb: String?
    private let request: HTTPRequest
    /// Who asks, as a member of policies.
    let caller: String

    init?(_ request: HTTPRequest, caller: String) {
        guard var path = request.pathSegments, let last = path.last else { return nil }
        // A project of a domain has a colon in its id.
        let parts = last.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 1, let end = parts.last, Self.verbs.contains(String(end)) {
            verb = String(end)
            path[path.count - 1] = String(last.dropLast(end.count + 1))
        } else {
            verb = nil
        }
        self.path = path
        self.request = request
        self.caller = caller
        method = request.method
    }

    private static let verbs: Set<String> = [
        "getIamPolicy", "setIamPolicy", "batchGet", "testIamPermissions",
    ]

    /// The method of HTTP and the verb, such as `POST:getIamPolicy`.
    var action: String { verb.map { "\(method):\($0)" } ?? method }

    func query(_ name: String) -> String? { request.query(name) }

    var queryItems: HTTPForm { request.queryItems }

    /// The JSON of the body; an empty one is an empty object.
    ///
    /// - Throws: how Google refuses what is no JSON object.
    func body() throws(GoogleFailure) -> JSONValue {
        guard let root = try? JSONDocument(request.body.isEmpty ? Array("{}".utf8) : request.body).root,
            root.isObject
        else { throw .invalid("Invalid JSON payload received.") }
        return root
    }
}
