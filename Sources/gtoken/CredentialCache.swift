import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// The file with the credentials of one configuration.
struct CredentialCache: Sendable {
    private let folder: PrivateFolder
    private let name: String

    /// The file's name is a digest of all that decides what the credentials are.
    init(
        _ folder: PrivateFolder,
        of configuration: RoleCredentialsConfiguration,
        _ environment: [String: String]
    ) {
        self.folder = folder
        let request = RoleCredentials.request(configuration, environment)
        var parts = [
            "\(request.role)", "\(request.sessionName)", request.duration?.goText ?? "",
            configuration.region?.description ?? "", configuration.stsEndpoint ?? "",
        ]
        parts.append(request.policyARNs.joined(separator: " "))
        switch configuration.token {
        case .file(let path): parts.append("file \(path)")
        case .source(let source): parts.append("\(source)")
        }
        if let chain = request.chain { parts.append("\(chain)") }
        var writer = JSONWriter()
        writer.array { list in
            for part in parts { list.value(part) }
        }
        name = Crypto.sha256(writer.bytes).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0\(digits)" : digits
        }.joined()
    }

    /// What is kept, if it is worth handing out.
    func fresh(at now: UnixTime) -> CredentialsDocument? {
        guard let bytes = try? folder.read(name, maxBytes: CredentialsDocument.maxBytes),
            let document = CredentialsDocument(kept: bytes), document.isFresh(at: now)
        else { return nil }
        return document
    }

    /// Keeps credentials; where that fails, the next call makes its own.
    func keep(_ document: CredentialsDocument) { try? folder.replace(name, document.kept) }

    /// Waits until no other process makes these credentials.
    func lock(pause: () async throws -> Void) async throws -> FolderLock {
        try await folder.lock(name, pause: pause)
    }
}
