/// AWS Signature Version 4, without the hash functions that it is made of.
///
/// The text forms are those of the IAM User Guide, "Create a signed AWS API request". Services other than S3 are
/// meant: the path is normalised and encoded a second time.
public struct SigV4: Sendable {
    /// The name of the algorithm in a request.
    public static let algorithm = "AWS4-HMAC-SHA256"

    private let sha256: @Sendable ([UInt8]) -> [UInt8]
    private let hmac: @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]

    /// Makes a signer of the two functions that it needs.
    public init(
        sha256: @escaping @Sendable ([UInt8]) -> [UInt8],
        hmacSHA256: @escaping @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]
    ) {
        self.sha256 = sha256
        hmac = hmacSHA256
    }

    /// Signs a request: adds `X-Amz-Date`, `X-Amz-Security-Token` where there is a session, and `Authorization`.
    ///
    /// Every header that is there is signed; `Host` must be among them.
    public func sign(
        _ request: inout SigV4Request,
        with credentials: AWSCredentials,
        region: String,
        service: String,
        at time: UnixTime
    ) {
        request.headers.append(("X-Amz-Date", SigV4Scope.timestamp(time)))
        if let token = credentials.sessionToken {
            request.headers.append(("X-Amz-Security-Token", token))
        }
        let authorization = SigV4Authorization(
            accessKeyID: credentials.accessKeyID,
            scope: SigV4Scope(time: time, region: region, service: service),
            signedHeaders: request.headerNames,
            signature: ""
        )
        let signature = signature(
            of: request,
            as: authorization,
            timestamp: SigV4Scope.timestamp(time),
            secretAccessKey: credentials.secretAccessKey
        )
        request.headers.append(("Authorization", authorization.field(signature: signature)))
    }

    /// The signature, in lower-case hexadecimal, that a request with this authorization has to carry.
    ///
    /// `timestamp` is the request's `X-Amz-Date`.
    public func signature(
        of request: SigV4Request,
        as authorization: SigV4Authorization,
        timestamp: String,
        secretAccessKey: String
    ) -> String {
        let canonical = canonicalRequest(request, signedHeaders: authorization.signedHeaders)
        let text = stringToSign(canonical, scope: authorization.scope, timestamp: timestamp)
        var key = Array("AWS4\(secretAccessKey)".utf8)
        let scope = authorization.scope
        for part in [scope.date, scope.region, scope.service, SigV4Scope.terminator] {
            key = hmac(key, Array(part.utf8))
        }
        return Self.hexadecimal(hmac(key, Array(text.utf8)))
    }

    /// The canonical form of a request, over its signed headers alone.
    public func canonicalRequest(_ request: SigV4Request, signedHeaders: [String]) -> String {
        let names = signedHeaders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let headers = names.map { "\($0):\(request.canonicalValue(of: $0))\n" }.joined()
        return [
            request.method, request.canonicalPath, request.canonicalQuery, headers,
            names.joined(separator: ";"),
            Self.hexadecimal(sha256(request.body)),
        ].joined(separator: "\n")
    }

    /// The text that is signed in place of the canonical request.
    public func stringToSign(_ canonicalRequest: String, scope: SigV4Scope, timestamp: String) -> String {
        let hash = Self.hexadecimal(sha256(Array(canonicalRequest.utf8)))
        return "\(Self.algorithm)\n\(timestamp)\n\(scope)\n\(hash)"
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
