extension BindingFields {
    /// The options, under the headings of a usage text.
    package static let groups = [
        CommandSpecification.Group(
            "Cluster and ServiceAccount",
            [
                project.option.specification, clusterName.option.specification,
                clusterLocation.option.specification,
                namespace.option.specification, serviceAccount.option.specification,
            ]
        ),
        CommandSpecification.Group(
            "Identity",
            [
                identity.option.specification, googleServiceAccount.option.specification,
                audience.option.specification, usesIAMCredentials.option.specification,
                allowsKeySource.option.specification,
            ]
        ),
        CommandSpecification.Group(
            "AWS role",
            [
                role.option.specification, policies.option.specification, inlinePolicy.specification,
                maxSessionDuration.option.specification, permissionsBoundary.option.specification,
                tags.option.specification,
            ]
        ),
        CommandSpecification.Group(
            "What Pods are told",
            [
                region.option.specification, usesRegionalSTS.option.specification,
                sessionName.option.specification, tokenExpiration.option.specification,
            ]
        ),
    ]

    /// A policy of the role's own; its document is a file for whoever may read files.
    package static let inlinePolicy = Option(
        "inline-policy",
        OptionKind<NamedFile>(
            "NAME=PATH",
            expecting: "a policy's name, = and a path",
            parse: NamedFile.init(parsing:)
        ),
        environment: "GTOKENCTL_INLINE_POLICIES",
        takesSeveral: true,
        help: "A policy of the role's own, from a file"
    )

    /// The members of a fleet file's objects that options stand for.
    package static let members = [
        project.member, clusterName.member, clusterLocation.member, namespace.member, serviceAccount.member,
        identity.member, googleServiceAccount.member, role.member, policies.member, maxSessionDuration.member,
        permissionsBoundary.member, tags.member, audience.member, usesIAMCredentials.member,
        allowsKeySource.member, region.member, usesRegionalSTS.member, sessionName.member,
        tokenExpiration.member,
    ]
}
