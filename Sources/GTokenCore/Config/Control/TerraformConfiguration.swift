/// What `gtokenctl terraform` writes, and where.
package struct TerraformConfiguration: Sendable, Equatable {
    /// The bindings, access and form of the result; what else is said there of work is not read.
    package var setup: SetupConfiguration
    /// The folder for the files, made where it is missing; `nil` prints them.
    package var folder: String?
    /// Unique ids of Google service accounts that are known already.
    package var uniqueIDs: [KnownUniqueID]
    /// Whether Google is asked for the others.
    package var asksGoogle: Bool

    /// The unique id of a Google service account.
    package struct KnownUniqueID: Sendable, Equatable {
        /// Whose it is; `nil` for the only one.
        package let email: GoogleServiceAccountEmail?
        /// The id.
        package let id: GoogleUniqueID

        /// Reads `ID` or `EMAIL=ID`; `nil` where it is neither.
        init?(parsing text: String) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let last = parts.last, let id = try? GoogleUniqueID(parsing: String(last)) else {
                return nil
            }
            self.id = id
            guard parts.count > 1 else {
                email = nil
                return
            }
            guard let email = try? GoogleServiceAccountEmail(parsing: String(parts[0])) else { return nil }
            self.email = email
        }
    }
}

extension TerraformConfiguration {
    private static let folder = Option(
        "output-dir",
        .path,
        environment: "GTOKENCTL_OUTPUT_DIR",
        help: "The folder to write to, made where it is missing; printed when not given"
    )
    private static let uniqueID = Option(
        "google-unique-id",
        OptionKind<KnownUniqueID>(
            "[EMAIL=]ID",
            expecting: "\(ExpectedName.googleUniqueID), perhaps with an e-mail and = in front",
            parse: KnownUniqueID.init(parsing:)
        ),
        environment: "GTOKENCTL_GOOGLE_UNIQUE_ID",
        takesSeveral: true,
        help: "The unique id of a Google service account, for an AWS module that stands by itself"
    )
    private static let asksGoogle = Option(
        "ask-google",
        .flag,
        environment: "GTOKENCTL_ASK_GOOGLE",
        help: "Ask Google for the unique ids that are not given"
    )

    init(_ settings: Settings) throws(ConfigurationError) {
        setup = try SetupConfiguration(settings)
        folder = try settings.value(Self.folder)
        uniqueIDs = try settings.values(Self.uniqueID)
        asksGoogle = try settings.flag(Self.asksGoogle)
    }

    /// `gtokenctl terraform`.
    static let specification = CommandSpecification(
        "terraform",
        summary: "Write both clouds' sides of bindings as Terraform modules",
        discussion: """
            A module each, aws/ and google/, that make what apply makes there, and a configuration that hands the accounts' \
            unique ids from one to the other. Nobody is asked: ids that only the clouds know are references, unless they are \
            given or asked for. Files that gtokenctl did not write are not replaced. Kubernetes is for gtokenctl manifests.

            The Google module is not validated against its provider: read what terraform plan says first.
            """,
        groups: [
            .init(
                "Documents",
                [
                    folder.specification, uniqueID.specification, asksGoogle.specification,
                    SetupConfiguration.Options.output.specification,
                ]
            ), SetupConfiguration.Options.fleet,
        ] + BindingFields.groups + [AccessConfiguration.Options.group],
        examples: [
            .init("A fleet", "gtokenctl terraform --file=fleet.json --output-dir=terraform"),
            .init(
                "For the AWS module alone, with ids that Google is asked for",
                "gtokenctl terraform --file=fleet.json --output-dir=terraform --ask-google"
            ),
        ]
    )
}
