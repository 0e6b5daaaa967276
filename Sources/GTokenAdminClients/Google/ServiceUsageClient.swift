package import GTokenClients
package import GTokenCore
internal import GTokenNet

/// Which of Google's APIs a project has enabled, by the Service Usage API (v1).
package struct ServiceUsageClient: Sendable {
    private let api: GoogleAPIClient

    /// Makes a client of Service Usage.
    package init(_ api: GoogleAPIClient) { self.api = api }

    /// Those of the services that are not enabled in a project, in their order.
    ///
    /// The caller needs `serviceusage.services.get`.
    package func disabled(
        of services: [GoogleService],
        in project: GoogleProjectID
    ) async throws(GoogleAPIError) -> [GoogleService] {
        var request = GoogleAPIRequest(
            .serviceUsage,
            "GET",
            ["v1", "projects", "\(project)", "services"],
            verb: "batchGet"
        )
        for service in services { request.query.add("names", "projects/\(project)/services/\(service.name)") }
        let answer = try await api.call(request)
        let states = try api.read(answering: request) { () throws(MissingField) in
            var states: [String: String] = [:]
            for service in answer.root["services"]?.elements.map({ $0 }) ?? [] {
                guard let name = service["name"]?.string(), let state = service["state"]?.string() else {
                    throw MissingField("services.state")
                }
                // Google writes the project's number where it was asked by id.
                if let last = name.split(separator: "/").last { states[String(last)] = state }
            }
            return states
        }
        return services.filter { states[$0.name] != "ENABLED" }
    }

    /// The command by which somebody who may enables services.
    package static func enableCommand(_ services: [GoogleService], in project: GoogleProjectID) -> String {
        "gcloud services enable \(services.map(\.name).joined(separator: " ")) --project=\(project)"
    }
}
