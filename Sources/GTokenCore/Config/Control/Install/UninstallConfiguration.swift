/// What `gtokenctl uninstall` removes.
package struct UninstallConfiguration: Sendable, Equatable {
    /// The webhook's namespace; `nil` for where it is installed.
    package var namespace: String?
    /// Whether nothing is asked before something is removed.
    package var isConfirmed: Bool
    /// Whether it is only shown what would be removed.
    package var isDryRun: Bool
    /// What our annotations begin with.
    package var annotationPrefix: String
    /// Which cluster.
    package var access: AccessConfiguration
    /// The form of the result.
    package var output: OutputForm
}

extension UninstallConfiguration {
    init(_ settings: Settings) throws(ConfigurationError) {
        namespace = try settings.value(InstallConfiguration.Options.namespace)
        isConfirmed = try settings.flag(SetupConfiguration.Options.yes)
        isDryRun = try settings.flag(InstallConfiguration.Options.dryRun)
        annotationPrefix = try settings.required(SetupConfiguration.Options.prefix)
        access = try AccessConfiguration(settings)
        output = try settings.required(SetupConfiguration.Options.output)
    }

    /// `gtokenctl uninstall`.
    static let specification = CommandSpecification(
        "uninstall",
        summary: "Remove the webhook from a cluster",
        discussion: """
            The registration goes first, so that no Pod waits for a webhook that is gone; then everything else that carries the \
            webhook's labels. What does not carry them stays, and so does the namespace while something else is in it. \
            ServiceAccounts and Pods that still have annotations of ours are named. Asks first.
            """,
        groups: [
            .init(
                "Work",
                [
                    InstallConfiguration.Options.namespace.specification,
                    SetupConfiguration.Options.yes.specification,
                    InstallConfiguration.Options.dryRun.specification,
                    SetupConfiguration.Options.prefix.specification,
                    SetupConfiguration.Options.output.specification,
                ]
            ), AccessConfiguration.Options.kubernetesGroup,
        ],
        examples: [.init("Without being asked", "gtokenctl uninstall --yes")]
    )
}
