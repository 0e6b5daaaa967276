import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import XCTest

/// The clients against the stand-in, over sockets.
final class GoogleAdministrationTests: XCTestCase {
    private static let user = "roles/iam.workloadIdentityUser"
    private static let member = "serviceAccount:demo-project.svc.id.goog[reports/app]"

    func testAnAccountIsMadeBoundAndDeleted() async throws {
        try await GoogleStandIn.run { google in
            google.cloud.change { $0.newAccountUnknownFor = 3 }
            let email = try google.email("report-app")
            let absent = try await google.iam.serviceAccount(email)
            XCTAssertNil(absent)
            let made = try await google.iam.createServiceAccount(
                name: "report-app",
                in: google.project,
                displayName: "Reports",
                description: "managed"
            )
            guard case .created(let account) = made else { return XCTFail("\(made)") }
            XCTAssertEqual(account.uniqueID, google.cloud.uniqueID(of: email))
            XCTAssertEqual([account.displayName, account.description], ["Reports", "managed"])
            // It is not known everywhere at once.
            let bound = try await google.iam.changePolicy(of: email, isNew: true) {
                $0.granting(Self.user, to: Self.member)
            }
            XCTAssertTrue(bound.isChanged)
            let again = try await google.iam.changePolicy(of: email) {
                $0.granting(Self.user, to: Self.member)
            }
            XCTAssertFalse(again.isChanged)
            XCTAssertEqual(
                again.policy.bindings,
                [.init(role: Self.user, members: [Self.member])]
            )
            let second = try await google.iam.createServiceAccount(name: "report-app", in: google.project)
            XCTAssertEqual(second, .existed(account))
            let all = try await google.iam.serviceAccounts(in: google.project)
            XCTAssertEqual(all.map(\.email.name).sorted(), ["report-app", "uploader"])
            let renamed = try await google.iam.describe(email, as: "other")
            XCTAssertEqual([renamed.displayName, renamed.description], ["Reports", "other"])

            let deletions = [
                try await google.iam.deleteServiceAccount(email),
                try await google.iam.deleteServiceAccount(email),
            ]
            XCTAssertEqual(deletions, [true, false])
            let remade = try await google.iam.createServiceAccount(name: "report-app", in: google.project)
            XCTAssertNotEqual(remade.account.uniqueID, account.uniqueID)
        }
    }

    func testThePolicyOfANewAccountIsWaitedFor() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("report-app")
            google.cloud.change { $0.newAccountUnknownFor = 3 }
            _ = try await google.iam.createServiceAccount(name: email.name, in: google.project)
            let impatient = await googleError { () async throws(GoogleAPIError) in
                try await google.iam.policy(of: email)
            }
            XCTAssertEqual(impatient?.isNotFound, true)
            let policy = try await google.iam.policy(of: email, isNew: true)
            XCTAssertEqual(policy.bindings, [])
        }
    }

    func testAnAccountThatIsGoneIsNotWaitedFor() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("nobody-there")
            let error = await googleError { () async throws(GoogleAPIError) in
                try await google.iam.changePolicy(of: email) { $0.revoking(Self.user, from: Self.member) }
            }
            XCTAssertEqual(error?.isNotFound, true)
            XCTAssertEqual(google.emulator.journal.entries.count, 1)
        }
    }

    func testANewAccountThatAPolicyNamesIsWaitedFor() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("report-app")
            google.cloud.change { $0.newAccountUnknownFor = 4 }
            _ = try await google.iam.createServiceAccount(name: email.name, in: google.project)
            let change = try await google.iam.changePolicy(of: google.email("uploader")) {
                $0.granting("roles/iam.serviceAccountOpenIdTokenCreator", to: "serviceAccount:\(email)")
            }
            XCTAssertTrue(change.isChanged)
            XCTAssertEqual(google.emulator.journal.entries.count { $0.status == 400 }, 4)
        }
    }

    func testListsOfManyPagesAreWhole() async throws {
        try await GoogleStandIn.run { google in
            for number in 0..<250 {
                google.cloud.addAccount(try google.email("app-\(number)"), in: google.project)
            }
            let accounts = try await google.iam.serviceAccounts(in: google.project)
            XCTAssertEqual(Set(accounts.map(\.email)).count, 251)
        }
    }

    func testNobodysGrantIsLostInAStormOfChanges() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("uploader")
            google.cloud.change { $0.concurrentPolicyChanges = 10 }
            let iam = google.iam
            let members = (0..<20).map { "serviceAccount:demo-project.svc.id.goog[reports/app-\($0)]" }
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for member in members {
                    group.addTask {
                        try await iam.changePolicy(of: email) { $0.granting(Self.user, to: member) }.isChanged
                    }
                }
                for try await isChanged in group { XCTAssertTrue(isChanged) }
            }
            let policy = try await iam.policy(of: email)
            for member in members { XCTAssertTrue(policy.grants(Self.user, to: member), member) }
            XCTAssertTrue(
                policy.grants(Self.user, to: "serviceAccount:demo-project.svc.id.goog[reports/uploader]")
            )
            let conflicts = google.emulator.journal.entries.filter { $0.status == 409 }
            XCTAssertGreaterThanOrEqual(conflicts.count, 10)
        }
    }

    func testAStormThatDoesNotEndIsSaidToBeOne() async throws {
        try await GoogleStandIn.run(patience: .seconds(2)) { google in
            google.cloud.change { $0.concurrentPolicyChanges = 1_000_000 }
            let email = try google.email("uploader")
            let error = await googleError { () async throws(GoogleAPIError) in
                try await google.iam.changePolicy(of: email) { $0.granting(Self.user, to: Self.member) }
            }
            XCTAssertEqual(error?.isConflict, true)
        }
    }

    func testWhatSomebodyElseWroteStaysByteForByte() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("uploader")
            let theirs =
                #"{"role":"roles/iam.serviceAccountUser","members":["user:a@example.com"],"condition":"#
                + #"{"title":"until \u00e9","expression":"request.time < timestamp(\"2027-01-01T00:00:00Z\")"},"#
                + #""future":{"a" : [1.50, null]}}"#
            let etag = try await google.iam.policy(of: email).etag
            var write = GoogleAPIRequest(
                .iam,
                "POST",
                ["v1", "projects", "-", "serviceAccounts", "\(email)"],
                verb: "setIamPolicy",
                body: Array(
                    #"{"policy":{"version":3,"etag":"\#(etag)","bindings":[\#(theirs)],"auditConfigs":[{"x":1e2}]}}"#
                        .utf8
                )
            )
            _ = try await google.api.call(write)
            let change = try await google.iam.changePolicy(of: email) {
                $0.granting(Self.user, to: Self.member)
            }
            let text = String(decoding: change.policy.document.bytes, as: UTF8.self)
            XCTAssertTrue(text.contains(theirs), text)
            XCTAssertTrue(text.contains(#""auditConfigs":[{"x":1e2}]"#), text)
            // Who asks for an older version gets no condition, and must not write that back.
            write.verb = "getIamPolicy"
            let old = try await google.api.call(write)
            XCTAssertFalse(String(decoding: old.bytes, as: UTF8.self).contains("condition\""))
        }
    }

    func testMembersThatDoNotExistAreRefused() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("uploader")
            for (member, words) in [
                ("serviceAccount:other-project.svc.id.goog[a/b]", "Identity Pool does not exist")
            ] {
                let error = await googleError { () async throws(GoogleAPIError) in
                    try await google.iam.changePolicy(of: email) { $0.granting(Self.user, to: member) }
                }
                XCTAssertEqual(error?.status?.status, "INVALID_ARGUMENT")
                XCTAssertTrue(error?.status?.message.contains(words) ?? false, "\(String(describing: error))")
            }
        }
    }

    func testWhatIsMissingIsNamed() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("uploader")
            google.cloud.change { $0.denials = [.init("iam.serviceAccounts.setIamPolicy", on: "\(email)")] }
            let denied = await googleError { () async throws(GoogleAPIError) in
                try await google.iam.changePolicy(of: email) { $0.granting(Self.user, to: Self.member) }
            }
            XCTAssertEqual(denied?.isPermissionDenied, true)
            XCTAssertEqual(
                denied?.status?.details.first?.metadata["permission"],
                "iam.serviceAccounts.setIamPolicy"
            )
            let other = try GoogleProjectID(parsing: "other-project")
            google.cloud.addProject(other, services: ["serviceusage.googleapis.com", "iam.googleapis.com"])
            let cluster = try GKECluster(project: other, location: "europe-west1", name: "c")
            let disabled = await googleError { () async throws(GoogleAPIError) in
                try await google.gke.cluster(cluster)
            }
            XCTAssertEqual(disabled?.status?.isAPIDisabled, true)
            XCTAssertEqual(disabled?.status?.isPermissionDenied, false)
            let missing = try await ServiceUsageClient(google.api).disabled(
                of: [.iam, .iamCredentials, .container],
                in: other
            )
            XCTAssertEqual(missing, [.iamCredentials, .container])
            XCTAssertEqual(
                ServiceUsageClient.enableCommand(missing, in: other),
                "gcloud services enable iamcredentials.googleapis.com container.googleapis.com --project=other-project"
            )
        }
    }

    func testAProjectSaysItsNumberAndWhoMayDoWhat() async throws {
        try await GoogleStandIn.run { google in
            let projects = ResourceManagerClient(google.api)
            let project = try await projects.project(google.project)
            XCTAssertEqual(project.number, "123456789012")
            XCTAssertTrue(project.isActive)
            google.cloud.grant(
                "roles/iam.serviceAccountTokenCreator",
                on: google.project,
                to: "serviceAccount:\(try google.email("uploader"))"
            )
            let policy = try await projects.policy(of: google.project)
            XCTAssertEqual(
                policy.bindings.map(\.role),
                ["roles/owner", "roles/iam.serviceAccountTokenCreator"]
            )
            google.cloud.change { $0.denials = [.init("iam.serviceAccounts.delete")] }
            let missing = try await projects.missingPermissions(
                [
                    "iam.serviceAccounts.create", "iam.serviceAccounts.delete",
                    "iam.serviceAccounts.getAccessToken",
                ],
                on: google.project
            )
            XCTAssertEqual(missing, ["iam.serviceAccounts.delete", "iam.serviceAccounts.getAccessToken"])
        }
    }

    func testWorkloadIdentityIsTurnedOn() async throws {
        try await GoogleStandIn.run(patience: .seconds(30)) { google in
            var old = CloudCluster(google.cluster)
            old.hasWorkloadIdentity = false
            old.hasPrivateNodes = true
            old.nodePools = [("a", "GCE_METADATA"), ("b", "")]
            google.cloud.addCluster(old)
            google.cloud.change { $0.pollsUntilDone = 1 }
            let before = try await google.gke.cluster(google.cluster)
            XCTAssertNil(before?.workloadPool)
            XCTAssertEqual(before?.hasPrivateNodes, true)
            XCTAssertEqual(before?.controlPlaneRange, "172.16.0.0/28")
            XCTAssertEqual(
                before?.unreadyNodePools.map(\.metadataMode),
                ["GCE_METADATA", "MODE_UNSPECIFIED"]
            )
            let early = await googleError { () async throws(GoogleAPIError) in
                try await google.gke.enableWorkloadIdentity(onNodePool: "a", of: google.cluster)
            }
            XCTAssertEqual(early?.status?.status, "FAILED_PRECONDITION")
            try await google.gke.enableWorkloadIdentity(on: google.cluster)
            try await google.gke.enableWorkloadIdentity(onNodePool: "a", of: google.cluster)
            let after = try await google.gke.cluster(google.cluster)
            XCTAssertEqual(after?.workloadPool, "demo-project.svc.id.goog")
            XCTAssertEqual(after?.unreadyNodePools.map(\.name), ["b"])
            let none = try await google.gke.cluster(
                try GKECluster(project: google.project, location: "us-east1", name: "none")
            )
            XCTAssertNil(none)
            google.cloud.change { $0.operationFailure = "out of nodes" }
            let failed = await googleError { () async throws(GoogleAPIError) in
                try await google.gke.enableWorkloadIdentity(onNodePool: "b", of: google.cluster)
            }
            guard case .operation(_, "out of nodes") = failed else {
                return XCTFail("\(String(describing: failed))")
            }
        }
    }

    func testTheIssuerOfAClusterIsReadWithoutAToken() async throws {
        try await GoogleStandIn.run { google in
            let issuer = ClusterIssuerClient(google.api)
            let silent = await googleError { () async throws(GoogleAPIError) in
                try await issuer.discovery(of: google.cluster)
            }
            XCTAssertEqual(silent?.status?.code, 401, "nothing is published")
            let keys = try ServiceAccountTokenIssuer(OpenIDConnectIssuer(google.cluster))
            google.cloud.publish(keys.keySet, of: google.cluster)
            let discovery = try await issuer.discovery(of: google.cluster)
            XCTAssertEqual(
                discovery.issuer.description,
                "https://container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/demo-cluster"
            )
            let found = try await issuer.keys(of: google.cluster)
            XCTAssertEqual(found.map(\.id), Array(keys.keySet.keys.keys))
            XCTAssertEqual(found.map(\.type), ["RSA"])
        }
    }

    func testAFleetIsSetUpDespiteRefusalsAndLoss() async throws {
        try await GoogleStandIn.run { google in
            let busy = HTTPResponse(
                status: 429,
                headers: ["Retry-After": "0", "Content-Type": "application/json"],
                body: Array(#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"quota"}}"#.utf8)
            )
            google.emulator.change { behaviour in
                behaviour.script =
                    (0..<5).map { _ in ScriptedAnswer(pathSuffix: "serviceAccounts", busy) }
                    + (0..<5).map { _ in ScriptedAnswer(pathSuffix: ":setIamPolicy", .empty(status: 503)) }
            }
            let iam = google.iam
            let project = google.project
            func apply() async throws -> Int {
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<200 {
                        let email = try google.email("binding-\(number)")
                        let member = "serviceAccount:demo-project.svc.id.goog[reports/app-\(number)]"
                        group.addTask {
                            if try await iam.serviceAccount(email) == nil {
                                _ = try await iam.createServiceAccount(name: email.name, in: project)
                            }
                            return try await iam.changePolicy(of: email) {
                                $0.granting(Self.user, to: member)
                            }.isChanged
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
            }
            let changes = [try await apply(), try await apply()]
            XCTAssertEqual(changes, [200, 0])
            let writes = google.emulator.journal.entries.filter { $0.path.hasSuffix(":setIamPolicy") }
            XCTAssertEqual(writes.count { $0.status == 200 }, 200)
        }
    }
}
