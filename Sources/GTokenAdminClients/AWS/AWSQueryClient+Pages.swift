import GTokenClients
import GTokenNet

extension AWSQueryClient {
    /// The elements of a list, over all of its pages (IAM API, "IsTruncated" and "Marker").
    ///
    /// - Parameters:
    ///   - call: the call of the first page.
    ///   - list: the name of the list in the answer.
    ///   - maxPages: after which the list is given up: a marker that leads in a circle has no end.
    /// - Returns: the elements, in order.
    /// - Throws: ``AWSQueryError``.
    func members(
        _ call: AWSQueryCall,
        of list: String,
        maxPages: Int = 1000
    ) async throws(AWSQueryError) -> [AWSQueryAnswer] {
        var call = call
        var members: [AWSQueryAnswer] = []
        for _ in 0..<maxPages {
            let page = try await answer(to: call)
            members += page.members(list)
            guard page.optionalText("IsTruncated") == "true" else { return members }
            call.parameters["Marker"] = try page.text("Marker")
        }
        throw .missingElement(action: call.action, "end of the list")
    }
}
