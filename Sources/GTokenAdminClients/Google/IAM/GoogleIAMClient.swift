package import GTokenClients
package import GTokenCore
internal import GTokenNet

/// Service accounts, by Google's Identity and Access Management API (v1).
package struct GoogleIAMClient: Sendable {
    let api: GoogleAPIClient

    /// Makes a client of IAM.
    package init(_ api: GoogleAPIClient) { self.api = api }

    /// A service account; `nil` where there is none.
    ///
    /// The caller needs `iam.serviceAccounts.get`. Without it IAM answers 403 also for an account that does not exist.
    package func serviceAccount(
        _ email: GoogleServiceAccountEmail
    ) async throws(GoogleAPIError) -> GoogleServiceAccount? {
        let request = GoogleAPIRequest(.iam, "GET", email.resourcePath)
        do throws(GoogleAPIError) {
            return try account(in: try await api.call(request).root, answering: request, of: email)
        } catch  where error.isNotFound {
            return nil
        }
    }

    /// What came of making a service account.
    package enum Creation: Sendable, Equatable {
        /// It is new.
        case created(GoogleServiceAccount)
        /// It was there already.
        case existed(GoogleServiceAccount)

        /// The account.
        package var account: GoogleServiceAccount {
            switch self {
            case .created(let account), .existed(let account): account
            }
        }
    }

    /// Makes a service account, unless it is there.
    ///
    /// One that was there may be of an earlier attempt whose answer was lost: what its description says tells.
    /// The caller needs `iam.serviceAccounts.create`.
    ///
    /// - Parameters:
    ///   - name: what stands before the `@` of its address, 6 to 30 characters.
    ///   - project: the project that it is in.
    ///   - displayName: its name for people, at most 100 bytes.
    ///   - description: what it is for, at most 256 bytes.
    /// - Returns: the account, and whether it is new.
    /// - Throws: ``GoogleAPIError``.
    package func createServiceAccount(
        name: String,
        in project: GoogleProjectID,
        displayName: String = "",
        description: String = ""
    ) async throws(GoogleAPIError) -> Creation {
        var body = JSONWriter()
        body.object { object in
            object.member("accountId", name)
            object.member("serviceAccount") { account in
                account.object { account in
                    account.member("displayName", displayName)
                    account.member("description", description)
                }
            }
        }
        let path = ["v1", "projects", "\(project)", "serviceAccounts"]
        let request = GoogleAPIRequest(.iam, "POST", path, body: body.bytes)
        do throws(GoogleAPIError) {
            let answer = try await api.call(request).root
            let email = try? GoogleServiceAccountEmail(name: name, project: project)
            return .created(try account(in: answer, answering: request, of: email))
        } catch  where error.isAlreadyExists {
            guard let email = try? GoogleServiceAccountEmail(name: name, project: project),
                let account = try await settledServiceAccount(email)
            else { throw error }
            return .existed(account)
        }
    }

    /// A service account that must be there, waited for: a new one may be unknown for seconds (eventual consistency).
    ///
    /// - Returns: the account; `nil` where it is still unknown after all patience.
    package func settledServiceAccount(
        _ email: GoogleServiceAccountEmail
    ) async throws(GoogleAPIError) -> GoogleServiceAccount? {
        try await api.settled { () async throws(GoogleAPIError) in try await serviceAccount(email) }
    }

    /// Every service account of a project.
    ///
    /// The caller needs `iam.serviceAccounts.list`.
    package func serviceAccounts(
        in project: GoogleProjectID
    ) async throws(GoogleAPIError) -> [GoogleServiceAccount] {
        var request = GoogleAPIRequest(.iam, "GET", ["v1", "projects", "\(project)", "serviceAccounts"])
        request.query = ["pageSize": "100"]
        var accounts: [GoogleServiceAccount] = []
        for page in try await api.pages(request) {
            for value in page.root["accounts"]?.elements.map({ $0 }) ?? [] {
                accounts.append(try account(in: value, answering: request))
            }
        }
        return accounts
    }

    /// Gives a service account another description, and nothing else.
    ///
    /// The caller needs `iam.serviceAccounts.update`.
    package func describe(
        _ email: GoogleServiceAccountEmail,
        as description: String
    ) async throws(GoogleAPIError) -> GoogleServiceAccount {
        var body = JSONWriter()
        body.object { object in
            object.member("serviceAccount") { $0.object { $0.member("description", description) } }
            object.member("updateMask", "description")
        }
        let request = GoogleAPIRequest(.iam, "PATCH", email.resourcePath, body: body.bytes)
        return try account(in: try await api.call(request).root, answering: request, of: email)
    }

    /// Deletes a service account; false where there was none.
    ///
    /// An account made again under its address is another one, with another unique id. The caller needs
    /// `iam.serviceAccounts.delete`.
    package func deleteServiceAccount(
        _ email: GoogleServiceAccountEmail
    ) async throws(GoogleAPIError) -> Bool {
        do throws(GoogleAPIError) {
            _ = try await api.call(GoogleAPIRequest(.iam, "DELETE", email.resourcePath))
            return true
        } catch  where error.isNotFound {
            return false
        }
    }

    /// The account in an answer, which must be of `email` where that was asked about: its number is what AWS will trust.
    private func account(
        in value: JSONValue,
        answering request: GoogleAPIRequest,
        of email: GoogleServiceAccountEmail? = nil
    ) throws(GoogleAPIError) -> GoogleServiceAccount {
        try api.read(answering: request) { () throws(MissingField) in
            let account = try GoogleServiceAccount(value)
            guard email == nil || account.email == email else { throw MissingField("email") }
            return account
        }
    }
}
