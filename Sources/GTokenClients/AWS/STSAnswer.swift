import GTokenCore
import GTokenNet

/// An answer of the query API, taken apart.
struct STSAnswer {
    private let result: XMLElement

    /// Reads the result of an action.
    ///
    /// - Throws: the service's own error, or that the answer is no answer of the service.
    init(_ response: HTTPResponse, action: String) throws(STSClientError) {
        let root: XMLElement
        do throws(XMLError) {
            root = try XMLElement(parsing: response.body)
        } catch {
            throw .malformedAnswer(status: response.status)
        }
        if let error = root.name == "ErrorResponse" ? root["Error"] : nil, let code = error["Code"] {
            throw .service(
                status: response.status,
                code: Self.line(code.text, limit: 100),
                message: Self.line(error["Message"]?.text ?? "", limit: 500)
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

    /// What another side wrote, as it may stand in one line of a log.
    private static func line(_ text: String, limit: Int) -> String {
        let scalars = text.unicodeScalars.prefix(limit).map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
