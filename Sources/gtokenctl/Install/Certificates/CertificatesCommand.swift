import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl certs`.
struct CertificatesCommand: Sendable {
    private let configuration: CertificatesConfiguration

    init(_ configuration: CertificatesConfiguration) { self.configuration = configuration }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        try CommandLoop.runInstalling { loop in
            do {
                return try await run(on: loop)
            } catch let error as CryptographyError {
                throw ToolError("no certificate can be made: \(error)", exitCode: .bug)
            }
        }
    }

    private func run(on loop: EventLoop) async throws -> ExitCode {
        let host = WebhookNames.standard.host(in: configuration.namespace)
        if let folder = configuration.outputFolder {
            let outcome = try StaticFiles(folder: folder, host: host).ensure(
                validFor: configuration.validity,
                renews: configuration.renews,
                at: LoopClock(loop).now()
            )
            try report(outcome, place: folder, host: host, notes: [])
            return .done
        }
        let kubectl = Kubectl(configuration.access, on: loop)
        guard try await kubectl.find(["namespace", configuration.namespace]) != nil else {
            throw ToolError(
                "there is no namespace \(configuration.namespace)",
                hint:
                    "gtokenctl install --certificates=static-certs makes it and all the rest; or kubectl create namespace "
                    + configuration.namespace,
                exitCode: .configuration
            )
        }
        if let installed = try await Installation.find(kubectl), installed.isOurs,
            installed.namespace == configuration.namespace, installed.deployment != nil,
            installed.certificates != .staticFiles
        {
            throw ToolError(
                "the webhook is installed with certificates that are \(installed.certificates.rawValue)",
                hint: "nothing is to be made; gtokenctl install --certificates=static-certs changes over",
                exitCode: .configuration
            )
        }
        let certificates = StaticCertificates(kubectl, namespace: configuration.namespace)
        let outcome = try await certificates.ensure(
            validFor: configuration.validity,
            renews: configuration.renews
        )
        // Also where the pair is good: caBundle may have been set back.
        let isTrustedAnew = try await certificates.trust(outcome.pair)
        var notes: [String] = []
        if isTrustedAnew, !outcome.isNew { notes.append("caBundle did not hold its authority, and does now") }
        if !(try await certificates.isRegistered()) {
            notes.append(
                "no MutatingWebhookConfiguration calls \(host) yet: run this again when one does, or gtokenctl install "
                    + "--certificates=static-certs"
            )
        }
        let place = "Secret \(configuration.namespace)/\(WebhookNames.standard.certificates)"
        try report(outcome, place: place, host: host, notes: notes)
        return .done
    }

    private func report(
        _ outcome: StaticCertificates.Outcome,
        place: String,
        host: String,
        notes: [String]
    ) throws(ToolError) {
        let end = outcome.pair.end?.rfc3339 ?? "an unknown time"
        switch configuration.output {
        case .text:
            let line =
                outcome.isNew
                ? "\(place): a new pair for \(host) until \(end): \(outcome.reason)"
                : "\(place): the pair for \(host) stays: \(outcome.reason); --renew makes a new one"
            let lines = [line.inOneLine] + notes.map { "note: \($0)" }
            try StandardOutput.writeResult(lines.joined(separator: "\n") + "\n")
        case .json:
            var writer = JSONWriter()
            writer.object { object in
                object.member("place", place)
                object.member("host", host)
                object.member("isNew", outcome.isNew)
                object.member("reason", outcome.reason)
                object.member("notAfter", end)
                object.member("notes") { list in
                    list.array { list in
                        for note in notes { list.value(note) }
                    }
                }
            }
            try StandardOutput.writeResult(String(decoding: writer.bytes, as: UTF8.self) + "\n")
        }
    }
}
