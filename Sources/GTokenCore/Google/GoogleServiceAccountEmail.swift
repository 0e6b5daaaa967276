/// The e-mail address by which Google names a service account.
///
/// Accepted are the accounts that people make (`NAME@PROJECT.iam.gserviceaccount.com`, or
/// `NAME@PROJECT.DOMAIN.iam.gserviceaccount.com` in a domain's project) and the default accounts
/// (`NUMBER-compute@developer.gserviceaccount.com`, `PROJECT@appspot.gserviceaccount.com`).
public struct GoogleServiceAccountEmail: Sendable, Hashable {
    /// The part before the `@`.
    ///
    /// IAM gives new accounts 6 to 30 characters; up to 63 are accepted, because older
    /// accounts and Google's own differ.
    public let name: String
    /// The project that the address names; `nil` for an account whose address has the project's number.
    public let project: GoogleProjectID?
    /// The whole address.
    public let description: String

    /// Reads an address.
    ///
    /// - Throws: ``NameError`` where it is not a service account's.
    public init(parsing text: String) throws(NameError) {
        try NameRule.checkLength(text, 1...512, .googleServiceAccountEmail)
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw NameError(.googleServiceAccountEmail, .shape) }
        let (name, host) = (String(parts[0]), parts[1])
        if host == "developer.gserviceaccount.com" {
            project = nil
            try Self.checkName(name)
        } else if host == "appspot.gserviceaccount.com" {
            project = try Self.project(name)
        } else if host.hasSuffix(Self.suffix) {
            project = try Self.project(host.dropLast(Self.suffix.count))
            try Self.checkName(name)
        } else {
            throw NameError(.googleServiceAccountEmail, .shape)
        }
        self.name = name
        description = text
    }

    /// Makes the address of an account that someone made in a project: `NAME@PROJECT.iam.gserviceaccount.com`.
    ///
    /// - Throws: ``NameError`` where `name` is not 1 to 63 letters, digits and hyphens in lower case.
    public init(name: String, project: GoogleProjectID) throws(NameError) {
        try Self.checkName(name)
        self.name = name
        self.project = project
        description = "\(name)@\(project.hostLabels)\(Self.suffix)"
    }

    private static let suffix = ".iam.gserviceaccount.com"

    private static func checkName(_ name: String) throws(NameError) {
        try NameRule.checkLength(name, 1...63, .googleServiceAccountEmail)
        try NameRule.checkLabels(name, .googleServiceAccountEmail, allowsDots: false)
    }

    private static func project(_ labels: some StringProtocol) throws(NameError) -> GoogleProjectID {
        do throws(NameError) {
            return try GoogleProjectID(hostLabels: labels)
        } catch {
            throw NameError(.googleServiceAccountEmail, .shape)
        }
    }
}

extension GoogleServiceAccountEmail: CustomStringConvertible {}
