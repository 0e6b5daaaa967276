import GTokenCore
import XCTest

final class RoleARNTests: XCTestCase {
    func testReadsRolesOfEveryPartition() throws {
        let partitions = [
            "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc",
            "aws-new9",
        ]
        for partition in partitions {
            let role = try RoleARN(parsing: "arn:\(partition):iam::123456789012:role/app")
            XCTAssertEqual(role.partition, partition)
            XCTAssertEqual(role.accountID, "123456789012")
            XCTAssertEqual(role.path, "/")
            XCTAssertEqual(role.roleName, "app")
            XCTAssertEqual(role.knownPartition?.name, partition == "aws-new9" ? nil : partition)
        }
    }

    func testReadsPathsAndNames() throws {
        let longPath = "/" + String(repeating: "p", count: 510) + "/"
        let cases = [
            ("/", "app"), ("/team/", "app"), ("/a/b/c/", "A_b+c=d,e.f@g-h"), ("/a:b!/", "0"),
            (longPath, "app"),
            ("/", String(repeating: "n", count: 64)),
        ]
        for (path, name) in cases {
            let text = "arn:aws:iam::000000000000:role\(path)\(name)"
            let role = try RoleARN(parsing: text)
            XCTAssertEqual(role.path, path)
            XCTAssertEqual(role.roleName, name)
            XCTAssertEqual(role.description, text)
        }
    }

    func testNamesItsSessions() throws {
        let role = try RoleARN(parsing: "arn:aws-cn:iam::123456789012:role/team/app")
        XCTAssertEqual(
            role.sessionARN(try RoleSessionName(parsing: "pod-1")),
            "arn:aws-cn:sts::123456789012:assumed-role/app/pod-1"
        )
    }

    func testSaysWhichPartIsWrong() {
        let long = String(repeating: "x", count: 2048)
        let cases: [(String, ARNProblem)] = [
            ("", .length(0)), ("arn:aws:iam::1:rol", .length(18)),
            ("arn:aws:iam::123456789012:role/\(long)", .length(2079)),
            ("app-role-with-a-long-name", .notAnARN), ("ARN:aws:iam::123456789012:role/app", .notAnARN),
            ("arn:aws:iam:123456789012:role/app", .notAnARN),
            (" arn:aws:iam::123456789012:role/app", .notAnARN),
            ("arn:gcp:iam::123456789012:role/app", .partition),
            ("arn:aws_x:iam::123456789012:role/app", .partition),
            ("arn::iam::123456789012:role/app", .partition),
            ("arn:AWS:iam::123456789012:role/app", .partition),
            ("arn:aws:sts::123456789012:assumed-role/app/x", .service),
            ("arn:aws:IAM::123456789012:role/app", .service),
            ("arn:aws:iam:eu-west-1:123456789012:role/app", .region),
            ("arn:aws:iam::1234:role/application", .accountID),
            ("arn:aws:iam::1234567890123:role/app", .accountID),
            ("arn:aws:iam::12345678901a:role/app", .accountID),
            ("arn:aws:iam::１２３４:role/app", .accountID), ("arn:aws:iam::123456789012:user/app", .resource),
            ("arn:aws:iam::123456789012:instance-profile/app", .resource),
            ("arn:aws:iam::123456789012:role", .resource),
            ("arn:aws:iam::123456789012:role//app", .path), ("arn:aws:iam::123456789012:role/a b/app", .path),
            ("arn:aws:iam::123456789012:role/é/app", .path), ("arn:aws:iam::123456789012:role/", .roleName),
            ("arn:aws:iam::123456789012:role/team/", .roleName),
            ("arn:aws:iam::123456789012:role/a:b", .roleName),
            ("arn:aws:iam::123456789012:role/a b", .roleName),
            ("arn:aws:iam::123456789012:role/app\n", .roleName),
            ("arn:aws:iam::123456789012:role/app\u{0}", .roleName),
            ("arn:aws:iam::123456789012:role/*", .roleName),
            ("arn:aws:iam::123456789012:role/" + String(repeating: "n", count: 65), .roleName),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try RoleARN(parsing: text), text) {
                XCTAssertEqual($0 as? ARNError, ARNError(.role, problem), text)
            }
        }
    }
}

final class RoleSessionNameTests: XCTestCase {
    func testTakesWhatSTSTakes() throws {
        for text in ["ab", "app-7d4b9c-x2x4z", "A_b+c=d,e.f@g-h0", String(repeating: "a", count: 64)] {
            XCTAssertEqual(try RoleSessionName(parsing: text).description, text)
            XCTAssertEqual(RoleSessionName.shortened(from: text).description, text)
        }
    }

    func testSaysWhatIsWrong() {
        let cases: [(String, NameProblem)] = [
            ("", .empty), ("a", .tooShort(1)), (String(repeating: "a", count: 65), .tooLong(65)),
            ("a b", .character(offset: 1)), ("a/b", .character(offset: 1)), ("ab\n", .character(offset: 2)),
            ("áb", .character(offset: 0)), ("a:b", .character(offset: 1)),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try RoleSessionName(parsing: text)) {
                XCTAssertEqual($0 as? NameError, NameError(.roleSessionName, problem), text)
            }
        }
    }

    func testShortensAnyTextToAValidName() throws {
        let texts = [
            "", "a", "a b", "\u{0}", "é", String(repeating: "a", count: 65),
            String(repeating: "🙂", count: 99),
        ]
        for text in texts {
            let name = RoleSessionName.shortened(from: text)
            XCTAssertEqual(try RoleSessionName(parsing: name.description), name)
            XCTAssertEqual(RoleSessionName.shortened(from: text), name)
        }
        XCTAssertEqual(Set(texts.map(RoleSessionName.shortened)).count, texts.count)
    }

    func testShortensByAHashOfTheWhole() {
        // FNV-1a of "a" is af63dc4c8601ec8c, and of nothing the offset basis.
        XCTAssertEqual(RoleSessionName.shortened(from: "a").description, "a-af63dc4c8601ec8c")
        XCTAssertEqual(RoleSessionName.shortened(from: "").description, "-cbf29ce484222325")
        let pod = String(repeating: "a", count: 100)
        let shortened = RoleSessionName.shortened(from: pod).description
        XCTAssertEqual(shortened.count, 64)
        XCTAssertTrue(shortened.hasPrefix(String(repeating: "a", count: 47) + "-"))
        XCTAssertNotEqual(shortened, RoleSessionName.shortened(from: pod + "b").description)
    }
}

final class AWSRegionTests: XCTestCase {
    func testTakesTheRegionsOfEveryPartition() throws {
        let cases = [
            ("us-east-1", "aws", "sts.us-east-1.amazonaws.com"),
            ("ap-southeast-7", "aws", "sts.ap-southeast-7.amazonaws.com"),
            ("mx-central-1", "aws", "sts.mx-central-1.amazonaws.com"),
            ("cn-northwest-1", "aws-cn", "sts.cn-northwest-1.amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "sts.us-gov-west-1.amazonaws.com"),
            ("us-iso-east-1", "aws-iso", "sts.us-iso-east-1.c2s.ic.gov"),
            ("us-isob-east-1", "aws-iso-b", "sts.us-isob-east-1.sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "sts.eu-isoe-west-1.cloud.adc-e.uk"),
            ("us-isof-south-1", "aws-iso-f", "sts.us-isof-south-1.csp.hci.ic.gov"),
            ("eusc-de-east-1", "aws-eusc", "sts.eusc-de-east-1.amazonaws.eu"),
        ]
        for (text, partition, host) in cases {
            let region = try AWSRegion(parsing: text)
            XCTAssertEqual(region.description, text)
            XCTAssertEqual(region.partition.name, partition)
            XCTAssertEqual(region.stsHost, host)
        }
    }

    func testOnlyTheCommercialPartitionHasAGlobalSTS() {
        XCTAssertEqual(AWSPartition.known.compactMap(\.globalSTSHost), ["sts.amazonaws.com"])
    }

    func testSaysWhatIsWrong() {
        let cases: [(String, NameProblem)] = [
            ("", .empty), ("us", .tooShort(2)), (String(repeating: "a", count: 33), .tooLong(33)),
            ("eu-west-1a", .shape), ("EU-west-1", .shape), ("europe-west1", .shape),
            ("europe-west-1", .shape),
            ("eu-west-100", .shape), ("eu-west-", .shape), ("eu--west-1", .shape), ("eu_west_1", .shape),
            ("u-west-1", .shape), ("eu-west-1 ", .shape), ("eu-west-1\n", .shape), ("aws-global", .shape),
            ("us-west-2-lax-1a", .shape), ("a.b/c?d-e-1", .shape), ("us-a-b-c-d-1", .shape),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try AWSRegion(parsing: text), text) {
                XCTAssertEqual($0 as? NameError, NameError(.awsRegion, problem), text)
            }
        }
    }
}
