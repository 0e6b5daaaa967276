import GTokenCore

/// A service account as the stand-in keeps it.
struct CloudAccount {
    var email: GoogleServiceAccountEmail
    var project: GoogleProjectID
    var uniqueID: GoogleUniqueID
    var displayName = ""
    var description = ""
    var isDisabled = false
    var policy = CloudPolicy()
    /// How many calls still find that there is no such account: what is new is not known everywhere at once.
    var unknownFor = 0

    /// How it stands in a policy.
    var member: String { "serviceAccount:\(email)" }
    /// Its full name.
    var name: String { "projects/\(project)/serviceAccounts/\(email)" }

    /// As IAM's `ServiceAccount`; the etag is the same for all, as Google's is.
    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("name", name)
            object.member("projectId", "\(project)")
            object.member("uniqueId", "\(uniqueID)")
            object.member("email", "\(email)")
            if !displayName.isEmpty { object.member("displayName", displayName) }
            object.member("etag", "MDEwMjE5MjA=")
            if !description.isEmpty { object.member("description", description) }
            object.member("oauth2ClientId", "\(uniqueID)")
            if isDisabled { object.member("disabled", true) }
        }
    }
}
