package import GTokenCore
package import GTokenNet

/// One call of one of Google's APIs.
package struct GoogleAPIRequest: Sendable {
    /// The API.
    package var service: GoogleService
    /// The method of HTTP.
    package var method: String
    /// The path below the endpoint, its version first; neither encoded.
    package var path: [String]
    /// A method that is none of HTTP, such as `getIamPolicy`: what stands after the colon (AIP-136).
    package var verb: String?
    /// The query.
    package var query = HTTPForm()
    /// The JSON that is sent; empty for none.
    package var body: [UInt8]
    /// Whether it may be made again when it is not known what became of it.
    ///
    /// All of ours may: what they ask for is a state, and what was made already is said to be there.
    package var isRepeatable = true
    /// Whether the caller has to be known.
    package var isAuthenticated = true

    /// Makes a call.
    package init(
        _ service: GoogleService,
        _ method: String,
        _ path: [String],
        verb: String? = nil,
        body: [UInt8] = []
    ) {
        self.service = service
        self.method = method
        self.path = path
        self.verb = verb
        self.body = body
    }

    /// Whether it changes nothing: those have a rate of their own, since Google's quotas of reads are larger.
    var isRead: Bool { method == "GET" || verb == "getIamPolicy" }

    /// The URL at an endpoint.
    func url(at endpoint: HTTPURL) -> HTTPURL {
        var url = endpoint
        for segment in path { url = url.appending(path: segment) }
        // A colon before a verb stands as it is; within a segment it is encoded.
        if let verb, let named = try? url.replacing(target: "\(url.target):\(verb)") { url = named }
        return url.appending(query: query)
    }
}

extension GoogleServiceAccountEmail {
    /// Where IAM and IAM Credentials have the account: named by its address alone, the project is theirs to find.
    package var resourcePath: [String] { ["v1", "projects", "-", "serviceAccounts", description] }
}
