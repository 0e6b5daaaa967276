package import GTokenCore
package import GTokenNet

extension AWSEndpoint {
    private static let signer = SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) })

    /// What a call is sent as, signed (Signature Version 4) where there is something to sign with.
    ///
    /// It may be sent again on another connection: all that is asked of IAM may be done twice, and another session more
    /// is no harm.
    ///
    /// - Parameters:
    ///   - call: what is asked for.
    ///   - credentials: whose call it is; `nil` for actions that are not signed.
    ///   - time: what the service's clock shows.
    /// - Returns: the request, for an answer of at most ``XMLElement/maxBytes`` bytes.
    package func request(
        for call: AWSQueryCall,
        signedWith credentials: AWSCredentials?,
        at time: UnixTime
    ) -> HTTPClientRequest {
        var form: HTTPForm = ["Action": call.action, "Version": service.apiVersion]
        form.items += call.parameters.items
        var request = HTTPClientRequest.post(form, to: url)
        request.maxResponseBytes = XMLElement.maxBytes
        request.isReplayable = true
        if let credentials { sign(&request, with: credentials, at: time) }
        return request
    }

    private func sign(_ request: inout HTTPClientRequest, with credentials: AWSCredentials, at time: UnixTime)
    {
        var parts = SigV4Request(
            method: request.method,
            path: request.url.path,
            headers: [("Host", request.url.hostField)] + request.headers.map { ($0.name, $0.value) },
            body: request.body
        )
        Self.signer.sign(
            &parts,
            with: credentials,
            region: signingRegion,
            service: service.rawValue,
            at: time
        )
        request.headers = HTTPHeaders()
        // `Host` is the client's to send.
        for (name, value) in parts.headers where name != "Host" { request.headers.add(name, value) }
    }
}

extension AWSCredentials {
    /// What no answer that is shown may repeat.
    var secrets: [String] { [secretAccessKey, sessionToken ?? ""] }
}
