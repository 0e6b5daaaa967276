import Foundation
import GTokenCore
import GTokenEmulator
import TestSupport
import XCTest

/// How the built gtoken ends where Google refuses: Google's words, what to do, and the exit status.
final class TokenRefusalTests: XCTestCase {
    private struct Refusal {
        var name: String
        var source: String
        /// What is amiss at Google's.
        var spoil: (MetadataServer) throws -> Void
        /// Google's words.
        var words: String
        var hint: String
        var status: Int32 = 77
    }

    private static let binding = "roles/iam.workloadIdentityUser"

    func testEachRefusalOfAPodSaysWhatGoogleSaidAndWhatToDo() async throws {
        let refusals = [
            Refusal(
                name: "no annotation",
                source: "metadata",
                spoil: { $0.google.change { $0.isAnnotated = false } },
                words: "(cap/app) is not annotated with a target Google service account",
                hint: "needs the annotation iam.gke.io/gcp-service-account"
            ),
            Refusal(
                name: "no binding",
                source: "metadata",
                spoil: { $0.clearPolicy() },
                words: "IAM returned 403 Forbidden: Permission 'iam.serviceAccounts.getOpenIdToken' denied",
                hint: "needs the role roles/iam.workloadIdentityUser"
            ),
            Refusal(
                name: "a ServiceAccount that stands for itself",
                source: "iam-credentials",
                spoil: { $0.google.change { $0.isAnnotated = false } },
                words: "demo-project.svc.id.goog",
                hint: "identity cluster needs no Google service account"
            ),
            Refusal(
                name: "no binding for an access token",
                source: "iam-credentials",
                spoil: { $0.clearPolicy() },
                words: "IAM returned 403 Forbidden: Permission 'iam.serviceAccounts.getAccessToken' denied",
                hint: "needs the role roles/iam.workloadIdentityUser"
            ),
            Refusal(
                name: "no scope",
                source: "iam-credentials",
                spoil: {
                    $0.google.change {
                        $0.machineScopes = ["https://www.googleapis.com/auth/devstorage.read_only"]
                    }
                },
                words: "403 PERMISSION_DENIED: Request had insufficient authentication scopes.",
                hint: "needs the scope https://www.googleapis.com/auth/cloud-platform"
            ),
            Refusal(
                name: "API disabled",
                source: "iam-credentials",
                spoil: {
                    $0.google.cloud.disable(
                        "iamcredentials.googleapis.com",
                        in: $0.google.configuration.project
                    )
                },
                words: "iamcredentials.googleapis.com has not been used in project 123456789012 before",
                hint: "gcloud services enable iamcredentials.googleapis.com --project=123456789012"
            ),
            Refusal(
                name: "no permission on itself",
                source: "iam-credentials",
                spoil: { server in
                    server.clearPolicy()
                    let pod = WorkloadPoolMember(
                        project: server.google.configuration.project,
                        serviceAccount: server.google.configuration.serviceAccount
                    )
                    server.google.cloud.grant(Self.binding, on: server.account, to: "\(pod)")
                },
                words: "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource",
                hint: "the caller needs roles/iam.serviceAccountOpenIdTokenCreator"
            ),
        ]
        for refusal in refusals {
            try await withMetadataServer { server in
                try refusal.spoil(server)
                let run = try await SourceRun(
                    server,
                    ["--source=\(refusal.source)"],
                    folder: try TemporaryDirectory()
                )
                check(run, refusal)
            }
        }
    }

    func testEachRefusalOfAFileSaysWhatGoogleSaidAndWhatToDo() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let person = "user:developer@example.com"
            func check(
                _ name: String,
                _ bytes: [UInt8],
                _ words: String,
                _ hint: String,
                _ status: Int32
            ) async throws {
                let path = try folder.write("file.json", bytes)
                let run = try await SourceRun(
                    server,
                    ["--source=adc"],
                    environment: ["GOOGLE_APPLICATION_CREDENTIALS": path],
                    folder: folder
                )
                self.check(
                    run,
                    Refusal(
                        name: name,
                        source: "adc",
                        spoil: { _ in },
                        words: words,
                        hint: hint,
                        status: status
                    )
                )
            }
            func text(_ text: String) -> [UInt8] { Array(text.utf8) }
            let gone = try server.addAccount("gone")
            let key = try server.google.makeKeyFile(of: gone, tokenURL: server.url + "/token")
            server.google.cloud.removeAccount(gone)
            try await check(
                "deleted",
                key,
                "400 invalid_grant: Invalid grant: account not found",
                "make another key",
                77
            )
            let login = server.google.makeLoginFile(of: person)
            try await check("nobody's", login, "whose token is wanted", "--service-account", 78)
            let acting = server.google.makeImpersonationFile(
                of: server.account,
                by: login,
                baseURL: server.url
            )
            try await check(
                "not allowed",
                acting,
                "Permission 'iam.serviceAccounts.getOpenIdToken'",
                "the caller needs",
                77
            )
            server.google.revokeLogins()
            try await check("revoked", acting, "has expired", "gcloud auth application-default login", 77)
            try await check(
                "workload identity federation",
                text(#"{"type":"external_account","audience":"//iam.googleapis.com/projects/1"}"#),
                "credentials of the type external_account are not supported",
                "",
                78
            )
            try await check("no JSON", text("{"), "it is no JSON object", "", 78)
            let other = String(decoding: key, as: UTF8.self)
                .replacing("\(server.url)/token", with: "http://token.example.com/token")
                .replacing("\\/", with: "/")
            try await check("plain HTTP", text(other), "its token_uri is no https URL", "", 78)
        }
    }

    func testWithoutAFileItSaysHowToGetOne() async throws {
        try await withMetadataServer { server in
            let folder = try TemporaryDirectory()
            let none = try await SourceRun(server, ["--source=adc"], folder: folder)
            check(
                none,
                Refusal(
                    name: "none",
                    source: "adc",
                    spoil: { _ in },
                    words: "there is no file of application default credentials",
                    hint: "GOOGLE_APPLICATION_CREDENTIALS",
                    status: 78
                )
            )
            // A file that is named has to be there, whatever else could be asked.
            let absent = try await SourceRun(
                server,
                ["--source=auto"],
                environment: ["GOOGLE_APPLICATION_CREDENTIALS": folder.file("absent.json")],
                folder: folder
            )
            XCTAssertEqual(absent.status, 78)
            XCTAssertTrue(absent.errors.contains("there is no such file"), absent.errors)
        }
    }

    func testNoAccessTokenGoesOverPlainHTTPToAnotherMachine() async throws {
        try await withMetadataServer { server in
            let run = try await SourceRun(
                server,
                ["--source=iam-credentials"],
                environment: ["CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS": "http://iam.example.com/"],
                folder: try TemporaryDirectory()
            )
            XCTAssertEqual(run.status, 78)
            XCTAssertTrue(run.errors.contains("over https only"), run.errors)
        }
    }

    private func check(_ run: SourceRun, _ refusal: Refusal) {
        XCTAssertEqual(run.status, refusal.status, refusal.name)
        XCTAssertEqual(run.output, "", refusal.name)
        XCTAssertTrue(run.errors.contains("gtoken: error: "), "\(refusal.name): \(run.errors)")
        XCTAssertTrue(run.errors.contains(refusal.words), "\(refusal.name): \(run.errors)")
        let hint = run.errors.components(separatedBy: "hint: ").dropFirst().joined()
        XCTAssertTrue(
            refusal.hint.isEmpty || hint.contains(refusal.hint),
            "\(refusal.name): \(run.errors)"
        )
        XCTAssertFalse(run.errors.contains("ya29."), refusal.name)
    }
}
