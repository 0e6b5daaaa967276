/// What a command line asks of `gtokenctl`.
package enum ControlCommand: Sendable, Equatable {
    /// Show what ``apply(_:)`` would do.
    case plan(SetupConfiguration)
    /// Set up what bindings need.
    case apply(SetupConfiguration)
    /// Remove what was set up.
    case delete(SetupConfiguration)
    /// Say how bindings are.
    case status(SetupConfiguration)
    /// Look at the whole chain.
    case doctor(DoctorConfiguration)
    /// Find what is unsafe.
    case audit(AuditConfiguration)
    /// Print a role's trust policy.
    case trustPolicy(TrustPolicyConfiguration)
    /// Print what ``apply(_:)`` makes in Kubernetes.
    case manifests(ManifestsConfiguration)
    /// Print or write what ``apply(_:)`` makes in both clouds as Terraform modules.
    case terraform(TerraformConfiguration)
    /// Make the webhook's certificate.
    case certificates(CertificatesConfiguration)
    /// Install the webhook.
    case install(InstallConfiguration)
    /// Bring the webhook to another version.
    case upgrade(UpgradeConfiguration)
    /// Remove the webhook.
    case uninstall(UninstallConfiguration)
    /// Print a shell's completions.
    case completion(Shell)
    /// Show the whole way offline.
    case demo(DemoConfiguration)
    /// Serve the stand-ins for Google and AWS.
    case emulate(EmulateConfiguration)
    /// Print how the command with this path of names is used.
    case help([String])
    /// Print the version.
    case version

    /// Reads a command line, without the tool's own name, and an environment.
    ///
    /// - Throws: ``ConfigurationError``, which names the option or variable.
    package init(arguments: [String], environment: [String: String]) throws(ConfigurationError) {
        let line = try CommandLineParser(Self.specification).parse(arguments)
        let settings = Settings(
            line,
            environment: environment.filling([
                "CLUSTER_LOCATION": "CLUSTER_ZONE", "KSA_NAMESPACE": "K8S_NAMESPACE",
            ])
        )
        switch (line.request, line.path.first) {
        case (.help(let path), _): self = .help(path)
        case (.version, _), (nil, "version"): self = .version
        case (nil, "plan"): self = .plan(try SetupConfiguration(settings))
        case (nil, "apply"): self = .apply(try SetupConfiguration(settings))
        case (nil, "delete"): self = .delete(try SetupConfiguration(settings))
        case (nil, "status"): self = .status(try SetupConfiguration(settings))
        case (nil, "doctor"): self = .doctor(try DoctorConfiguration(settings))
        case (nil, "audit"): self = .audit(try AuditConfiguration(settings))
        case (nil, "trust-policy"): self = .trustPolicy(try TrustPolicyConfiguration(settings))
        case (nil, "manifests"): self = .manifests(try ManifestsConfiguration(settings))
        case (nil, "terraform"): self = .terraform(try TerraformConfiguration(settings))
        case (nil, "certs"): self = .certificates(try CertificatesConfiguration(settings))
        case (nil, "install"): self = .install(try InstallConfiguration(settings))
        case (nil, "upgrade"): self = .upgrade(try UpgradeConfiguration(settings))
        case (nil, "uninstall"): self = .uninstall(try UninstallConfiguration(settings))
        case (nil, "completion"): self = .completion(Shell(rawValue: line.path.last ?? "") ?? .bash)
        case (nil, "emulate"): self = .emulate(try EmulateConfiguration(settings))
        case (nil, _): self = .demo(try DemoConfiguration(settings))
        }
    }
}

extension ControlCommand {
    /// What `gtokenctl` takes.
    package static let specification = CommandSpecification(
        "gtokenctl",
        summary: "Set up and look after AWS roles for Pods on Google Kubernetes Engine",
        isRunnable: false,
        sharedGroups: [CommandSpecification.Standard.group],
        commands: SetupConfiguration.specifications + [
            DoctorConfiguration.specification, AuditConfiguration.specification,
            TrustPolicyConfiguration.specification,
            ManifestsConfiguration.specification,
            TerraformConfiguration.specification,
            InstallConfiguration.specification,
            UpgradeConfiguration.specification,
            UninstallConfiguration.specification,
            CertificatesConfiguration.specification,
            DemoConfiguration.specification,
            EmulateConfiguration.specification,
            Shell.specification,
            CommandSpecification("version", summary: "Print the version and exit"),
        ],
        examples: [
            .init("See it work", "gtokenctl demo"),
            .init("What would be done for a fleet", "gtokenctl plan --file=fleet.json"),
        ]
    )
}
