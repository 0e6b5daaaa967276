import GTokenCore
import GTokenNet

/// The parameters of a request to the query API: the form of a POST, the query of a GET.
struct STSParameters: Sendable {
    private let values: [String: String]

    init(_ request: HTTPRequest) throws(STSFailure) {
        let form: HTTPForm?
        switch request.method {
        case "POST": form = request.form
        case "GET": form = HTTPForm(parsing: Array((request.queryString ?? "").utf8))
        default: throw STSFailure(status: 405, code: "MethodNotAllowed", message: "Use POST or GET")
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
    func action() throws(STSFailure) -> (String, STSXML) {
        guard let action = values["Action"], !action.isEmpty else {
            throw STSFailure(
                status: 400,
                code: "MissingAction",
                message: "The request must contain the parameter Action."
            )
        }
        let version = values["Version"] ?? ""
        guard let api = STSXML.allCases.first(where: { $0.version == version }) else {
            throw STSFailure(
                status: 400,
                code: "NoSuchVersion",
                message: "The requested version ( \(version) ) is not valid."
            )
        }
        return (action, api)
    }
}

/// What AssumeRoleWithWebIdentity takes, within the limits of STS's API reference.
struct AssumeRoleParameters: Sendable {
    var role: RoleARN
    var sessionName: RoleSessionName
    var token: String
    var duration: Int64
    var policy: String?

    init(_ parameters: STSParameters) throws(STSFailure) {
        var problems: [String] = []
        func check(_ name: String, _ lengths: ClosedRange<Int>, isSecret: Bool = false) -> String {
            let member = name.prefix(1).lowercased() + name.dropFirst()
            guard let value = parameters[name] else {
                problems.append(
                    "Value null at '\(member)' failed to satisfy constraint: Member must not be null"
                )
                return ""
            }
            let shown = isSecret ? "at" : "'\(value.prefix(200))' at"
            let count = value.unicodeScalars.count
            if count < lengths.lowerBound {
                problems.append(
                    "Value \(shown) '\(member)' failed to satisfy constraint: "
                        + "Member must have length greater than or equal to \(lengths.lowerBound)"
                )
            } else if count > lengths.upperBound {
                problems.append(
                    "Value \(shown) '\(member)' failed to satisfy constraint: "
                        + "Member must have length less than or equal to \(lengths.upperBound)"
                )
            }
            return value
        }
        let roleText = check("RoleArn", 20...2048)
        let sessionText = check("RoleSessionName", 2...64)
        token = check("WebIdentityToken", 4...20_000, isSecret: true)
        let session = try? RoleSessionName(parsing: sessionText)
        if session == nil, 2...64 ~= sessionText.unicodeScalars.count {
            problems.append(
                "Value '\(sessionText)' at 'roleSessionName' failed to satisfy constraint: "
                    + "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            )
        }
        let durationText = parameters["DurationSeconds"] ?? "3600"
        duration = Int64(durationText) ?? 0
        for (isOutside, bound) in [
            (duration < 900, "greater than or equal to 900"),
            (duration > 43_200, "less than or equal to 43200"),
        ] where isOutside {
            problems.append(
                "Value '\(durationText.prefix(20))' at 'durationSeconds' failed to satisfy constraint: "
                    + "Member must have value \(bound)"
            )
        }
        guard problems.isEmpty, let session else {
            let count = "\(problems.count) validation error\(problems.count == 1 ? "" : "s") detected: "
            throw .validation(count + problems.joined(separator: "; "))
        }
        guard let role = try? RoleARN(parsing: roleText) else { throw .validation("\(roleText) is invalid") }
        self.role = role
        sessionName = session
        policy = parameters["Policy"]
    }
}
