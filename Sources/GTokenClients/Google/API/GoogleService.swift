package import GTokenNet

/// A Google API that gtokenctl speaks to.
package enum GoogleService: String, Sendable, CaseIterable {
    /// Identity and Access Management: service accounts and who may use them.
    case iam
    /// IAM Service Account Credentials: tokens of service accounts.
    case iamCredentials = "iamcredentials"
    /// Kubernetes Engine.
    case container
    /// Service Usage: which APIs a project has enabled.
    case serviceUsage = "serviceusage"
    /// Resource Manager: projects.
    case resourceManager = "cloudresourcemanager"

    /// The name under which a project enables it, such as `iam.googleapis.com`; also its host.
    package var name: String { "\(rawValue).googleapis.com" }

    /// The variable of gcloud that names another endpoint, `CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM`.
    package var overrideVariable: String { "CLOUDSDK_API_ENDPOINT_OVERRIDES_\(rawValue.uppercased())" }
}

/// Where each of Google's APIs is asked.
package struct GoogleEndpoints: Sendable, Equatable {
    private var overrides: [GoogleService: HTTPURL] = [:]

    /// Google's own.
    package static let google = GoogleEndpoints()

    private init() {}

    /// All of them at one address, as a stand-in has it.
    package init(all url: HTTPURL) throws(GoogleEndpointError) {
        for service in GoogleService.allCases { overrides[service] = try Self.checked(url, service.rawValue) }
    }

    /// Google's own, and those that variables of gcloud override; an empty variable is none.
    ///
    /// - Throws: ``GoogleEndpointError`` for a variable that is no `https` URL, nor an `http` one of this machine.
    package init(environment: [String: String]) throws(GoogleEndpointError) {
        for service in GoogleService.allCases {
            let variable = service.overrideVariable
            guard let text = environment[variable], !text.isEmpty else { continue }
            let url: HTTPURL
            do throws(HTTPURLError) {
                url = try HTTPURL(parsing: text)
            } catch {
                throw .invalid(variable: variable, error)
            }
            overrides[service] = try Self.checked(url, variable)
        }
    }

    /// Where a service is asked: what its paths are added to.
    package subscript(_ service: GoogleService) -> HTTPURL {
        if let url = overrides[service] { return url }
        guard let url = try? HTTPURL(scheme: .https, host: service.name) else {
            // Invariant: the names of the services are host names.
            preconditionFailure()
        }
        return url
    }

    /// A token goes there, and must be read by nobody on the way.
    private static func checked(_ url: HTTPURL, _ name: String) throws(GoogleEndpointError) -> HTTPURL {
        guard url.scheme == .https || url.isLoopback else { throw .plainText(variable: name) }
        guard !url.target.contains("?") else { throw .invalid(variable: name, .invalidTarget) }
        return url
    }
}

/// Why an endpoint cannot be used.
package enum GoogleEndpointError: Error, Equatable, Sendable {
    /// The variable is no URL that can be asked.
    case invalid(variable: String, HTTPURLError)
    /// The variable asks for plain HTTP to another machine.
    case plainText(variable: String)
}

extension GoogleEndpointError: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .invalid(let variable, let error): "\(variable): \(error)"
        case .plainText(let variable):
            "\(variable): a token is sent over https only, or over http to this machine"
        }
    }
}
