import GTokenCore
import GTokenNet

/// An answer of the query API, taken apart.
struct STSAnswer {
    private let result: XMLElement

    /// Reads the result of an action that was asked for with these secrets.
    ///
    /// - Throws: the service's own error, or that the answer is no answer of the service.
    init(_ response: HTTPResponse, action: String, secrets: [String]) throws(STSClientError) {
        let root: XMLElement
        do throws(XMLError) {
            root = try XMLElement(parsing: response.body)
        } catch {
            throw .malformedAnswer(status: response.status)
        }
        if let error = root.name == "ErrorResponse" ? root["Error"] : nil, let code = error["Code"] {
            throw .service(
                status: response.status,
                code: ForeignText.line(code.text, limit: 100, hiding: secrets),
                message: ForeignText.line(error["Message"]?.text ?? "", limit: 500, hiding: secrets)
            )
        }
        guard response.status == 200, root.name == "\(action)Response", let result = root["\(action)Result"]
        else {
            throw .malformedAnswer(status: response.status)
        }
        self.result = result
    }

    /// The text at a path of elements, which must not be empty.
    func text(_ path: String...) throws(STSClientError) -> String {
        guard let text = optionalText(path) else { throw .missingElement(path.joined(separator: ".")) }
        return text
    }

    /// The text at a path of elements; nil where it is absent or empty.
    func optionalText(_ path: [String]) -> String? {
        var element: XMLElement? = result
        for name in path { element = element?[name] }
        return element.flatMap { $0.text.isEmpty ? nil : $0.text }
    }
}
