import GTokenCore
import GTokenRuntime

/// The steps in which the real gtoken runs as a kubelet would run it.
extension Demo {
    /// Runs the injected container's command the way a kubelet would.
    func runGToken(of pod: PatchedPod) async throws {
        guard let container = pod.tokenContainers.first else {
            throw DemoError.unexpected("no container was injected")
        }
        let command = pod.commandLine(of: container)
        guard command.first == InjectedBinary.path else {
            throw DemoError.unexpected("the injected container runs \(command)")
        }
        let isSidecar = container["restartPolicy"]?.isString("Always") == true
        try report.step(
            isSidecar
                ? "The injected container runs gtoken, which writes the token and keeps it fresh"
                : "The injected init container runs gtoken once, which writes the token"
        )
        try report.say(command.joined(separator: " "))
        let gtoken = try runGToken(Array(command.dropFirst()))
        guard isSidecar else {
            guard try await gtoken.waitForEnd() == 0 else { throw DemoError.unexpected("gtoken failed") }
            return
        }
        let probe = pod.startupProbe(of: container)
        guard probe.first == InjectedBinary.path else {
            throw DemoError.unexpected("there is no startup probe")
        }
        _ = try await gtoken.wait(for: "the startup probe") {
            try await runGToken(Array(probe.dropFirst())).waitForEnd() == 0 ? true : nil
        }
        try report.confirm("startup probe: \(probe.joined(separator: " "))")
    }

    func runGToken(_ arguments: [String]) throws -> DemoTool {
        let environment = ["GCE_METADATA_HOST": "127.0.0.1:\(stage.googlePort)"]
        return try stage.start("gtoken", arguments, environment: environment)
    }

    func readToken(_ path: String) throws -> String {
        String(decoding: try FileReader.read(path: path, maxBytes: UnverifiedJWT.maxBytes), as: UTF8.self)
    }

    func showClaims() throws {
        try report.step("What the token says (the token itself is never shown)")
        let claims = try UnverifiedJWT(parsing: readToken("\(stage.volumePath)/gtoken")).claims
        let facts = [
            ("iss", claims.issuer), ("sub", claims.subject), ("aud", claims.audience.joined(separator: ", ")),
            ("azp", claims.authorizedParty), ("email", claims.email), ("exp", claims.expiresAt?.rfc3339),
        ].compactMap { name, value in value.map { (name: name, value: $0) } }
        try report.show(facts)
        report.record("claims", claims.raw.bytes)
    }
}

/// Where the token's image has its binary.
private enum InjectedBinary {
    static let path = "/gtoken"
}
