package import GTokenCore
package import GTokenNet

/// The result of an action, for its fields to be read.
package struct AWSQueryAnswer: Sendable {
    private let action: String
    private let element: XMLElement
    private let path: String

    /// Reads the result of an action, with nothing in an error of what the call and its signature kept secret.
    ///
    /// - Throws: the service's own error, or that the answer is no answer of the service.
    package init(
        _ response: HTTPResponse,
        to call: AWSQueryCall,
        of service: AWSService,
        hiding credentials: AWSCredentials?
    ) throws(AWSQueryError) {
        let secrets = call.secrets + (credentials?.secrets ?? [])
        action = call.action
        path = ""
        let root: XMLElement
        do throws(XMLError) {
            root = try XMLElement(parsing: response.body)
        } catch {
            // A load balancer in front of the service answers without its XML.
            throw .malformedAnswer(action: action, status: response.status)
        }
        if let error = root.name == "ErrorResponse" ? root["Error"] : nil, let code = error["Code"] {
            throw .refused(
                AWSRefusal(
                    service: service,
                    action: action,
                    status: response.status,
                    code: ForeignText.line(code.text, limit: 100, hiding: secrets),
                    message: ForeignText.line(
                        error["Message"]?.text ?? "",
                        limit: 500,
                        hiding: secrets
                    )
                )
            )
        }
        guard response.status == 200, root.name == "\(action)Response" else {
            throw .malformedAnswer(action: action, status: response.status)
        }
        // Actions without a result, such as DeleteRole, have no element for it.
        element = root["\(action)Result"] ?? XMLElement(name: "\(action)Result", text: "", children: [])
    }

    private init(action: String, element: XMLElement, path: String) {
        (self.action, self.element, self.path) = (action, element, path)
    }

    /// The element of a name, which must be there.
    package func child(_ name: String) throws(AWSQueryError) -> AWSQueryAnswer {
        guard let child = optionalChild(name) else { throw missing(name) }
        return child
    }

    /// The element of a name; `nil` where there is none.
    package func optionalChild(_ name: String) -> AWSQueryAnswer? {
        element[name].map { AWSQueryAnswer(action: action, element: $0, path: "\(path)\(name).") }
    }

    /// The text of an element, which must not be empty.
    package func text(_ name: String) throws(AWSQueryError) -> String {
        guard let text = optionalText(name) else { throw missing(name) }
        return text
    }

    /// The text of an element; `nil` where it is absent or empty.
    package func optionalText(_ name: String) -> String? {
        element[name].flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    /// The elements of a list; none where the list is absent.
    package func members(_ name: String) -> [AWSQueryAnswer] {
        (element[name]?.children ?? []).filter { $0.name == "member" }.map {
            AWSQueryAnswer(action: action, element: $0, path: "\(path)\(name).member.")
        }
    }

    /// The texts of a list.
    package func texts(_ name: String) -> [String] { members(name).map(\.ownText) }

    /// The text of this element itself.
    package var ownText: String { element.text }

    /// The tags in a list.
    package func tags(_ name: String = "Tags") throws(AWSQueryError) -> [String: String] {
        var tags: [String: String] = [:]
        for member in members(name) { tags[try member.text("Key")] = member.element["Value"]?.text ?? "" }
        return tags
    }

    /// A value read from the text of an element; what cannot be read counts as absent.
    package func value<Value>(_ name: String, _ read: (String) -> Value?) throws(AWSQueryError) -> Value {
        guard let value = read(try text(name)) else { throw missing(name) }
        return value
    }

    /// A time.
    package func time(_ name: String) throws(AWSQueryError) -> UnixTime {
        try value(name) { UnixTime(rfc3339: $0) }
    }

    func missing(_ name: String) -> AWSQueryError { .missingElement(action: action, path + name) }
}
