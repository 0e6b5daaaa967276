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

    private func sign(_ request: SigV4Request, service: String) throws -> String {
        var request = request
        signer.sign(&request, with: credentials, region: "us-east-1", service: service, at: time)
        let field = try XCTUnwrap(request.headers.last)
        XCTAssertEqual(field.name, "Authorization")
        return try XCTUnwrap(SigV4Authorization(parsing: field.value)).signature
    }
}
