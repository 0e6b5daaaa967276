import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// What IAM's client and the stand-in for IAM say to each other.
final class IAMEmulatorTests: XCTestCase {
    private static let readOnly = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    private static let inline =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#

    func testMakesChangesAndDeletesARole() async throws {
        let fixture = IAMEmulatorFixture()
        let iam = fixture.iam
        var draft = try IAMEmulatorFixture.draft(tags: ["a": "1", "b": "ü & <2>"])
        draft.description = "for app"
        draft.maxSessionSeconds = 7200
        draft.permissionsBoundary = "arn:aws:iam::aws:policy/PowerUserAccess"
        let made = try await iam.createRole(draft)
        let read = try await iam.getRole("app")
        XCTAssertEqual(made, read)
        XCTAssertEqual("\(read.arn)", "arn:aws:iam::123456789012:role/team/app")
        XCTAssertEqual(try read.trustPolicy(), draft.trustPolicy)
        XCTAssertEqual(read.tags, draft.tags)
        XCTAssertEqual(read.permissionsBoundary, draft.permissionsBoundary)

        let other = TrustPolicy.subjectOnly(uniqueID: try GoogleUniqueID(parsing: "104857601234567890123"))
        try await iam.updateAssumeRolePolicy("app", other)
        try await iam.updateRole("app", description: "else", maxSessionSeconds: 3600)
        try await iam.tagRole("app", ["a": "2", "c": "3"])
        try await iam.untagRole("app", ["b", "absent"])
        try await iam.setPermissionsBoundary("app", nil)
        let changed = try await iam.getRole("app")
        XCTAssertEqual(try changed.trustPolicy(), other)
        XCTAssertEqual(changed.description, "else")
        XCTAssertEqual(changed.maxSessionSeconds, 3600)
        XCTAssertEqual(changed.tags, ["a": "2", "c": "3"])
        XCTAssertNil(changed.permissionsBoundary)
        XCTAssertEqual(changed.id, made.id)

        try await iam.deleteRole("app")
        let gone = try await iam.findRole("app")
        XCTAssertNil(gone)
        let again = try await iam.createRole(draft)
        XCTAssertNotEqual(again.id, made.id)
    }

    func testKeepsThePoliciesOfARole() async throws {
        let iam = IAMEmulatorFixture().iam
        _ = try await iam.createRole(try IAMEmulatorFixture.draft())
        try await iam.attachRolePolicy("app", policyARN: Self.readOnly)
        try await iam.attachRolePolicy("app", policyARN: Self.readOnly)
        try await iam.putRolePolicy("app", policy: "own", document: Self.inline)
        let attached = try await iam.listAttachedRolePolicies("app")
        XCTAssertEqual(attached, [Self.readOnly])
        let names = try await iam.listRolePolicies("app")
        XCTAssertEqual(names, ["own"])
        let document = try await iam.getRolePolicy("app", policy: "own")
        XCTAssertEqual(document, Self.inline)
        for _ in 0..<2 {
            let conflict = await awsError { try await iam.deleteRole("app") }
            XCTAssertEqual(conflict?.kind, .deleteConflict)
            try await iam.attachRolePolicy("app", policyARN: Self.readOnly)
        }
        try await iam.removeAllPolicies("app")
        try await iam.deleteRole("app")
    }

    func testRefusesInAWSsWords() async throws {
        let fixture = IAMEmulatorFixture()
        let iam = fixture.iam
        _ = try await iam.createRole(try IAMEmulatorFixture.draft())
        let none = "arn:aws:iam::aws:policy/NoSuchPolicy"
        func check(
            _ expected: String,
            line: UInt = #line,
            _ body: () async throws -> Void
        ) async {
            let error = await awsError(body)
            XCTAssertEqual(error.map { "\($0)" }, "AWS IAM answered \(expected)", line: line)
        }
        await check("GetRole with 404 NoSuchEntity: The role with name none cannot be found.") {
            _ = try await iam.getRole("none")
        }
        await check("CreateRole with 409 EntityAlreadyExists: Role with name APP already exists.") {
            _ = try await iam.createRole(try IAMEmulatorFixture.draft("APP", tags: ["other": "1"]))
        }
        await check(
            "AttachRolePolicy with 404 NoSuchEntity: Policy \(none) does not exist or is not attachable."
        ) { try await iam.attachRolePolicy("app", policyARN: none) }
        await check("DetachRolePolicy with 404 NoSuchEntity: Policy \(none) was not found.") {
            try await iam.detachRolePolicy("app", policyARN: none)
        }
        await check("GetPolicy with 404 NoSuchEntity: Policy \(none) was not found.") {
            _ = try await iam.getPolicy(arn: none)
        }
        await check(
            "DeleteRolePolicy with 404 NoSuchEntity: The role policy with name own cannot be found."
        ) { try await iam.deleteRolePolicy("app", policy: "own") }
        await check("PutRolePolicy with 400 MalformedPolicyDocument: Syntax errors in policy.") {
            try await iam.putRolePolicy("app", policy: "own", document: "{}")
        }
        await check(
            "UpdateRole with 400 ValidationError: 1 validation error detected: Value '43201' at "
                + "'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal "
                + "to 43200"
        ) { try await iam.updateRole("app", maxSessionSeconds: 43_201) }
        for number in 0..<10 {
            fixture.aws.register(policy: "arn:aws:iam::123456789012:policy/p\(number)")
            try await iam.attachRolePolicy("app", policyARN: "arn:aws:iam::123456789012:policy/p\(number)")
        }
        await check("AttachRolePolicy with 409 LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10") {
            try await iam.attachRolePolicy("app", policyARN: Self.readOnly)
        }
        var faults = AWSFaults()
        faults.denied = ["iam:DeleteRole"]
        fixture.aws.setFaults(faults)
        await check(
            "DeleteRole with 403 AccessDenied: User: arn:aws:iam::123456789012:user/admin is not authorized to "
                + "perform: iam:DeleteRole because no identity-based policy allows the iam:DeleteRole action"
        ) { try await iam.deleteRole("app") }
    }

    func testListsMoreThanAPage() async throws {
        var limits = AWSQueryClient.Limits()
        limits.writes = CallPacer.Limits(concurrent: 8, perSecond: 1000, burst: 1000)
        let iam = IAMEmulatorFixture(limits: limits).iam
        for number in 100..<310 {
            _ = try await iam.createRole(try IAMEmulatorFixture.draft("team/app-\(number)"))
        }
        _ = try await iam.createRole(try IAMEmulatorFixture.draft("else"))
        let all = try await iam.listRoles()
        XCTAssertEqual(all.count, 211)
        let team = try await iam.listRoles(pathPrefix: "/team/")
        XCTAssertEqual(team.map(\.arn.roleName), (100..<310).map { "app-\($0)" })
    }

    func testKeepsIdentityProviders() async throws {
        let iam = IAMEmulatorFixture().iam
        let issuer = try OpenIDConnectIssuer(parsing: "https://container.googleapis.com/v1/projects/p")
        let arn = try OpenIDConnectProviderARN(accountID: "123456789012", issuer: issuer)
        let before = try await iam.findOpenIDConnectProvider(arn)
        XCTAssertNil(before)
        for _ in 0..<2 {
            // The second is what a repetition after a lost answer would be.
            try await iam.createOpenIDConnectProvider(arn, clientIDs: ["a", "b"], tags: ["t": "1"])
        }
        let made = try await iam.findOpenIDConnectProvider(arn)
        XCTAssertEqual(made?.arn, arn)
        XCTAssertEqual(made?.clientIDs, ["a", "b"])
        XCTAssertEqual(made?.thumbprints, [])
        XCTAssertEqual(made?.tags, ["t": "1"])
        let conflict = await awsError { try await iam.createOpenIDConnectProvider(arn, clientIDs: ["c"]) }
        XCTAssertEqual(
            conflict.map { "\($0)" },
            "AWS IAM answered CreateOpenIDConnectProvider with 409 EntityAlreadyExists: Provider with url "
                + "\(issuer) already exists."
        )
        try await iam.addClientID("c", to: arn)
        try await iam.removeClientID("a", from: arn)
        try await iam.tagOpenIDConnectProvider(arn, ["u": "2"])
        try await iam.untagOpenIDConnectProvider(arn, ["t"])
        let changed = try await iam.findOpenIDConnectProvider(arn)
        XCTAssertEqual(changed?.clientIDs, ["b", "c"])
        XCTAssertEqual(changed?.tags, ["u": "2"])
        let listed = try await iam.listOpenIDConnectProviders()
        XCTAssertEqual(listed, [arn])
        for _ in 0..<2 { try await iam.deleteOpenIDConnectProvider(arn) }
        let after = try await iam.listOpenIDConnectProviders()
        XCTAssertEqual(after, [])
    }

    func testFindsPoliciesByName() async throws {
        let fixture = IAMEmulatorFixture()
        fixture.aws.register(policy: "arn:aws:iam::123456789012:policy/team/Own")
        fixture.aws.register(policy: "arn:aws:iam::999999999999:policy/Foreign")
        let cases = [
            ("AmazonS3ReadOnlyAccess", Self.readOnly),
            ("ViewOnlyAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
            ("Own", "arn:aws:iam::123456789012:policy/team/Own"), ("Foreign", nil), ("None", nil),
        ]
        for (name, arn) in cases {
            let found = try await fixture.iam.policyARN(.name(name), partition: "aws")
            XCTAssertEqual(found, arn)
        }
    }

    func testWaitsOutThrottlingAndAnOutage() async throws {
        let fixture = IAMEmulatorFixture()
        var faults = AWSFaults()
        faults.requestsPerSecond = 5
        fixture.aws.setFaults(faults)
        for number in 0..<30 {
            _ = try await fixture.iam.createRole(try IAMEmulatorFixture.draft("app-\(number)"))
        }
        let throttled = fixture.aws.journal.entries.filter { $0.note.hasSuffix(": Throttling") }
        XCTAssertFalse(throttled.isEmpty)
        let roles = try await fixture.iam.listRoles()
        XCTAssertEqual(roles.count, 30)
        faults = AWSFaults()
        faults.isDown = true
        fixture.aws.setFaults(faults)
        let error = await awsError { _ = try await fixture.iam.getRole("app-1") }
        XCTAssertEqual(error?.kind, .temporary)
        fixture.aws.setFaults(AWSFaults())
        _ = try await fixture.iam.getRole("app-1")
    }

    func testShowsWhatWasWrittenAfterAWhile() async throws {
        let fixture = IAMEmulatorFixture()
        let iam = fixture.iam
        var faults = AWSFaults()
        faults.consistencyDelay = .seconds(10)
        fixture.aws.setFaults(faults)
        let start = fixture.clock.now()
        _ = try await iam.createRole(try IAMEmulatorFixture.draft())
        let early = try await iam.findRole("app")
        XCTAssertNil(early)
        _ = try await iam.settled("role app") { () async throws(AWSQueryError) in
            try await iam.getRole("app")
        }
        XCTAssertGreaterThanOrEqual(fixture.clock.now().duration(since: start), .seconds(10))
        try await iam.tagRole("app", ["a": "1"])
        let unchanged = try await iam.getRole("app")
        XCTAssertEqual(unchanged.tags, [:])
        fixture.clock.advance(by: .seconds(10))
        let changed = try await iam.getRole("app")
        XCTAssertEqual(changed.tags, ["a": "1"])
    }

    func testMendsAWrongClock() async throws {
        let fixture = IAMEmulatorFixture()
        let clock = ManualClock(fixture.clock.now() - .seconds(3600))
        clock.letSleepsPass(for: .seconds(3600))
        let iam = IAMEmulatorFixture.client(of: fixture.aws, fixture.administrator, clock)
        for _ in 0..<3 { _ = try await iam.findRole("app") }
        XCTAssertEqual(iam.query.requestCount, 4)
    }

    func testRefusesAWrongKeyAndAnotherServicesSignature() async throws {
        let fixture = IAMEmulatorFixture()
        var forged = fixture.administrator
        forged.secretAccessKey = "forged"
        let other = IAMEmulatorFixture.client(of: fixture.aws, forged, fixture.clock)
        let error = await awsError { _ = try await other.getRole("app") }
        XCTAssertEqual(error?.kind, .badCredentials)
        XCTAssertEqual(other.query.requestCount, 1)
    }
}
