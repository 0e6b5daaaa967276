/// What gives the webhook its serving certificate, and keeps it valid while the webhook runs.
protocol CertificateSource: Sendable {
    /// What is served.
    var serving: ServingCertificate { get }
    /// Why an API server would not accept what is served, in words; `nil` where it would.
    var objection: String? { get }
    /// Works until the task is cancelled.
    func run() async throws(CancellationError)
}
