import GTokenCore
import GTokenNet

/// Signs requests of the HTTP client for AWS.
enum AWSRequestSigner {
    private static let signer = SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) })

    /// The request with what Signature Version 4 adds to its fields.
    static func signed(
        _ request: HTTPClientRequest,
        with credentials: AWSCredentials,
        for endpoint: AWSEndpoint,
        at time: UnixTime
    ) -> HTTPClientRequest {
        var parts = SigV4Request(
            method: request.method,
            path: request.url.path,
            headers: [("Host", request.url.hostField)] + request.headers.map { ($0.name, $0.value) },
            body: request.body
        )
        signer.sign(
            &parts,
            with: credentials,
            region: endpoint.signingRegion,
            service: endpoint.service.rawValue,
            at: time
        )
        var signed = request
        signed.headers = HTTPHeaders()
        // `Host` is the client's to send.
        for (name, value) in parts.headers where name != "Host" { signed.headers.add(name, value) }
        return signed
    }
}
