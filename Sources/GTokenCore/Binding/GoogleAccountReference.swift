/// A Google service account as an administrator names it.
package enum GoogleAccountReference: Sendable, Equatable {
    /// By its name in the cluster's project.
    case name(String)
    /// By its e-mail, in whatever project.
    case email(GoogleServiceAccountEmail)

    /// Reads a reference; `nil` where it is neither.
    init?(parsing text: String) {
        if text.contains("@") {
            guard let email = try? GoogleServiceAccountEmail(parsing: text) else { return nil }
            self = .email(email)
        } else {
            // IAM API, projects.serviceAccounts.create: accountId.
            guard 6...30 ~= text.utf8.count, let first = text.utf8.first, NameRule.isLowercaseLetter(first),
                text.utf8.last != .minus,
                text.utf8.allSatisfy({ NameRule.isLowercaseAlphanumeric($0) || $0 == .minus })
            else { return nil }
            self = .name(text)
        }
    }

    /// The e-mail.
    ///
    /// - Throws: ``NameError`` where name and project make none.
    func email(in project: GoogleProjectID) throws(NameError) -> GoogleServiceAccountEmail {
        switch self {
        case .email(let email): email
        case .name(let name): try GoogleServiceAccountEmail(name: name, project: project)
        }
    }
}
