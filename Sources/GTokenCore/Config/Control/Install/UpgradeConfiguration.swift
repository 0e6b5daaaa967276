/// What `gtokenctl upgrade` does.
package struct UpgradeConfiguration: Sendable, Equatable {
    /// How the webhook is to be.
    package var install: InstallConfiguration
    /// What our annotations begin with.
    package var annotationPrefix: String
    /// What of both clouds is looked at, where the Go project is replaced; `nil` for nothing.
    package var audit: AuditConfiguration?
}

extension UpgradeConfiguration {
    enum Options {
        static let noClouds = Option(
            "no-audit",
            .flag,
            environment: "GTOKENCTL_NO_AUDIT",
            help: "Coming from the Go project: leave AWS roles and Google's grants out"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        install = try InstallConfiguration(settings)
        let prefix = try settings.value(InstallConfiguration.Options.annotationPrefix)
        annotationPrefix = prefix ?? InjectionConfiguration.defaultAnnotationPrefix
        guard !(try settings.flag(Options.noClouds)) else { return }
        var audit = try AuditConfiguration(settings)
        audit.looksAtKubernetes = false
        audit.annotationPrefix = annotationPrefix
        self.audit = audit
    }

    /// `gtokenctl upgrade`.
    static let specification = CommandSpecification(
        "upgrade",
        summary: "Bring an installed webhook, or the Go project's, to this version",
        discussion: """
            As install, over what is installed. Where the Go project is, its objects are replaced under the same names while a \
            second webhook answers for both, so that Pods are injected at every moment; what of it does not have the same name is \
            removed. What it left unsafe is listed, with the command that mends it: ServiceAccounts without a Google account, \
            roles whose trust policy does not pin oaud, and token creators of a whole project.
            """,
        groups: InstallConfiguration.specification.groups.dropLast() + [
            .init(
                "Coming from the Go project",
                [AuditConfiguration.Options.project.specification, Options.noClouds.specification]
            ), AccessConfiguration.Options.group,
        ],
        examples: [
            .init("What would change", "gtokenctl upgrade --tag=v1.1.0 --dry-run"),
            .init(
                "From the Go project",
                "gtokenctl upgrade --registry=europe-docker.pkg.dev/my-project/gtoken --project=my-project"
            ),
        ]
    )
}
