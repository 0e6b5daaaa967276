import GTokenClients
package import GTokenCore

/// A service account as IAM describes it.
package struct GoogleServiceAccount: Sendable, Equatable {
    /// Its e-mail address.
    package var email: GoogleServiceAccountEmail
    /// Its number: the `sub` of its tokens, another one for an account made again under the same address.
    package var uniqueID: GoogleUniqueID
    /// The project that it is in.
    package var project: GoogleProjectID
    /// Its name for people, at most 100 bytes; empty where it has none.
    package var displayName: String
    /// What it is for, at most 256 bytes; empty where nobody said.
    package var description: String
    /// Whether it is disabled: no token is given for it then.
    package var isDisabled: Bool
    /// Its version.
    package var etag: String

    /// Reads an account.
    ///
    /// - Throws: the name of the field that is missing or cannot be.
    init(_ value: JSONValue) throws(MissingField) {
        guard let email = value["email"]?.string().flatMap({ try? GoogleServiceAccountEmail(parsing: $0) })
        else {
            throw MissingField("email")
        }
        guard let uniqueID = value["uniqueId"]?.string().flatMap({ try? GoogleUniqueID(parsing: $0) }) else {
            throw MissingField("uniqueId")
        }
        guard let project = value["projectId"]?.string().flatMap({ try? GoogleProjectID(parsing: $0) }) else {
            throw MissingField("projectId")
        }
        (self.email, self.uniqueID, self.project) = (email, uniqueID, project)
        displayName = value["displayName"]?.string() ?? ""
        description = value["description"]?.string() ?? ""
        isDisabled = value["disabled"]?.boolean() ?? false
        etag = value["etag"]?.string() ?? ""
    }
}
