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
                code: Self.line(code.text, limit: 100, secrets),
                message: Self.line(error["Message"]?.text ?? "", limit: 500, secrets)
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
    ///
    /// AWS quotes what it was sent: a parameter that it does not take, a request whose signature does not match.
    private static func line(_ text: String, limit: Int, _ secrets: [String]) -> String {
        let safe = secrets.reduce(text) { hide($1, in: $0) }
        let scalars = safe.unicodeScalars.prefix(limit).map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The text with asterisks where a secret stands, also where only its beginning does.
    private static func hide(_ secret: String, in text: String) -> String {
        let secret = Array(secret.utf8)
        // Long enough to be no coincidence, short enough for a quotation that is cut off; every credential of AWS
        // and every token is longer.
        let start = secret.prefix(16)
        guard start.count == 16 else { return text }
        var rest = Array(text.utf8)[...]
        var safe: [UInt8] = []
        while let byte = rest.first {
            if rest.starts(with: start) {
                rest = rest.dropFirst(zip(rest, secret).prefix { $0 == $1 }.count)
                safe += Array("***".utf8)
            } else {
                safe.append(byte)
                rest.removeFirst()
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }
}
