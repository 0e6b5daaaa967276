import GTokenCore

/// What decides about a Pod, as lines before the body of the request.
///
///     server 1.31
///     api-audience https://kubernetes.default.svc
///     --sidecar=container
///     amazonaws.com/role-arn=arn:aws:iam::123456789012:role/app
///
///     {"apiVersion":"admission.k8s.io/v1", ...
///
/// Lines with two hyphens are the webhook's own command line, so that an option is reached as soon as there is
/// one; other lines with `=` are annotations of the ServiceAccount. An empty line ends them.
struct ReviewInput {
    private(set) var annotations: [String: String] = [:]
    private(set) var rules: InjectionRules
    private(set) var body: [UInt8] = []

    /// `nil` where the webhook would not start with these options.
    init?(_ bytes: [UInt8]) {
        var arguments = ["--image=registry.example/gtoken:1.0.0", "server"]
        var server: [Substring] = ["1", "33"]
        var audiences: Set<String> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            guard !line.isEmpty else { break }
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("--") {
                arguments.append(text)
            } else if let version = text.value(after: "server ") {
                server = version.split(separator: ".", maxSplits: 1)
            } else if let audience = text.value(after: "api-audience ") {
                audiences.insert(audience)
            } else if let equals = text.firstIndex(of: "=") {
                annotations[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
        }
        body = Array(rest)
        let command = try? WebhookCommand(arguments: arguments, environment: [:], version: "1.0.0")
        guard case .server(let configuration) = command else { return nil }
        rules = InjectionRules(
            configuration: configuration.injection,
            cluster: ClusterFacts(
                serverMajor: String(server.first ?? ""),
                serverMinor: String(server.dropFirst().first ?? ""),
                apiAudiences: audiences
            )
        )
    }
}

extension String {
    fileprivate func value(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
