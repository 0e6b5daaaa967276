import GTokenCore
import XCTest

final class GoogleProjectIDTests: XCTestCase {
    func testReadsAProjectWithAndWithoutADomain() throws {
        let plain = try GoogleProjectID(parsing: "my-project-1")
        XCTAssertEqual(plain.name, "my-project-1")
        XCTAssertNil(plain.domain)
        let scoped = try GoogleProjectID(parsing: "example.com:my-project")
        XCTAssertEqual(scoped.domain, "example.com")
        XCTAssertEqual(scoped.name, "my-project")
        XCTAssertEqual(scoped.description, "example.com:my-project")
    }

    func testSaysWhatIsWrong() {
        let cases: [(String, NameProblem)] = [
            ("", .empty), ("short", .tooShort(5)), (String(repeating: "a", count: 31), .tooLong(31)),
            ("123456789012", .character(offset: 0)), ("My Project", .character(offset: 0)),
            ("my-project-", .character(offset: 10)), ("my.project", .character(offset: 2)),
            ("a:b:my-project", .shape), ("localhost:my-project", .shape), (":my-project", .shape),
            ("ex..com:my-project", .character(offset: 2)),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try GoogleProjectID(parsing: text)) {
                XCTAssertEqual($0 as? NameError, NameError(.googleProjectID, problem), text)
            }
        }
    }
}

final class GoogleServiceAccountEmailTests: XCTestCase {
    func testReadsEveryKindOfAccount() throws {
        let cases: [(String, name: String, project: String?)] = [
            ("gtoken-demo@my-project.iam.gserviceaccount.com", "gtoken-demo", "my-project"),
            ("app@demo-project.iam.gserviceaccount.com", "app", "demo-project"),
            ("app-1@my-project.example.com.iam.gserviceaccount.com", "app-1", "example.com:my-project"),
            ("123456789012-compute@developer.gserviceaccount.com", "123456789012-compute", nil),
            ("my-project@appspot.gserviceaccount.com", "my-project", "my-project"),
        ]
        for (text, name, project) in cases {
            let email = try GoogleServiceAccountEmail(parsing: text)
            XCTAssertEqual(email.description, text)
            XCTAssertEqual(email.name, name)
            XCTAssertEqual(email.project?.description, project)
        }
    }

    func testWritesTheAddressOfAnAccount() throws {
        for project in ["my-project", "example.com:my-project"] {
            let email = try GoogleServiceAccountEmail(name: "app", project: GoogleProjectID(parsing: project))
            XCTAssertEqual(try GoogleServiceAccountEmail(parsing: email.description), email)
        }
    }

    func testSaysWhatIsWrong() {
        let long = String(repeating: "a", count: 64)
        let cases: [(String, NameProblem)] = [
            ("", .empty), ("app", .shape), ("app@my-project", .shape), ("someone@gmail.com", .shape),
            ("my-project.svc.id.goog", .shape), ("a@b@my-project.iam.gserviceaccount.com", .shape),
            ("app@.iam.gserviceaccount.com", .shape), ("app@iam.gserviceaccount.com", .shape),
            ("@my-project.iam.gserviceaccount.com", .empty),
            ("app@123456789012.iam.gserviceaccount.com", .shape),
            ("App@my-project.iam.gserviceaccount.com", .character(offset: 0)),
            ("a b@my-project.iam.gserviceaccount.com", .character(offset: 1)),
            ("\(long)@my-project.iam.gserviceaccount.com", .tooLong(64)),
            ("app@my-project.iam.gserviceaccount.com\n", .shape),
            ("app@my-project.iam.gserviceaccount.com.evil.org", .shape),
            ("app@my-project.localhost.iam.gserviceaccount.com", .shape),
            (String(repeating: "a", count: 513), .tooLong(513)),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try GoogleServiceAccountEmail(parsing: text)) {
                XCTAssertEqual($0 as? NameError, NameError(.googleServiceAccountEmail, problem), text)
            }
        }
    }
}

final class GoogleUniqueIDTests: XCTestCase {
    func testReadsDigitsThatFitNoInteger() throws {
        for text in ["104857601234567890123", "00000000000000000000"] {
            XCTAssertEqual(try GoogleUniqueID(parsing: text).description, text)
        }
    }

    func testSaysWhatIsWrong() {
        let cases: [(String, NameProblem)] = [
            ("", .empty), ("123456789012", .tooShort(12)), (String(repeating: "1", count: 31), .tooLong(31)),
            ("app@my-project.iam.gserviceaccount.com", .character(offset: 0)),
            ("10485760123456789012x", .character(offset: 20)),
            ("-10485760123456789012", .character(offset: 0)),
            ("１０４８５７６０１２３４５６７８９０１２３", .character(offset: 0)),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try GoogleUniqueID(parsing: text)) {
                XCTAssertEqual($0 as? NameError, NameError(.googleUniqueID, problem), text)
            }
        }
    }
}

final class WorkloadPoolMemberTests: XCTestCase {
    func testReadsAndWritesAMember() throws {
        let cases = [
            "serviceAccount:my-project.svc.id.goog[default/app]",
            "serviceAccount:example.com:my-project.svc.id.goog[team-a/app.v1]",
        ]
        for text in cases { XCTAssertEqual(try WorkloadPoolMember(parsing: text).description, text) }
        let member = try WorkloadPoolMember(parsing: cases[0])
        XCTAssertEqual(member.pool, "my-project.svc.id.goog")
        XCTAssertEqual(
            member,
            WorkloadPoolMember(
                project: try GoogleProjectID(parsing: "my-project"),
                serviceAccount: try KubernetesServiceAccountName(namespace: "default", name: "app")
            )
        )
    }

    func testSaysWhatIsWrong() {
        let cases: [(String, NameError)] = [
            ("", NameError(.workloadPoolMember, .empty)),
            ("my-project.svc.id.goog[default/app]", NameError(.workloadPoolMember, .shape)),
            ("user:my-project.svc.id.goog[default/app]", NameError(.workloadPoolMember, .shape)),
            ("serviceAccount:my-project[default/app]", NameError(.workloadPoolMember, .shape)),
            ("serviceAccount:my-project.svc.id.goog[default]", NameError(.workloadPoolMember, .shape)),
            ("serviceAccount:my-project.svc.id.goog[a/b/c]", NameError(.workloadPoolMember, .shape)),
            ("serviceAccount:my-project.svc.id.goog[default/app", NameError(.workloadPoolMember, .shape)),
            ("serviceAccount:my-project.svc.id.goog[default/]", NameError(.kubernetesServiceAccount, .empty)),
            ("serviceAccount:my-project.svc.id.goog[/app]", NameError(.kubernetesNamespace, .empty)),
            ("serviceAccount:p.svc.id.goog[default/app]", NameError(.googleProjectID, .tooShort(1))),
        ]
        for (text, error) in cases {
            XCTAssertThrowsError(try WorkloadPoolMember(parsing: text)) {
                XCTAssertEqual($0 as? NameError, error, text)
            }
        }
    }
}
