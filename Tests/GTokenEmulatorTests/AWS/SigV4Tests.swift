import GTokenCore
import GTokenNet
import XCTest

/// Whole signatures: the User Guide's example and cases of AWS's own test suite (aws-sig-v4-test-suite).
final class SigV4Tests: XCTestCase {
    private let signer = SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) })
    private let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
    private let time = UnixTime(seconds: 1_440_938_160)

    func testSignsTheExampleOfTheUserGuide() throws {
        let request = SigV4Request(
            method: "GET",
            path: "/",
            query: [("Action", "ListUsers"), ("Version", "2010-05-08")],
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("Host", "iam.amazonaws.com"),
            ]
        )
        XCTAssertEqual(
            try sign(request, service: "iam"),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        )
    }

    func testSignsTheCasesOfTheTestSuite() throws {
        let host = (name: "Host", value: "example.amazonaws.com")
        let cases: [(String, SigV4Request, String)] = [
            (
                "get-vanilla", SigV4Request(method: "GET", path: "/", headers: [host]),
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
            ),
            (
                "get-vanilla-query-order-key-case",
                SigV4Request(
                    method: "GET",
                    path: "/",
                    query: [("Param2", "value2"), ("Param1", "value1")],
                    headers: [host]
                ),
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
            (
                "post-vanilla", SigV4Request(method: "POST", path: "/", headers: [host]),
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
            ),
        ]
        for (name, request, signature) in cases {
            XCTAssertEqual(try sign(request, service: "service"), signature, name)
        }
    }

    /// Signatures that botocore 1.43.11 made of the same requests.
    func testSignsLikeBotocore() throws {
        let form = (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")
        let caller = Array("Action=GetCallerIdentity&Version=2011-06-15".utf8)
        let session = AWSCredentials(
            accessKeyID: "ASIAEXAMPLEEXAMPLE12",
            secretAccessKey: credentials.secretAccessKey,
            sessionToken: "IQoJb3JpZ2luX2Vj+/token=="
        )
        func request(
            _ method: String,
            _ host: String,
            _ path: String = "/",
            query: [(String, String)] = [],
            headers: [(name: String, value: String)] = [],
            body: [UInt8] = []
        ) -> SigV4Request {
            SigV4Request(
                method: method,
                path: path,
                query: query.map { ($0.0, $0.1) },
                headers: headers + [("Host", host)],
                body: body
            )
        }
        let cases: [(SigV4Request, AWSCredentials, region: String, signature: String)] = [
            (
                request("POST", "sts.eu-west-1.amazonaws.com", headers: [form], body: caller), session,
                "eu-west-1",
                "588a25df268e67f818bd5954fb4770226c3f3a692068a2fca73c4e3b4e0e3447"
            ),
            (
                request("POST", "127.0.0.1:8443", headers: [form], body: caller), session, "us-east-1",
                "b134c7bb6c6f5ea8a857072a990807cb9de5917e9955271a1cff223a48cce344"
            ),
            (
                request(
                    "GET",
                    "sts.amazonaws.com",
                    query: [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")]
                ), session, "us-east-1",
                "42f03b684c6fd562a5b56518b4fc7f2fe08e730b389914a8dd7a6cc827be51c1"
            ),
            (
                request(
                    "GET",
                    "sts.us-gov-west-1.amazonaws.com",
                    "/a%20b/../c/",
                    query: [("z", "1"), ("a", "/ x"), ("a", "")],
                    headers: [("X-Amz-Note", "  many   spaces  ")]
                ), credentials, "us-gov-west-1",
                "79f4e40ea9cd2c897fbecdf869947f83994d434bc6517c1afcf99ee40a430f76"
            ),
            (
                request(
                    "POST",
                    "sts.amazonaws.com",
                    "/deep//path/./x~y",
                    headers: [("Content-Type", "text/plain")],
                    body: Array("ü".utf8)
                ), credentials, "us-east-1",
                "91fe92381879ba40856c8463a8aac011976ac9f82c084e7fa3f95849fe630827"
            ),
        ]
        for (request, credentials, region, signature) in cases {
            var signed = request
            signer.sign(
                &signed,
                with: credentials,
                region: region,
                service: "sts",
                at: UnixTime(seconds: 1_795_467_580)
            )
            let field = try XCTUnwrap(signed.headers.last).value
            XCTAssertEqual(SigV4Authorization(parsing: field)?.signature, signature, "\(request)")
        }
    }

    private func sign(_ request: SigV4Request, service: String) throws -> String {
        var request = request
        signer.sign(&request, with: credentials, region: "us-east-1", service: service, at: time)
        let field = try XCTUnwrap(request.headers.last)
        XCTAssertEqual(field.name, "Authorization")
        return try XCTUnwrap(SigV4Authorization(parsing: field.value)).signature
    }
}
