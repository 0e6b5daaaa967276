import GTokenCore
package import GTokenNet

extension JSONWebKeySet {
    /// Fetches the keys of an issuer by way of its discovery document, as AWS does.
    ///
    /// - Throws: what kept a document from being fetched or understood.
    package static func discovered(
        at configuration: HTTPURL,
        by http: HTTPClient
    ) async throws -> JSONWebKeySet {
        let document = try await http.send(HTTPClientRequest(url: configuration))
        let address = try JSONDocument(document.body).root["jwks_uri"]?.string() ?? ""
        let keys = try await http.send(HTTPClientRequest(url: try HTTPURL(parsing: address)))
        return try JSONWebKeySet(parsing: keys.body)
    }
}
