import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport

/// Google's APIs that answer each request with what the test's handler says, and keep what was asked.
final class ScriptedGoogle: Sendable {
    static let token = "ya29.a-token-that-nobody-may-see"

    let clock = ManualClock()
    let api: GoogleAPIClient
    private let asked: Locked<[HTTPClientRequest]>

    /// The requests so far.
    var requests: [HTTPClientRequest] { asked.withLock { $0 } }
    /// Their methods and targets.
    var calls: [String] { requests.map { "\($0.method) \($0.url.target)" } }

    init(
        tokens: any GoogleAccessTokenSource = FixedTokens(),
        quotaProject: GoogleProjectID? = nil,
        limits: GoogleAPIClient.Limits = GoogleAPIClient.Limits(),
        _ handler:
            @escaping @Sendable (_ number: Int, HTTPClientRequest) throws(HTTPClientError) -> HTTPResponse
    ) throws {
        let asked = Locked<[HTTPClientRequest]>([])
        self.asked = asked
        clock.letSleepsPass(for: .seconds(3600))
        api = GoogleAPIClient(
            tokens: CachedAccessTokens(tokens, clock: clock),
            quotaProject: quotaProject,
            limits: limits,
            clock: clock
        ) { request throws(HTTPClientError) in
            let number = asked.withLock { asked in
                asked.append(request)
                return asked.count - 1
            }
            return try handler(number, request)
        }
    }
}

/// Tokens out of thin air, each with a number.
struct FixedTokens: GoogleAccessTokenSource {
    let count = Locked(0)
    var expiresAt: UnixTime?

    func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return try GoogleAccessToken(
            "\(ScriptedGoogle.token)-\(number)",
            expiresAt: expiresAt,
            source: "test"
        )
    }
}

extension HTTPResponse {
    /// A JSON text.
    static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        .json(Array(text.utf8), status: status)
    }

    /// A refusal of Google's.
    static func googleFailure(_ code: Int, _ status: String, reason: String = "") -> HTTPResponse {
        .json(
            #"{"error":{"code":\#(code),"message":"words of \#(status)","status":"\#(status)","details":["#
                + #"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"\#(reason)"}]}}"#,
            status: code
        )
    }
}
