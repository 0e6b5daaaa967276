import Foundation
import GTokenCore
import GTokenEmulator
import TestSupport
import XCTest

/// Each source of the built gtoken, against a stand-in for Google.
final class TokenSourceTests: XCTestCase {
    private static let tokenCreator = "roles/iam.serviceAccountTokenCreator"

    func testIAMCredentialsGivesATokenOfThePodsAccount() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let claims = try await SourceRun(server, ["--source=iam-credentials"], folder: folder).claims()
            XCTAssertEqual(claims.subject, "104387266351829007741")
            XCTAssertEqual(claims.authorizedParty, "104387266351829007741")
            XCTAssertEqual(claims.audience, [TokenSourceConfiguration.defaultAudience])
            XCTAssertNil(claims.email)
            let withEmail = try await SourceRun(
                server,
                ["--source=iam-credentials", "--include-email", "--audience=a"],
                folder: folder
            ).claims()
            XCTAssertEqual(withEmail.email, "\(server.account)")
            XCTAssertEqual(withEmail.audience, ["a"])
            XCTAssertEqual(server.identityRequests, 0)
        }
    }

    func testIAMCredentialsGivesATokenOfAnotherAccountThroughDelegates() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let (first, second, target) = try (
                server.addAccount("first"), server.addAccount("second"), server.addAccount("target")
            )
            server.grant(Self.tokenCreator, on: first, to: server.account)
            server.grant(Self.tokenCreator, on: second, to: first)
            server.grant(Self.tokenCreator, on: target, to: second)
            let arguments = ["--source=iam-credentials", "--service-account=\(target)"]
            let delegates = ["--delegate=\(first)", "--delegate=\(second)"]
            let claims = try await SourceRun(server, arguments + delegates, folder: folder).claims()
            XCTAssertEqual(claims.subject, server.google.cloud.uniqueID(of: target)?.description)
            for fewer in [[], [delegates[0]], [delegates[1]], delegates.reversed()] {
                let run = try await SourceRun(server, arguments + fewer, folder: folder)
                XCTAssertEqual(run.status, 77, "\(fewer)")
                XCTAssertTrue(run.errors.contains("hint: the caller"), run.errors)
            }
            let byVariable = try await SourceRun(
                server,
                [],
                environment: [
                    "GTOKEN_SOURCE": "iam-credentials", "GTOKEN_SERVICE_ACCOUNT": "\(target)",
                    "GTOKEN_DELEGATES": "\(first),\(second)",
                ],
                folder: folder
            )
            XCTAssertEqual(try byVariable.claims().subject, claims.subject)
        }
    }

    func testAKeyGivesATokenWhoseAuthorizedPartyIsTheEMailAndSaysSo() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let key = try server.google.makeKeyFile(of: server.account, tokenURL: server.url + "/token")
            let environment = ["GOOGLE_APPLICATION_CREDENTIALS": try folder.write("key.json", key)]
            for source in ["adc", "auto"] {
                let run = try await SourceRun(
                    server,
                    ["--source=\(source)"],
                    environment: environment,
                    folder: folder
                )
                let claims = try run.claims()
                XCTAssertEqual(claims.subject, "104387266351829007741")
                XCTAssertEqual(claims.authorizedParty, "\(server.account)")
                XCTAssertTrue(run.errors.contains("accounts.google.com:aud"), run.errors)
            }
            // The key's account asks for another's.
            let other = try server.addAccount("other")
            server.grant(Self.tokenCreator, on: other, to: server.account)
            let run = try await SourceRun(
                server,
                ["--source=adc", "--service-account=\(other)"],
                environment: environment,
                folder: folder
            )
            let id = server.google.cloud.uniqueID(of: other)?.description
            XCTAssertEqual(try run.claims().authorizedParty, id)
        }
    }

    func testALoginAndAnImpersonationGiveATokenThroughIAMCredentials() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let person = "user:developer@example.com"
            let delegate = try server.addAccount("delegate")
            server.google.cloud.grant(Self.tokenCreator, on: server.account, to: person)
            server.google.cloud.grant(Self.tokenCreator, on: delegate, to: person)
            server.grant(Self.tokenCreator, on: server.account, to: delegate)
            let login = server.google.makeLoginFile(of: person)
            let files: [(String, [UInt8], [String])] = [
                ("login", login, ["--service-account=\(server.account)"]),
                (
                    "impersonated",
                    server.google.makeImpersonationFile(of: server.account, by: login, baseURL: server.url),
                    []
                ),
                (
                    "through",
                    server.google.makeImpersonationFile(
                        of: server.account,
                        through: [delegate],
                        by: login,
                        baseURL: server.url
                    ), []
                ),
            ]
            for (name, bytes, arguments) in files {
                let run = try await SourceRun(
                    server,
                    ["--source=adc"] + arguments,
                    environment: ["GOOGLE_APPLICATION_CREDENTIALS": try folder.write(name, bytes)],
                    folder: folder
                )
                XCTAssertEqual(try run.claims().subject, "104387266351829007741", name)
            }
        }
    }

    func testAutoTakesAFileWhereThereIsOneElseTheMetadataServerAndSaysWhich() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let metadata = try await SourceRun(server, [], folder: folder)
            XCTAssertNotNil(try metadata.claims().subject)
            XCTAssertEqual(metadata.errors.components(separatedBy: "asking the metadata server").count, 2)
            // The well-known file of gcloud's configuration.
            let key = try server.google.makeKeyFile(of: server.account, tokenURL: server.url + "/token")
            let path = try folder.write("application_default_credentials.json", key)
            let file = try await SourceRun(
                server,
                [],
                environment: [
                    "CLOUDSDK_CONFIG": String(path.dropLast("/application_default_credentials.json".count))
                ],
                folder: folder
            )
            XCTAssertEqual(try file.claims().authorizedParty, "\(server.account)")
            let words = "asking with application default credentials"
            XCTAssertEqual(file.errors.components(separatedBy: words).count, 2, file.errors)
        }
    }

    func testAutoKeepsToAMetadataServerThatIsStarting() async throws {
        try await withMetadataServer({ $0.requestsUntilReady = 2 }) { server in
            let run = try await SourceRun(
                server,
                ["--startup-timeout=30s"],
                folder: try TemporaryDirectory()
            )
            XCTAssertEqual(try run.claims().subject, "104387266351829007741")
            XCTAssertEqual(server.identityRequests, 3)
        }
    }
}
