package import GTokenClients
import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// Calls an AWS service with the Query protocol: signed, at a pace that all callers share, again where that may help.
///
/// A call that is throttled, meets a service in trouble or has no answer is made again after a growing, jittered
/// delay until ``Limits/patience`` is over, for all calls together where the service is away. A signature that is refused for its
/// time is made again once with the service's, and credentials that are refused are replaced once.
package final class AWSQueryClient: Sendable {
    /// Sends a request; a test's is no network.
    package typealias Transport =
        @Sendable (HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse

    /// How fast, and how long.
    package struct Limits: Sendable {
        /// The pace of calls that change nothing.
        ///
        /// AWS publishes no quota of IAM; throttling begins at some tens of calls a second.
        package var reads = CallPacer.Limits(concurrent: 16, perSecond: 25, burst: 50)
        /// The pace of the others.
        package var writes = CallPacer.Limits(concurrent: 8, perSecond: 10, burst: 20)
        /// From the first attempt of a call to the last.
        package var patience = Duration.seconds(120)

        /// The usual ones.
        package init() {}
    }

    /// Where the service is.
    package let endpoint: AWSEndpoint
    let clock: any Clock
    let limits: Limits
    private let credentials: CachedAWSCredentials?
    private let reads: CallPacer
    private let writes: CallPacer
    private let send: Transport
    private let patience: ServicePatience
    /// How far the service's clock is ahead of ours, once it has refused a signature for that.
    private let skew = Locked(Duration.zero)
    private let sent = Locked(0)

    /// One attempt: IAM answers within a second or two.
    private static let timeout = Duration.seconds(30)

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - endpoint: the service, and where it is.
    ///   - credentials: what signs its requests; `nil` for actions that are not signed.
    ///   - limits: how fast, and how long.
    ///   - clock: what waits, and dates the signatures.
    ///   - transport: what sends.
    package init(
        endpoint: AWSEndpoint,
        credentials: CachedAWSCredentials?,
        limits: Limits = Limits(),
        clock: any Clock,
        transport: @escaping Transport
    ) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.limits = limits
        self.clock = clock
        reads = CallPacer(limits.reads, clock: clock)
        writes = CallPacer(limits.writes, clock: clock)
        send = transport
        patience = ServicePatience(limits.patience, clock: clock)
    }

    /// Makes a client over HTTP.
    package convenience init(
        endpoint: AWSEndpoint,
        credentials: CachedAWSCredentials?,
        limits: Limits = Limits(),
        clock: any Clock,
        http: HTTPClient
    ) {
        self.init(endpoint: endpoint, credentials: credentials, limits: limits, clock: clock) {
            request throws(HTTPClientError) in try await http.send(request)
        }
    }

    /// How many requests were sent so far, repetitions included.
    package var requestCount: Int { sent.withLock { $0 } }

    /// The answer to a call.
    ///
    /// - Throws: ``AWSQueryError``, after the last attempt.
    package func answer(to call: AWSQueryCall) async throws(AWSQueryError) -> AWSQueryAnswer {
        var key: AWSCredentials?
        var hasOtherTime = false
        var hasOtherCredentials = false
        do throws(Attempt.Failure) {
            return try await patience.answer { end throws(Attempt.Failure) in
                key = try await currentCredentials()
                return try await attempt(call, key, until: end)
            } after: { failure in
                if failure.error.kind == .clockSkew, !hasOtherTime, let date = failure.serverTime {
                    hasOtherTime = true
                    skew.withLock { $0 = date.duration(since: clock.now()) }
                    return .atOnce
                }
                if failure.error.kind == .badCredentials, !hasOtherCredentials, let key, let credentials,
                    await credentials.discard(key)
                {
                    hasOtherCredentials = true
                    return .atOnce
                }
                guard failure.error.isTransient else { return .never }
                return .later(pausing: failure.error.kind == .throttled ? pacer(for: call) : nil)
            }
        } catch {
            throw error.error
        }
    }

    private func pacer(for call: AWSQueryCall) -> CallPacer { call.isRead ? reads : writes }

    private func currentCredentials() async throws(Attempt.Failure) -> AWSCredentials? {
        guard let credentials else { return nil }
        do throws(AWSCredentialError) {
            return try await credentials.current()
        } catch {
            throw Attempt.Failure(error: .credentials(error))
        }
    }

    private enum Attempt {
        /// Why an attempt failed, and the time at the service, where it said so.
        struct Failure: ServiceFailure {
            var error: AWSQueryError
            var serverTime: UnixTime?

            var service: ServiceState { error.service }
            static var cancelled: Self { Self(error: .cancelled) }
        }
    }

    private func attempt(
        _ call: AWSQueryCall,
        _ key: AWSCredentials?,
        until end: UnixTime
    ) async throws(Attempt.Failure) -> AWSQueryAnswer {
        let response = try await pacer(for: call).paced(cancelled: Attempt.Failure.cancelled) {
            () async throws(Attempt.Failure) in
            // Signed when its turn has come: the wait can be long.
            let request = request(call, key, until: end)
            sent.withLock { $0 += 1 }
            do throws(HTTPClientError) {
                return try await send(request)
            } catch .cancelled {
                throw .cancelled
            } catch {
                throw Attempt.Failure(error: .transport(error))
            }
        }
        do throws(AWSQueryError) {
            return try AWSQueryAnswer(response, to: call, of: endpoint.service, hiding: key)
        } catch {
            throw Attempt.Failure(
                error: error,
                serverTime: response.headers["Date"].flatMap(HTTPDate.time)
            )
        }
    }

    private func request(
        _ call: AWSQueryCall,
        _ key: AWSCredentials?,
        until end: UnixTime
    ) -> HTTPClientRequest {
        let now = clock.now()
        var request = endpoint.request(for: call, signedWith: key, at: now + skew.withLock { $0 })
        request.timeout = max(min(Self.timeout, end.duration(since: now)), .seconds(1))
        return request
    }
}
