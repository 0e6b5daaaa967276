import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class IAMClientTests: XCTestCase {
    private static let trust = PolicyDocument(statements: [
        PolicyStatement(
            effect: .allow,
            principals: .only([.federated(TrustPolicy.google)]),
            actions: .only([TrustPolicy.action])
        )
    ])

    /// A role as IAM writes it, with its trust policy percent-encoded.
    private static func roleXML(_ name: String = "app", tags: [String: String] = [:]) -> String {
        let list = tags.sorted { $0.key < $1.key }
            .map { "<member><Key>\($0.key)</Key><Value>\($0.value)</Value></member>" }.joined()
        return "<Path>/team/</Path><RoleName>\(name)</RoleName><RoleId>AROAEXAMPLE</RoleId>"
            + "<Arn>arn:aws:iam::123456789012:role/team/\(name)</Arn>"
            + "<CreateDate>2026-11-24T10:00:00Z</CreateDate><AssumeRolePolicyDocument>"
            + PercentEncoding.encode(String(decoding: trust.encoded, as: UTF8.self))
            + "</AssumeRolePolicyDocument><Description>for app</Description>"
            + "<MaxSessionDuration>7200</MaxSessionDuration>"
            + "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>"
            + "<PermissionsBoundaryArn>arn:aws:iam::aws:policy/Edge</PermissionsBoundaryArn>"
            + "</PermissionsBoundary><Tags>\(list)</Tags>"
    }

    private static func draft(tags: [String: String] = ["a": "1"]) throws -> IAMRoleDraft {
        IAMRoleDraft(
            name: try RoleName(parsing: "team/app"),
            trustPolicy: trust,
            description: "for app",
            maxSessionSeconds: 7200,
            permissionsBoundary: "arn:aws:iam::aws:policy/Edge",
            tags: tags
        )
    }

    func testReadsARole() async throws {
        let aws = ScriptedAWS { _, _ in
            .aws("GetRole", "<Role>\(Self.roleXML(tags: ["a": "1"]))</Role>")
        }
        let role = try await aws.iam.getRole("app")
        XCTAssertEqual("\(role.arn)", "arn:aws:iam::123456789012:role/team/app")
        XCTAssertEqual(role.id, "AROAEXAMPLE")
        XCTAssertEqual(role.createdAt, UnixTime(rfc3339: "2026-11-24T10:00:00Z"))
        XCTAssertEqual(try role.trustPolicy(), Self.trust)
        XCTAssertEqual(role.description, "for app")
        XCTAssertEqual(role.maxSessionSeconds, 7200)
        XCTAssertEqual(role.permissionsBoundary, "arn:aws:iam::aws:policy/Edge")
        XCTAssertEqual(role.tags, ["a": "1"])
    }

    func testARoleThatIsNotThereIsNone() async throws {
        let aws = ScriptedAWS { _, _ in .awsFailure(404, "NoSuchEntity") }
        let role = try await aws.iam.findRole("app")
        XCTAssertNil(role)
    }

    func testAsksForARoleWithEverythingThatItIsToHave() async throws {
        let aws = ScriptedAWS { _, _ in .aws("CreateRole", "<Role>\(Self.roleXML())</Role>") }
        _ = try await aws.iam.createRole(try Self.draft(tags: ["b": "2", "a": "1"]))
        XCTAssertEqual(
            aws.forms,
            [
                [
                    "Action": "CreateRole", "Version": "2010-05-08", "RoleName": "app", "Path": "/team/",
                    "AssumeRolePolicyDocument": String(decoding: Self.trust.encoded, as: UTF8.self),
                    "MaxSessionDuration": "7200", "Description": "for app",
                    "PermissionsBoundary": "arn:aws:iam::aws:policy/Edge",
                    "Tags.member.1.Key": "a", "Tags.member.1.Value": "1",
                    "Tags.member.2.Key": "b", "Tags.member.2.Value": "2",
                ]
            ]
        )
    }

    func testARoleThatALostAnswerMadeIsTheOneThatWasAskedFor() async throws {
        let aws = ScriptedAWS { number, form throws(HTTPClientError) in
            switch (number, form["Action"]) {
            case (0, _): throw .closedEarly(url: "https://iam.amazonaws.com/")
            case (_, "CreateRole"): .awsFailure(409, "EntityAlreadyExists")
            default: .aws("GetRole", "<Role>\(Self.roleXML(tags: ["a": "1"]))</Role>")
            }
        }
        let role = try await aws.iam.createRole(try Self.draft())
        XCTAssertEqual(role.id, "AROAEXAMPLE")
        XCTAssertEqual(aws.actions, ["CreateRole", "CreateRole", "GetRole"])
    }

    func testSomebodyElsesRoleOfTheNameIsAConflict() async throws {
        let aws = ScriptedAWS { _, form in
            form["Action"] == "CreateRole"
                ? .awsFailure(409, "EntityAlreadyExists")
                : .aws("GetRole", "<Role>\(Self.roleXML(tags: ["owner": "somebody"]))</Role>")
        }
        let error = await awsError {
            _ = try await aws.iam.createRole(try Self.draft())
        }
        XCTAssertEqual(error?.isAlreadyExists, true)
    }

    func testReadsAllPagesOfAList() async throws {
        let aws = ScriptedAWS { number, _ in
            let rest = number < 2 ? "<IsTruncated>true</IsTruncated><Marker>m\(number)</Marker>" : ""
            return .aws(
                "ListRoles",
                "<Roles><member>\(Self.roleXML("app-\(number)"))</member></Roles>\(rest)"
            )
        }
        let roles = try await aws.iam.listRoles()
        XCTAssertEqual(roles.map(\.arn.roleName), ["app-0", "app-1", "app-2"])
        XCTAssertEqual(aws.forms.map { $0["Marker"] }, [nil, "m0", "m1"])
    }

    func testGivesUpAListThatHasNoEnd() async throws {
        var limits = AWSQueryClient.Limits()
        limits.reads = CallPacer.Limits(concurrent: 1, perSecond: 1e6, burst: 1000)
        let aws = ScriptedAWS(limits: limits) { _, _ in
            .aws("ListRoles", "<Roles></Roles><IsTruncated>true</IsTruncated><Marker>m</Marker>")
        }
        let error = await awsError {
            _ = try await aws.iam.listRoles()
        }
        XCTAssertEqual(error, .missingElement(action: "ListRoles", "end of the list"))
        XCTAssertEqual(aws.requests.count, 1000)
    }

    func testFindsAPolicyByNameInAWSsThenInTheAccounts() async throws {
        let aws = ScriptedAWS { _, form in
            switch (form["Action"], form["PolicyArn"], form["Scope"]) {
            case ("GetPolicy", "arn:aws-cn:iam::aws:policy/Plain", _):
                .aws(
                    "GetPolicy",
                    "<Policy><PolicyName>Plain</PolicyName><Arn>arn:aws-cn:iam::aws:policy/Plain</Arn></Policy>"
                )
            case ("GetPolicy", _, _): .awsFailure(404, "NoSuchEntity")
            case (_, _, "AWS"):
                .aws(
                    "ListPolicies",
                    "<Policies><member><PolicyName>Deep</PolicyName>"
                        + "<Arn>arn:aws-cn:iam::aws:policy/service-role/Deep</Arn></member></Policies>"
                )
            default:
                .aws(
                    "ListPolicies",
                    "<Policies><member><PolicyName>Own</PolicyName>"
                        + "<Arn>arn:aws-cn:iam::123456789012:policy/Own</Arn></member><member>"
                        + "<PolicyName>Deep</PolicyName><Arn>arn:aws-cn:iam::123456789012:policy/Deep</Arn>"
                        + "</member></Policies>"
                )
            }
        }
        let iam = aws.iam
        let cases = [
            ("Plain", "arn:aws-cn:iam::aws:policy/Plain"),
            ("Deep", "arn:aws-cn:iam::aws:policy/service-role/Deep"),
            ("Own", "arn:aws-cn:iam::123456789012:policy/Own"), ("None", nil),
            ("arn:aws:iam::aws:policy/AsIs", "arn:aws:iam::aws:policy/AsIs"),
        ]
        for _ in 0..<2 {
            for (name, arn) in cases {
                let found = try await iam.policyARN(try PolicyReference(parsing: name), partition: "aws-cn")
                XCTAssertEqual(found, arn)
            }
        }
        // What was found is not asked for again, nor is a list.
        XCTAssertEqual(aws.actions.filter { $0 == "ListPolicies" }.count, 2)
        XCTAssertEqual(aws.actions.filter { $0 == "GetPolicy" }.count, 5)
    }

    func testTakesEveryPolicyFromARoleThatIsToGo() async throws {
        let aws = ScriptedAWS { _, form in
            switch form["Action"] {
            case "ListAttachedRolePolicies":
                .aws(
                    "ListAttachedRolePolicies",
                    "<AttachedPolicies><member><PolicyName>P</PolicyName><PolicyArn>arn:p</PolicyArn></member>"
                        + "</AttachedPolicies>"
                )
            case "ListRolePolicies":
                .aws("ListRolePolicies", "<PolicyNames><member>inline</member></PolicyNames>")
            case "DetachRolePolicy": .awsFailure(404, "NoSuchEntity")
            default: .aws(form["Action"] ?? "")
            }
        }
        try await aws.iam.removeAllPolicies("app")
        XCTAssertEqual(
            aws.actions,
            ["ListAttachedRolePolicies", "DetachRolePolicy", "ListRolePolicies", "DeleteRolePolicy"]
        )
        XCTAssertEqual(aws.forms[1]["PolicyArn"], "arn:p")
        XCTAssertEqual(aws.forms[3]["PolicyName"], "inline")
    }

    func testWaitsUntilWhatWasWrittenIsRead() async throws {
        let aws = ScriptedAWS { number, _ in
            number < 3
                ? .awsFailure(404, "NoSuchEntity") : .aws("GetRole", "<Role>\(Self.roleXML())</Role>")
        }
        let iam = aws.iam
        let role = try await iam.settled("role app") { () async throws(AWSQueryError) in
            try await iam.getRole("app")
        }
        XCTAssertEqual(role.arn.roleName, "app")
        XCTAssertEqual(aws.requests.count, 4)
        let never = ScriptedAWS { _, _ in .awsFailure(404, "NoSuchEntity") }
        let error = await awsError {
            _ = try await never.iam.settled("role app") { () async throws(AWSQueryError) in
                try await never.iam.getRole("app")
            }
        }
        XCTAssertEqual(error, .notSettled("role app"))
    }
}
