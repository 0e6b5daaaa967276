import GTokenClients
import GTokenCore
import GTokenRuntime

/// Calls back whenever one object of the Kubernetes API may have changed.
///
/// It needs the right to watch that object and not the right to list any: a watch without a version begins with what is
/// there now.
struct ObjectWatch: Sendable {
    let client: KubernetesClient
    let selection: KubernetesSelection
    /// The object's kind and name, for people.
    let text: String
    let clock: any Clock
    let logger: Logger

    private static let timeout = Duration.seconds(10)
    /// The server sends a bookmark about every minute.
    private static let silence = Duration.seconds(180)
    private static let pauseWhenForbidden = Duration.seconds(60)
    private static let reminder = Duration.seconds(600)

    /// Watches until the task is cancelled.
    func run(changed: @Sendable () -> Void) async throws(CancellationError) {
        var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
        var throttle = LogThrottle(interval: Self.reminder)
        while true {
            var pause: Duration?
            do throws(KubernetesError) {
                var watch = try await client.watch(
                    selection,
                    from: "",
                    life: .seconds(Int.random(in: 300...600)),
                    silence: Self.silence,
                    timeout: Self.timeout
                )
                while let event = try await watch.next() {
                    backoff.reset()
                    throttle.reset()
                    switch event {
                    case .put, .removed: changed()
                    case .bookmark: break
                    }
                }
            } catch {
                if Task.isCancelled { throw CancellationError() }
                if case .refused(status: 403, _) = error { pause = Self.pauseWhenForbidden }
                let obstacle = CertificateObstacle.api(verb: "watch", object: text, error)
                if throttle.admits("\(obstacle)", at: clock.now()) {
                    logger.warning(
                        "cannot watch: changes are seen within a minute",
                        LogField(obstacle)
                    )
                }
            }
            try await clock.sleep(for: pause ?? backoff.next())
        }
    }
}
