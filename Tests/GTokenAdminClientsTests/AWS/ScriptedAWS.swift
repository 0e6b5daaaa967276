import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport

/// An AWS service that answers each request with what the test's handler says, and keeps what was asked.
final class ScriptedAWS: Sendable {
    static let secret = "a-secret-access-key-that-nobody-may-see"
    static let keys = AWSCredentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: secret)

    let clock = ManualClock()
    let query: AWSQueryClient
    private let asked: Locked<[HTTPClientRequest]>

    /// The requests so far.
    var requests: [HTTPClientRequest] { asked.withLock { $0 } }
    /// Their parameters.
    var forms: [HTTPForm] { requests.compactMap { HTTPForm(parsing: $0.body) } }
    /// Their actions.
    var actions: [String] { forms.map { $0["Action"] ?? "" } }
    /// IAM that asks.
    var iam: IAMClient { IAMClient(query) }

    init(
        _ service: AWSService = .iam,
        source: any AWSCredentialsSource = keys,
        limits: AWSQueryClient.Limits = AWSQueryClient.Limits(),
        _ handler:
            @escaping @Sendable (_ number: Int, HTTPForm) throws(HTTPClientError) -> HTTPResponse
    ) {
        let asked = Locked<[HTTPClientRequest]>([])
        self.asked = asked
        clock.letSleepsPass(for: .seconds(3600))
        query = AWSQueryClient(
            endpoint: AWSEndpoint(service, region: nil),
            credentials: CachedAWSCredentials(source, clock: clock),
            limits: limits,
            clock: clock
        ) { request throws(HTTPClientError) in
            let number = asked.withLock { asked in
                asked.append(request)
                return asked.count - 1
            }
            return try handler(number, HTTPForm(parsing: request.body) ?? [:])
        }
    }
}

extension HTTPResponse {
    /// An answer of the Query protocol, with this XML in its result.
    static func aws(_ action: String, _ result: String = "") -> HTTPResponse {
        let body =
            "<\(action)Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"
            + "<\(action)Result>\(result)</\(action)Result>"
            + "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></\(action)Response>"
        return HTTPResponse(status: 200, contentType: "text/xml", body: Array(body.utf8))
    }

    /// A refusal of AWS's.
    static func awsFailure(
        _ status: Int,
        _ code: String,
        message: String = "words of AWS",
        date: String? = nil
    ) -> HTTPResponse {
        let body =
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>"
            + "<Code>\(code)</Code><Message>\(message)</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        var response = HTTPResponse(status: status, contentType: "text/xml", body: Array(body.utf8))
        if let date { response.headers.set("Date", date) }
        return response
    }
}

/// The error of calls that are expected to fail.
func awsError(_ body: () async throws -> Void) async -> AWSQueryError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? AWSQueryError
    }
}
