import GTokenCore
import GTokenNet
import GTokenRuntime

/// `projects.serviceAccounts` of the IAM API (v1).
extension GoogleCloud {
    private static let service = "iam.googleapis.com"

    func serviceAccounts(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        switch (request.path.count, request.action) {
        case (4, "GET"): try list(request)
        case (4, "POST"): try create(request)
        case (5, "GET"):
            try change(request, "get") { (account: inout CloudAccount) in Self.json(account) }
        case (5, "PATCH"): try patch(request)
        case (5, "DELETE"): try delete(request)
        case (5, "GET:getIamPolicy"), (5, "POST:getIamPolicy"): try getPolicy(request)
        case (5, "POST:setIamPolicy"): try setPolicy(request)
        default: throw .notFound("Method not found.")
        }
    }

    private func list(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let project = request.path[2]
        let size = max(1, min(request.query("pageSize").flatMap { Int($0) } ?? 20, 100))
        let start = request.query("pageToken").flatMap { Int($0) } ?? 0
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            let name = "projects/\(project)"
            try authorize(
                request,
                "iam.serviceAccounts.list",
                Self.service,
                project: project,
                resource: name,
                in: state
            )
            let accounts = state.accounts.values
                .filter { "\($0.project)" == project && $0.unknownFor == 0 }
                .sorted { $0.email.description < $1.email.description }
            var writer = JSONWriter()
            writer.object { object in
                object.member("accounts") { list in
                    list.array { list in
                        for account in accounts.dropFirst(start).prefix(size) { account.write(to: &list) }
                    }
                }
                if accounts.count > start + size { object.member("nextPageToken", "\(start + size)") }
            }
            return writer.bytes
        }
    }

    private func create(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let body = try request.body()
        let name = body["accountId"]?.string() ?? ""
        let texts = (
            body["serviceAccount"]?["displayName"]?.string(), body["serviceAccount"]?["description"]?.string()
        )
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            let resource = "projects/\(request.path[2])"
            try authorize(
                request,
                "iam.serviceAccounts.create",
                Self.service,
                project: request.path[2],
                resource: resource,
                in: state
            )
            guard (6...30).contains(name.utf8.count),
                let project = try? GoogleProjectID(parsing: request.path[2]),
                let email = try? GoogleServiceAccountEmail(name: name, project: project),
                name.utf8.first.map({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }) ?? false
            else {
                throw .invalid(
                    "The account ID \"\(name)\" does not have a length between 6 and 30, or is not lower-case "
                        + "alphanumerics and hyphens that begin with a letter."
                )
            }
            guard (texts.1 ?? "").utf8.count <= 256, (texts.0 ?? "").utf8.count <= 100 else {
                throw .invalid("The display name or the description is too long.")
            }
            guard state.accounts[email] == nil else {
                throw GoogleFailure(
                    code: 409,
                    status: "ALREADY_EXISTS",
                    message: "Service account \(name) already exists within project \(resource)."
                )
            }
            var account = CloudAccount(email: email, project: project, uniqueID: Self.uniqueID())
            account.displayName = texts.0 ?? ""
            account.description = texts.1 ?? ""
            account.unknownFor = state.behaviour.newAccountUnknownFor
            state.accounts[email] = account
            return Self.json(account)
        }
    }

    private func patch(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let body = try request.body()
        let mask = body["updateMask"]?.string() ?? ""
        let new = body["serviceAccount"]
        let description = new?["description"]?.string()
        let displayName = new?["displayName"]?.string()
        return try change(request, "update") { account in
            for field in mask.split(separator: ",") {
                switch field {
                case "description": account.description = description ?? ""
                case "displayName", "display_name": account.displayName = displayName ?? ""
                default: break
                }
            }
            return Self.json(account)
        }
    }

    private func delete(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let email = try change(request, "delete") { $0.email }
        state.withLock { $0.remove(email) }
        return Array("{}".utf8)
    }

    /// Runs `body` on the account that the path names, by its address or its unique id, in its project or in `-`.
    func change<Answer: Sendable>(
        _ request: GoogleCloudRequest,
        _ permission: String,
        _ body: (inout CloudAccount) throws(GoogleFailure) -> Answer
    ) throws(GoogleFailure) -> Answer {
        let (project, key) = (request.path[2], request.path[4])
        return try state.withLock { (state) throws(GoogleFailure) -> Answer in
            let found = state.account(key)
            let home = project == "-" ? found.map { "\($0.project)" } ?? Self.project(of: key) ?? "" : project
            let name = "projects/\(home)/serviceAccounts/\(key)"
            try authorize(
                request,
                "iam.serviceAccounts.\(permission)",
                Self.service,
                project: home,
                resource: name,
                in: state
            )
            guard var account = found, project == "-" || "\(account.project)" == project else {
                throw .notFound("Unknown service account")
            }
            guard account.unknownFor == 0 else {
                state.accounts[account.email]?.unknownFor -= 1
                throw .notFound("Service account \(name) does not exist.")
            }
            let answer = try body(&account)
            state.accounts[account.email] = account
            return answer
        }
    }

    /// The project that an address names, whether or not there is an account under it.
    private static func project(of key: String) -> String? {
        (try? GoogleServiceAccountEmail(parsing: key))?.project.map { "\($0)" }
    }

    private static func json(_ account: CloudAccount) -> [UInt8] {
        var writer = JSONWriter()
        account.write(to: &writer)
        return writer.bytes
    }
}
