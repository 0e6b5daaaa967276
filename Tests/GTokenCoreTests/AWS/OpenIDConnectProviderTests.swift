import GTokenCore
import XCTest

final class OpenIDConnectIssuerTests: XCTestCase {
    func testKeepsAnIssuerAsItsTokensNameIt() throws {
        let longPath = String(repeating: "p", count: 255 - "https://a.b/".count)
        let cases = [
            "container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/c",
            "container.googleapis.com/v1/projects/example.com:my-project/locations/l/clusters/c",
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
            "issuer.example.com", "issuer.example.com/", "a.b/c/", "kubernetes", "a.b/~x_1.y",
            "a.b/\(longPath)",
        ]
        for name in cases {
            let issuer = try OpenIDConnectIssuer(parsing: "https://\(name)")
            XCTAssertEqual(issuer.name, name)
            XCTAssertEqual(issuer.description, "https://\(name)")
        }
    }

    func testSaysWhatIsWrong() {
        let long = "https://a.b/" + String(repeating: "p", count: 244)
        let malformed = [
            "https://", "https:///path", "http://issuer.example.com", "HTTPS://issuer.example.com",
            "issuer.example.com", " https://issuer.example.com", "https:/issuer.example.com",
            "https://\u{301}a.b", "https://issuer.example.com:443", "https://issuer.example.com:443/path",
            "https://user@issuer.example.com", "https://Issuer.example.com", "https://issuer..example.com",
            "https://-issuer.example.com", "https://issuer.example.com.", "https://[::1]/path",
            "https://bücher.example", "https://issuer.example.com?a=b", "https://issuer.example.com#a",
            "https://issuer.example.com\n", "https://issuer.example.com\u{0}", "https://*.example.com",
            "https://a.b/c?d", "https://a.b/c#d", "https://a.b//c", "https://a.b/c//", "https://a.b/../c",
            "https://a.b/.", "https://a.b/%2e%2e/c", "https://a.b/c d", "https://a.b/c\n",
            "https://a.b/c\r\n", "https://a.b/é", "https://a.b/\u{301}", "https://a.b/*",
            "https://a.b/${aws:username}", "https://a.b/\"", "https://a.b/c\\d", "https://a.b/\u{0}",
        ]
        let cases = malformed.map { ($0, NameProblem.shape) } + [("", .empty), (long, .tooLong(256))]
        for (text, problem) in cases {
            XCTAssertThrowsError(try OpenIDConnectIssuer(parsing: text), text) {
                XCTAssertEqual($0 as? NameError, NameError(.openIDConnectIssuer, problem), text)
            }
        }
    }

    func testIsThatOfAGKECluster() throws {
        for project in ["my-project", "example.com:my-project"] {
            let cluster = try GKECluster(
                project: GoogleProjectID(parsing: project),
                location: "europe-west1-b",
                name: "c1"
            )
            let issuer = try OpenIDConnectIssuer(cluster)
            let url =
                "https://container.googleapis.com/v1/projects/\(project)/locations/europe-west1-b/clusters/c1"
            XCTAssertEqual(issuer.description, url)
            XCTAssertEqual(try OpenIDConnectIssuer(parsing: url), issuer)
        }
        let domain = Array(repeating: "a", count: 100).joined(separator: ".")
        let distant = try GKECluster(
            project: GoogleProjectID(parsing: "\(domain):my-project"),
            location: "europe-west1",
            name: "c1"
        )
        XCTAssertThrowsError(try OpenIDConnectIssuer(distant)) {
            XCTAssertEqual(
                $0 as? NameError,
                NameError(.openIDConnectIssuer, .tooLong(290))
            )
        }
    }
}

final class GKEClusterTests: XCTestCase {
    func testSaysWhatIsWrong() throws {
        let project = try GoogleProjectID(parsing: "my-project")
        let cases: [(location: String, name: String, error: NameError)] = [
            ("", "c", NameError(.googleLocation, .empty)),
            (String(repeating: "l", count: 64), "c", NameError(.googleLocation, .tooLong(64))),
            ("Europe-west1", "c", NameError(.googleLocation, .character(offset: 0))),
            ("europe/west1", "c", NameError(.googleLocation, .character(offset: 6))),
            ("1-europe", "c", NameError(.googleLocation, .character(offset: 0))),
            ("l", "", NameError(.gkeCluster, .empty)),
            ("l", String(repeating: "c", count: 41), NameError(.gkeCluster, .tooLong(41))),
            ("l", "c.d", NameError(.gkeCluster, .character(offset: 1))),
            ("l", "c/../d", NameError(.gkeCluster, .character(offset: 1))),
            ("l", "c-", NameError(.gkeCluster, .character(offset: 1))),
            ("l", "1c", NameError(.gkeCluster, .character(offset: 0))),
            ("l", "c\n", NameError(.gkeCluster, .character(offset: 1))),
        ]
        for (location, name, error) in cases {
            XCTAssertThrowsError(try GKECluster(project: project, location: location, name: name)) {
                XCTAssertEqual($0 as? NameError, error, "\(location) \(name)")
            }
        }
    }
}

final class OpenIDConnectProviderARNTests: XCTestCase {
    private static let issuer = "container.googleapis.com/v1/projects/p/locations/l/clusters/c"

    func testReadsAndWritesAProvider() throws {
        let cases = [
            ("aws", Self.issuer), ("aws-us-gov", "issuer.example.com"), ("aws-cn", "issuer.example.com/"),
            ("aws", "container.googleapis.com/v1/projects/example.com:p1-abc/locations/l/clusters/c"),
        ]
        for (partition, issuer) in cases {
            let text = "arn:\(partition):iam::123456789012:oidc-provider/\(issuer)"
            let arn = try OpenIDConnectProviderARN(parsing: text)
            XCTAssertEqual(arn.partition, partition)
            XCTAssertEqual(arn.accountID, "123456789012")
            XCTAssertEqual(arn.issuer.name, issuer)
            XCTAssertEqual(arn.description, text)
            let made = try OpenIDConnectProviderARN(
                partition: partition,
                accountID: "123456789012",
                issuer: OpenIDConnectIssuer(parsing: "https://\(issuer)")
            )
            XCTAssertEqual(made, arn)
        }
    }

    func testSaysWhichPartIsWrong() {
        let start = "arn:aws:iam::123456789012:oidc-provider/"
        let cases: [(String, ARNProblem)] = [
            ("", .length(0)), (start + String(repeating: "x", count: 2048), .length(2088)),
            (Self.issuer, .notAnARN), ("https://\(Self.issuer)", .notAnARN),
            ("arn:gcp:iam::123456789012:oidc-provider/a.b", .partition),
            ("arn:aws:sts::123456789012:oidc-provider/a.b", .service),
            ("arn:aws:iam:eu-west-1:123456789012:oidc-provider/a.b", .region),
            ("arn:aws:iam::12345678901:oidc-provider/a.b", .accountID),
            ("arn:aws:iam::123456789012:saml-provider/a.b", .resource),
            ("arn:aws:iam::123456789012:role/a.b", .resource),
            ("arn:aws:iam::123456789012:oidc-provider", .resource),
            ("arn:aws:iam::123456789012:OIDC-provider/a.b", .resource),
            (start, .issuer(.shape)), (start + "https://a.b", .issuer(.shape)),
            (start + "a.b:443", .issuer(.shape)), (start + "a.b/*", .issuer(.shape)),
            (start + "*", .issuer(.shape)), (start + "a.b/../c", .issuer(.shape)),
            (start + "a.b\n", .issuer(.shape)), (start + "/a", .issuer(.shape)),
            (start + "a.b/" + String(repeating: "p", count: 244), .issuer(.tooLong(256))),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try OpenIDConnectProviderARN(parsing: text), text) {
                XCTAssertEqual($0 as? ARNError, ARNError(.openIDConnectProvider, problem), text)
            }
        }
    }

    func testIsMadeOfAPartitionAndAnAccount() throws {
        let issuer = try OpenIDConnectIssuer(parsing: "https://a.b")
        let cases: [(partition: String, account: String, problem: ARNProblem)] = [
            ("", "123456789012", .partition), ("gcp", "123456789012", .partition),
            ("aws:iam", "123456789012", .partition), ("aws", "", .accountID), ("aws", "1234", .accountID),
            ("aws", "12345678901:", .accountID), ("aws", "１２３４", .accountID),
        ]
        for (partition, account, problem) in cases {
            XCTAssertThrowsError(
                try OpenIDConnectProviderARN(partition: partition, accountID: account, issuer: issuer)
            ) {
                XCTAssertEqual($0 as? ARNError, ARNError(.openIDConnectProvider, problem))
            }
        }
    }
}
