import Foundation
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

/// A built gtoken that asks a stand-in for Google once, and has ended.
struct SourceRun {
    let status: Int32
    /// The token, alone.
    let output: String
    /// The log.
    let errors: String

    /// Runs it with everything of Google's led to the stand-in.
    init(
        _ server: MetadataServer,
        _ arguments: [String],
        environment: [String: String] = [:],
        folder: TemporaryDirectory
    ) async throws {
        let url = server.url
        let standard = [
            "GCE_METADATA_HOST": "127.0.0.1:\(server.port)",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS": url + "/",
            "CLOUDSDK_AUTH_TOKEN_HOST": url + "/token",
        ]
        let process = try ChildProcess(
            [BuiltTool.path("gtoken"), "--startup-timeout=0s"] + arguments,
            environment: standard.merging(environment) { _, new in new },
            standardOutput: .file(folder.file("gtoken.out")),
            standardError: .file(folder.file("gtoken.log"))
        )
        status = try await eventually("gtoken ends") { process.exitStatus() }
        output = folder.text("gtoken.out")
        errors = folder.text("gtoken.log")
    }

    /// What the token says.
    func claims(file: StaticString = #filePath, line: UInt = #line) throws -> JWTClaims {
        XCTAssertEqual(status, 0, errors, file: file, line: line)
        return try UnverifiedJWT(parsing: output).claims
    }
}

extension MetadataServer {
    /// Where the stand-in for Google is.
    var url: String { "http://127.0.0.1:\(port)" }

    /// The service account of the Pod.
    var account: GoogleServiceAccountEmail { google.configuration.email }

    /// Makes a service account of the Pod's project.
    func addAccount(_ name: String) throws -> GoogleServiceAccountEmail {
        let project = google.configuration.project
        let email = try GoogleServiceAccountEmail(parsing: "\(name)@\(project).iam.gserviceaccount.com")
        google.cloud.addAccount(email, in: project)
        return email
    }

    /// Takes every grant on the Pod's service account back.
    func clearPolicy() {
        let configuration = google.configuration
        google.cloud.addAccount(
            configuration.email,
            in: configuration.project,
            uniqueID: configuration.uniqueID
        )
    }

    /// Grants a role on a service account to another.
    func grant(
        _ role: String,
        on email: GoogleServiceAccountEmail,
        to caller: GoogleServiceAccountEmail
    ) {
        google.cloud.grant(role, on: email, to: "serviceAccount:\(caller)")
    }
}

/// Runs `body` beside a stand-in for Google, and stops that.
func withMetadataServer(
    _ behave: (inout GoogleBehaviour) -> Void = { _ in },
    _ body: (MetadataServer) async throws -> Void
) async throws {
    let server = try MetadataServer(behave)
    do { try await body(server) } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}
