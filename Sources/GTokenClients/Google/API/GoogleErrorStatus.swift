internal import GTokenCore

/// How one of Google's APIs says that it refused: `google.rpc.Status` as JSON
/// (https://cloud.google.com/apis/design/errors).
///
/// Anything can stand where an API's answer is expected, a proxy's page among them: a body without `error` makes a
/// status without a name, whose message is the text itself.
package struct GoogleErrorStatus: Error, Equatable, Sendable {
    /// The status of HTTP.
    package var code: Int
    /// The name in `google.rpc.Code`, such as `PERMISSION_DENIED`; empty where none of Google's APIs answered.
    package var status: String
    /// What it says, in one line of at most 1,000 characters.
    package var message: String
    /// What it adds for programs, at most 16.
    package var details: [Detail]

    /// One entry of `details`, of what is of use in `google.rpc.ErrorInfo` and `google.rpc.RetryInfo`.
    package struct Detail: Equatable, Sendable {
        /// Why, in a word for programs: `SERVICE_DISABLED`, `IAM_PERMISSION_DENIED`, `ACCESS_TOKEN_EXPIRED`.
        package var reason: String
        /// What it names, such as `permission` or `service`.
        package var metadata: [String: String]
        /// After how long to ask again.
        package var retryDelay: Duration?

        /// Makes an entry.
        package init(reason: String, metadata: [String: String] = [:], retryDelay: Duration? = nil) {
            self.reason = reason
            self.metadata = metadata
            self.retryDelay = retryDelay
        }
    }

    /// Makes a status.
    package init(code: Int, status: String, message: String, details: [Detail] = []) {
        self.code = code
        self.status = status
        self.message = message
        self.details = details
    }

    /// Reads the body of a refusal.
    ///
    /// - Parameters:
    ///   - code: the status of HTTP.
    ///   - body: what came with it.
    ///   - secrets: what the request held, and must not stand in the message.
    package init(code: Int, body: [UInt8], hiding secrets: [String] = []) {
        let error = (try? JSONDocument(body))?.root["error"]
        self.code = code
        guard let error, error.isObject else {
            // OAuth's token endpoint (RFC 6749 section 5.2) has a word there, and a text beside it.
            status = Self.word(error?.string())
            let text = (try? JSONDocument(body))?.root["error_description"]?.string()
            message = ForeignText.line(
                text ?? String(decoding: body.prefix(4096), as: UTF8.self),
                limit: Self.maxMessage,
                hiding: secrets
            )
            details = []
            return
        }
        status = Self.word(error["status"]?.string())
        message = ForeignText.line(
            error["message"]?.string() ?? "",
            limit: Self.maxMessage,
            hiding: secrets
        )
        details = []
        if let list = error["details"] {
            details = list.elements.prefix(Self.maxDetails).map { Detail($0, hiding: secrets) }
        }
        // The older form, which GKE still gives beside the newer one.
        if details.allSatisfy(\.reason.isEmpty),
            let first = error["errors"]?.elements.first(where: { _ in true })
        {
            details.append(Detail(reason: Self.word(first["reason"]?.string())))
        }
    }

    private static let maxMessage = 1000
    fileprivate static let maxDetails = 16

    /// The first reason that is given; empty where there is none.
    package var reason: String { details.first { !$0.reason.isEmpty }?.reason ?? "" }

    /// Whether the API itself says that there is no such thing, and not somebody on the way to it.
    package var isNotFound: Bool { code == 404 && status == "NOT_FOUND" }
    /// Whether what was to be made is there already.
    package var isAlreadyExists: Bool { code == 409 && status == "ALREADY_EXISTS" }
    /// Whether somebody else was faster: what was read is to be read again.
    package var isConflict: Bool { status == "ABORTED" || code == 409 && !isAlreadyExists || code == 412 }
    /// Whether the caller may not.
    package var isPermissionDenied: Bool { code == 403 && !isAPIDisabled }
    /// Whether the API is not enabled in the project that the call is counted in.
    package var isAPIDisabled: Bool { reason == "SERVICE_DISABLED" || reason == "accessNotConfigured" }
    /// Whether the access token is not taken, or no longer.
    package var isUnauthenticated: Bool { code == 401 }
    /// Whether the same call may succeed a little later.
    package var isTransient: Bool { [408, 429, 500, 502, 503, 504].contains(code) }

    /// A word for programs as it came; empty for what is none, whoever answered.
    fileprivate static func word(_ text: String?) -> String {
        guard let text, text.utf8.count <= 100, text.utf8.allSatisfy(isWordCharacter) else { return "" }
        return text
    }

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension GoogleErrorStatus.Detail {
    fileprivate init(_ value: JSONValue, hiding secrets: [String]) {
        reason = GoogleErrorStatus.word(value["reason"]?.string())
        metadata = [:]
        if let value = value["metadata"] {
            for member in value.members.prefix(GoogleErrorStatus.maxDetails) {
                guard let text = member.value.string() else { continue }
                metadata[ForeignText.line(member.name, limit: 100)] = ForeignText.line(
                    text,
                    limit: 300,
                    hiding: secrets
                )
            }
        }
        retryDelay = value["retryDelay"]?.string().flatMap(Self.duration)
    }

    /// A `google.protobuf.Duration` as JSON writes it: `3.5s`.
    private static func duration(_ text: String) -> Duration? {
        guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), (0...86_400).contains(seconds)
        else {
            return nil
        }
        return .seconds(seconds)
    }
}

extension GoogleErrorStatus: CustomStringConvertible {
    /// One line: the number, the name and the service's own words.
    package var description: String {
        let name = status.isEmpty ? "" : " \(status)"
        return message.isEmpty ? "\(code)\(name)" : "\(code)\(name): \(message)"
    }
}
