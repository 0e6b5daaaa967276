/// What `gtokenctl doctor` looks at.
package struct DoctorConfiguration: Sendable, Equatable {
    /// The bindings, and as whom they are looked at.
    package var setup: SetupConfiguration
    /// Whether a token is made and the role assumed with it.
    package var provesWithToken: Bool
}

extension DoctorConfiguration {
    enum Options {
        static let token = Option(
            "token",
            .flag,
            environment: "GTOKENCTL_TOKEN",
            help: "Prove it: make an ID token and assume the role with it; neither is printed"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        setup = try SetupConfiguration(settings)
        provesWithToken = try settings.flag(Options.token)
    }

    /// `gtokenctl doctor`.
    static let specification = SetupConfiguration.specification(
        "doctor",
        summary: "Look at the whole chain from Pods to their AWS roles",
        discussion: """
            Credentials, APIs, cluster, webhook, service account, role, trust policy, annotations and Pods of each binding: a tick or \
            a cross for each, with the reason and what to do. What cannot be looked at because of something earlier is skipped, \
            and says so. It changes nothing. Exits with 1 when something is wrong.
            """,
        options: [Options.token.specification],
        examples: [
            .init("A fleet", "gtokenctl doctor --file=fleet.json"),
            .init("With the proof", "gtokenctl doctor --file=fleet.json --token"),
        ]
    )
}
