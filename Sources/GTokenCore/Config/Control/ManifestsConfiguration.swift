/// What `gtokenctl manifests` prints.
package struct ManifestsConfiguration: Sendable, Equatable {
    /// The bindings; what is said there of work is not read.
    package var setup: SetupConfiguration

    init(_ settings: Settings) throws(ConfigurationError) { setup = try SetupConfiguration(settings) }

    /// `gtokenctl manifests`.
    static let specification = CommandSpecification(
        "manifests",
        summary: "Print the Kubernetes objects of bindings, for GitOps",
        discussion: """
            The namespaces and the ServiceAccounts with the annotations that apply would set; as YAML, or with -o json as one \
            List. They do not carry gtokenctl's mark, so delete leaves them to whoever applies them. With --aws-account nobody \
            is asked; --region says the partition then.
            """,
        groups: [
            .init(
                "Documents",
                [
                    SetupConfiguration.Options.prefix.specification,
                    SetupConfiguration.Options.output.specification,
                ]
            ), SetupConfiguration.Options.fleet,
        ] + BindingFields.groups + [AccessConfiguration.Options.group],
        examples: [
            .init("A fleet, offline", "gtokenctl manifests --file=fleet.json --aws-account=123456789012")
        ]
    )
}
