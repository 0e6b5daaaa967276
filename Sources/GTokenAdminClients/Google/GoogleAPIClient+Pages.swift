package import GTokenClients
package import GTokenCore
internal import GTokenNet

extension GoogleAPIClient {
    /// The pages of a list, until there is none after it (AIP-158).
    ///
    /// - Parameters:
    ///   - request: the call of the first page.
    ///   - maxPages: after which the list is given up: a token that leads in a circle has no end.
    /// - Returns: the pages, at least one.
    /// - Throws: ``GoogleAPIError``.
    package func pages(
        _ request: GoogleAPIRequest,
        maxPages: Int = 1000
    ) async throws(GoogleAPIError) -> [JSONDocument] {
        var request = request
        var pages: [JSONDocument] = []
        while pages.count < maxPages {
            let page = try await call(request)
            pages.append(page)
            guard let next = page.root["nextPageToken"]?.string(), !next.isEmpty else { return pages }
            request.query["pageToken"] = next
        }
        throw malformed(request)
    }
}
