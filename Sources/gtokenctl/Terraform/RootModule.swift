/// The configuration that puts both sides together: what Google says of its accounts goes to AWS.
struct RootModule {
    /// Whether there are Google service accounts.
    let hasGoogle: Bool

    /// Its files.
    var files: [TerraformFile] {
        let variables =
            (hasGoogle ? [GoogleModule.existingAccounts] : []) + [
                AWSModule.existingProviders, AWSModule.policyARNs,
            ]
        return [
            TerraformFile("main.tf", (hasGoogle ? [Self.google] : []) + [aws]),
            TerraformFile("variables.tf", variables.map(\.text)),
            TerraformFile(
                "outputs.tf",
                [
                    TerraformOutput(
                        name: AWSModule.roleARNs.name,
                        description: AWSModule.roleARNs.description,
                        value: "module.aws.\(AWSModule.roleARNs.name)"
                    ).text
                ]
            ),
        ]
    }

    private static let google = module("google", [GoogleModule.existingAccounts])

    private var aws: String {
        Self.module(
            "aws",
            [AWSModule.existingProviders, AWSModule.policyARNs],
            hasGoogle
                ? [HCLMember("google_unique_ids", .verbatim("module.google.\(GoogleModule.uniqueIDs.name)"))]
                : []
        )
    }

    /// A call that hands variables on under their names.
    private static func module(
        _ name: String,
        _ variables: [TerraformVariable],
        _ more: [HCLMember] = []
    ) -> String {
        let source = [HCLMember("source", .text("./\(name)"))].written(margin: "  ")
        let arguments = more + variables.map { HCLMember($0.name, .verbatim("var.\($0.name)")) }
        return "module \"\(name)\" {\n\(source)\n\(arguments.written(margin: "  "))}\n"
    }
}
