import GTokenCore
import GTokenNet

/// The parameters of a request to the query API: the form of a POST, the query of a GET.
struct AWSQueryParameters: Sendable {
    private let values: [String: String]

    init(_ request: HTTPRequest) throws(AWSFailure) {
        let form: HTTPForm?
        switch request.method {
        case "POST": form = request.form
        case "GET": form = HTTPForm(parsing: Array((request.queryString ?? "").utf8))
        default: throw AWSFailure(status: 405, code: "MethodNotAllowed", message: "Use POST or GET")
        }
        guard let form else { throw .malformedQuery }
        var values: [String: String] = [:]
        for item in form.items {
            guard values.updateValue(item.value, forKey: item.name) == nil else { throw .malformedQuery }
        }
        self.values = values
    }

    subscript(_ name: String) -> String? { values[name] }

    /// The action, and the service whose version it is of.
    func action() throws(AWSFailure) -> (String, AWSQueryXML) {
        guard let action = values["Action"], !action.isEmpty else {
            throw AWSFailure(
                status: 400,
                code: "MissingAction",
                message: "The request must contain the parameter Action."
            )
        }
        let version = values["Version"] ?? ""
        guard let api = AWSQueryXML.allCases.first(where: { $0.version == version }) else {
            throw AWSFailure(
                status: 400,
                code: "NoSuchVersion",
                message: "The requested version ( \(version) ) is not valid."
            )
        }
        return (action, api)
    }
}
