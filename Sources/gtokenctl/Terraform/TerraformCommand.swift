import GTokenCore
import GTokenRuntime

/// `gtokenctl terraform`.
struct TerraformCommand {
    private let configuration: TerraformConfiguration
    private let facts: DocumentFacts

    init(_ configuration: TerraformConfiguration, environment: [String: String]) {
        self.configuration = configuration
        facts = DocumentFacts(access: configuration.setup.access, environment: environment)
    }

    /// Prints the files, or writes them and prints where.
    func run() throws(ToolError) {
        let bindings = try SetupInput(configuration.setup).bindings()
        let files: [TerraformFile]
        do {
            let work = try SetupWork(bindings, in: AWSModule.account)
            let google = GoogleModule(work)
            let aws = AWSModule(work, uniqueIDs: try uniqueIDs(of: google.emails))
            let hasGoogle = !google.emails.isEmpty
            files =
                RootModule(hasGoogle: hasGoogle).files + (try aws.files()) + (hasGoogle ? google.files : [])
        } catch let error as ToolError {
            throw error
        } catch {
            let failure = SetupFailure(error)
            throw ToolError(failure.message, hint: failure.hint, exitCode: failure.exitCode)
        }
        if let folder = configuration.folder { try TerraformFolder(folder).write(files) }
        try StandardOutput.writeResult(output(files))
    }

    /// The ids of all accounts; `nil` where they are left to the Google module.
    private func uniqueIDs(
        of emails: [GoogleServiceAccountEmail]
    ) throws(ToolError) -> [GoogleServiceAccountEmail: GoogleUniqueID]? {
        var ids: [GoogleServiceAccountEmail: GoogleUniqueID] = [:]
        for known in configuration.uniqueIDs {
            guard let email = known.email ?? (emails.count == 1 ? emails[0] : nil) else {
                throw ToolError(
                    "the unique id \(known.id) may be that of several Google service accounts, or of none",
                    hint: "say whose it is: --google-unique-id=EMAIL=\(known.id)",
                    exitCode: .configuration
                )
            }
            guard emails.contains(email) else {
                throw ToolError(
                    "no binding has the Google service account \(email), whose unique id is given",
                    exitCode: .configuration
                )
            }
            ids[email] = known.id
        }
        let missing = emails.filter { ids[$0] == nil }
        if configuration.asksGoogle {
            return ids.merging(try facts.uniqueIDs(of: missing)) { known, _ in known }
        }
        guard let first = missing.first, !ids.isEmpty else { return missing.isEmpty ? ids : nil }
        throw ToolError(
            "the unique ids of some Google service accounts are given, that of \(first) is not",
            hint: "give all of them or none, or have Google asked with --ask-google",
            exitCode: .configuration
        )
    }

    private func output(_ files: [TerraformFile]) -> String {
        switch (configuration.setup.output, configuration.folder) {
        case (.text, nil): files.map { "# \($0.path)\n\n\($0.text)" }.joined(separator: "\n")
        case (.text, let folder?): files.map { "\(folder)/\($0.path)\n" }.joined()
        case (.json, let folder):
            json(files, in: folder)
        }
    }

    private func json(_ files: [TerraformFile], in folder: String?) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("files") { list in
                list.array { list in
                    for file in files {
                        list.object { entry in
                            entry.member("path", folder.map { "\($0)/\(file.path)" } ?? file.path)
                            if folder == nil { entry.member("text", file.text) }
                        }
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }
}
