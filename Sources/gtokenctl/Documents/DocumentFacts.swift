import GTokenAdminClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// What documents say that only the clouds know, asked for where it was not given.
struct DocumentFacts: Sendable {
    let access: AccessConfiguration
    let environment: [String: String]

    /// The AWS account; where one is named, in the partition of the region that was given, else whose the credentials are.
    func account() throws(ToolError) -> SetupContext.AWSAccount {
        if let id = access.awsAccountID { return SetupContext.AWSAccount(partition: partition.name, id: id) }
        return try ask { loop in
            try await CloudClients.account(of: CloudAccess(access, environment: environment, on: loop).aws())
        }
    }

    /// The unique id of a Google service account, as Google says it.
    func uniqueID(of email: GoogleServiceAccountEmail) throws(ToolError) -> GoogleUniqueID {
        try ask { loop in try await uniqueID(of: email, by: google(loop)) }
    }

    /// The same of several; nobody is asked where there are none.
    func uniqueIDs(
        of emails: [GoogleServiceAccountEmail]
    ) throws(ToolError) -> [GoogleServiceAccountEmail: GoogleUniqueID] {
        guard !emails.isEmpty else { return [:] }
        return try ask { loop in
            let google = try google(loop)
            var ids: [GoogleServiceAccountEmail: GoogleUniqueID] = [:]
            for email in emails { ids[email] = try await uniqueID(of: email, by: google) }
            return ids
        }
    }

    private func google(_ loop: EventLoop) throws(ToolError) -> GoogleIAMClient {
        GoogleIAMClient(try CloudAccess(access, environment: environment, on: loop).google().api)
    }

    private func uniqueID(
        of email: GoogleServiceAccountEmail,
        by google: GoogleIAMClient
    ) async throws -> GoogleUniqueID {
        guard let account = try await google.serviceAccount(email) else {
            throw ToolError(
                "there is no Google service account \(email)",
                hint: "make it: gtokenctl apply, or gcloud iam service-accounts create \(email.name)",
                exitCode: .refused
            )
        }
        return account.uniqueID
    }

    private var partition: AWSPartition {
        let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].compactMap { environment[$0] }
        let region = access.awsRegion ?? variables.lazy.compactMap { try? AWSRegion(parsing: $0) }.first
        return region?.partition ?? .aws
    }

    private func ask<Value: Sendable>(
        _ question: @escaping @Sendable (EventLoop) async throws -> Value
    ) throws(ToolError) -> Value {
        let loop: EventLoop
        do { loop = try EventLoop() } catch { throw ToolError("\(error)", exitCode: .unavailable) }
        let answer = Locked<Result<Value, ToolError>?>(nil)
        _ = loop.run {
            let result: Result<Value, ToolError>
            do {
                result = .success(try await question(loop))
            } catch let error as ToolError {
                result = .failure(error)
            } catch {
                let failure = SetupFailure(error)
                result = .failure(
                    ToolError(failure.message, hint: failure.hint, exitCode: failure.exitCode)
                )
            }
            answer.withLock { $0 = result }
            return 0
        }
        guard let result = answer.withLock({ $0 }) else { throw ToolError("no answer", exitCode: .bug) }
        return try result.get()
    }
}
