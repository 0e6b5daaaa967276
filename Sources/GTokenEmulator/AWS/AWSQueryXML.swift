import GTokenNet

/// The answers in XML of the two services.
enum AWSQueryXML: CaseIterable {
    case sts, iam

    /// The version of the service's API.
    var version: String {
        switch self {
        case .sts: "2011-06-15"
        case .iam: "2010-05-08"
        }
    }

    /// An element with text or with elements in it.
    indirect enum Node {
        case text(String, String)
        case elements(String, [Node])
    }

    private var namespace: String { "https://\(self).amazonaws.com/doc/\(version)/" }

    /// The answer to an action; `nil` is the result of one that has none.
    func success(_ action: String, _ result: [Node]?, requestID: String) -> HTTPResponse {
        let body =
            (result.map { [Node.elements("\(action)Result", $0)] } ?? [])
            + [.elements("ResponseMetadata", [.text("RequestId", requestID)])]
        return document("\(action)Response", body, status: 200, requestID: requestID)
    }

    func failure(_ failure: AWSFailure, requestID: String) -> HTTPResponse {
        let error: [Node] = [
            .text("Type", failure.type), .text("Code", failure.code), .text("Message", failure.message),
        ]
        return document(
            "ErrorResponse",
            [.elements("Error", error), .text("RequestId", requestID)],
            status: failure.status,
            requestID: requestID
        )
    }

    private func document(
        _ root: String,
        _ nodes: [Node],
        status: Int,
        requestID: String
    ) -> HTTPResponse {
        var text = "<\(root) xmlns=\"\(namespace)\">\n"
        for node in nodes { Self.write(node, indent: "  ", to: &text) }
        text += "</\(root)>\n"
        var response = HTTPResponse(status: status, contentType: "text/xml", body: Array(text.utf8))
        response.headers.add("x-amzn-RequestId", requestID)
        return response
    }

    private static func write(_ node: Node, indent: String, to text: inout String) {
        switch node {
        case .text(let name, let value): text += "\(indent)<\(name)>\(escape(value))</\(name)>\n"
        case .elements(let name, let nodes):
            text += "\(indent)<\(name)>\n"
            for node in nodes { write(node, indent: indent + "  ", to: &text) }
            text += "\(indent)</\(name)>\n"
        }
    }

    /// Escapes markup; what XML 1.0 cannot hold at all becomes a question mark.
    private static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
