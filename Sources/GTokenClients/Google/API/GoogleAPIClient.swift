package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// Calls Google's APIs over JSON: with a token, at a pace that all callers share, again where that may help.
///
/// A call that is refused with 408, 429 or 5xx, or has no answer, is made again after a growing, jittered delay, or
/// the one that the service asks for, until ``Limits/patience`` is over, for all calls together where the service is away. A token that is not taken is replaced once.
package final class GoogleAPIClient: Sendable {
    /// Sends a request; a test's is no network.
    package typealias Transport =
        @Sendable (HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse

    /// How fast, and how long.
    package struct Limits: Sendable {
        /// The pace of calls that change nothing; IAM's quota of reads is 6,000 a minute a project.
        package var reads = CallPacer.Limits(concurrent: 16, perSecond: 50, burst: 50)
        /// The pace of the others; IAM's quota of writes is 600 a minute a project.
        package var writes = CallPacer.Limits(concurrent: 8, perSecond: 8, burst: 20)
        /// From the first attempt of a call to the last; a minute is how long Google's quotas look back.
        package var patience = Duration.seconds(120)
        /// The most attempts within it.
        package var maxAttempts = 10

        /// The usual ones.
        package init() {}
    }

    /// Where each API is.
    package let endpoints: GoogleEndpoints
    private let tokens: CachedAccessTokens
    private let quotaProject: GoogleProjectID?
    /// What waits.
    package let clock: any Clock
    /// How fast, and how long.
    package let limits: Limits
    private let reads: CallPacer
    private let writes: CallPacer
    private let send: Transport
    private let patience: ServicePatience
    private let sent = Locked(0)

    /// The largest answer that is taken: a policy is at most 64 KB, a cluster with a thousand node pools 4 MB.
    private static let maxResponseBytes = 8 << 20
    /// One attempt: GKE takes up to a quarter of a minute to answer about a cluster.
    private static let timeout = Duration.seconds(30)

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - endpoints: where each API is.
    ///   - tokens: whose calls they are.
    ///   - quotaProject: whose quota they count in, where that is not the caller's own project; the caller needs
    ///     `serviceusage.services.use` there.
    ///   - limits: how fast, and how long.
    ///   - clock: what waits.
    ///   - transport: what sends.
    package init(
        endpoints: GoogleEndpoints = .google,
        tokens: CachedAccessTokens,
        quotaProject: GoogleProjectID? = nil,
        limits: Limits = Limits(),
        clock: any Clock,
        transport: @escaping Transport
    ) {
        self.endpoints = endpoints
        self.tokens = tokens
        self.quotaProject = quotaProject
        self.limits = limits
        self.clock = clock
        reads = CallPacer(limits.reads, clock: clock)
        writes = CallPacer(limits.writes, clock: clock)
        send = transport
        patience = ServicePatience(limits.patience, maxAttempts: limits.maxAttempts, clock: clock)
    }

    /// Makes a client over HTTP.
    package convenience init(
        endpoints: GoogleEndpoints = .google,
        tokens: CachedAccessTokens,
        quotaProject: GoogleProjectID? = nil,
        limits: Limits = Limits(),
        clock: any Clock,
        http: HTTPClient
    ) {
        self.init(
            endpoints: endpoints,
            tokens: tokens,
            quotaProject: quotaProject,
            limits: limits,
            clock: clock
        ) { request throws(HTTPClientError) in try await http.send(request) }
    }

    /// How many requests were sent so far, repetitions included.
    package var requestCount: Int { sent.withLock { $0 } }

    /// The JSON that a call is answered with.
    ///
    /// - Throws: ``GoogleAPIError``, after the last attempt.
    package func call(_ request: GoogleAPIRequest) async throws(GoogleAPIError) -> JSONDocument {
        var token: GoogleAccessToken?
        var hasNewToken = false
        return try await patience.answer { end throws(GoogleAPIError) in
            token = request.isAuthenticated ? try await self.token() : nil
            return try await attempt(request, token, until: end)
        } after: { failure in
            if let token, failure.status?.isUnauthenticated == true, !hasNewToken {
                hasNewToken = true
                await tokens.discard(token)
                return .atOnce
            }
            guard failure.isTransient, request.isRepeatable else { return .never }
            return .later(
                atLeast: failure.status?.details.compactMap(\.retryDelay).first ?? .zero,
                pausing: failure.status?.code == 429 ? pacer(for: request) : nil
            )
        }
    }

    private func pacer(for request: GoogleAPIRequest) -> CallPacer { request.isRead ? reads : writes }

    private func token() async throws(GoogleAPIError) -> GoogleAccessToken {
        do throws(GoogleCredentialError) {
            return try await tokens.current()
        } catch {
            throw .credentials(error)
        }
    }

    private func attempt(
        _ request: GoogleAPIRequest,
        _ token: GoogleAccessToken?,
        until end: UnixTime
    ) async throws(GoogleAPIError) -> JSONDocument {
        let question = question(request, token)
        let url = question.url.description
        let response = try await pacer(for: request).paced(cancelled: GoogleAPIError.cancelled) {
            () async throws(GoogleAPIError) in
            var question = question
            question.timeout = max(min(Self.timeout, end.duration(since: clock.now())), .seconds(1))
            sent.withLock { $0 += 1 }
            do throws(HTTPClientError) {
                return try await send(question)
            } catch .cancelled {
                throw .cancelled
            } catch {
                throw .transport(error)
            }
        }
        guard response.isSuccess else {
            var status = GoogleErrorStatus(
                code: response.status,
                body: response.body,
                hiding: token.map { [$0.text] } ?? []
            )
            if let delay = Self.retryAfter(response) {
                status.details.append(GoogleErrorStatus.Detail(reason: "", retryDelay: delay))
            }
            throw .refused(url: url, status)
        }
        do throws(JSONError) {
            return try JSONDocument(response.body.isEmpty ? Array("{}".utf8) : response.body)
        } catch {
            throw .malformedAnswer(url: url)
        }
    }

    private func question(_ request: GoogleAPIRequest, _ token: GoogleAccessToken?) -> HTTPClientRequest {
        var headers: HTTPHeaders = ["Accept": "application/json"]
        if !request.body.isEmpty { headers.set("Content-Type", "application/json") }
        if let token {
            headers.set("Authorization", "Bearer \(token.text)")
            if let quotaProject { headers.set("X-Goog-User-Project", quotaProject.description) }
        }
        var question = HTTPClientRequest(
            method: request.method,
            url: url(of: request),
            headers: headers,
            body: request.body
        )
        question.maxResponseBytes = Self.maxResponseBytes
        question.isReplayable = request.isRepeatable
        return question
    }

    /// Where a call goes.
    private func url(of request: GoogleAPIRequest) -> HTTPURL { request.url(at: endpoints[request.service]) }

    /// The error of an answer that is not what the API writes.
    package func malformed(_ request: GoogleAPIRequest) -> GoogleAPIError {
        .malformedAnswer(url: url(of: request).description)
    }

    /// What `body` reads in the answer of a call.
    ///
    /// - Throws: ``GoogleAPIError/missingField(url:_:)`` for a field without which it is of no use.
    package func read<Value>(
        answering request: GoogleAPIRequest,
        _ body: () throws(MissingField) -> Value
    ) throws(GoogleAPIError) -> Value {
        do throws(MissingField) {
            return try body()
        } catch {
            throw .missingField(url: url(of: request).description, error.name)
        }
    }

    /// The seconds of `Retry-After`; a date there is no form that Google's APIs use.
    private static func retryAfter(_ response: HTTPResponse) -> Duration? {
        guard let seconds = response.headers["Retry-After"].flatMap({ Int64($0) }),
            (0...86_400).contains(seconds)
        else { return nil }
        return .seconds(seconds)
    }
}

/// The name of a field that an answer lacks.
package struct MissingField: Error {
    /// The field.
    package let name: String

    /// Names it.
    package init(_ name: String) { self.name = name }
}
