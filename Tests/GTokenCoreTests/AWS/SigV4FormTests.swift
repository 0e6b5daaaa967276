import GTokenCore
import XCTest

/// The text forms; signatures over them are tested where there are hash functions.
final class SigV4FormTests: XCTestCase {
    private let signer = SigV4(sha256: { Array($0.prefix(2)) }, hmacSHA256: { $0 + $1 })

    func testWritesTheCanonicalRequestOfTheUserGuide() {
        let request = SigV4Request(
            method: "GET",
            path: "/",
            query: [("Version", "2010-05-08"), ("Action", "ListUsers")],
            headers: [
                ("Host", "iam.amazonaws.com"),
                ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("X-Amz-Date", "20150830T123600Z"), ("User-Agent", "not signed"),
            ],
            body: [0xE3, 0xB0]
        )
        XCTAssertEqual(
            signer.canonicalRequest(request, signedHeaders: ["host", "x-amz-date", "content-type"]),
            """
            GET
            /
            Action=ListUsers&Version=2010-05-08
            content-type:application/x-www-form-urlencoded; charset=utf-8
            host:iam.amazonaws.com
            x-amz-date:20150830T123600Z

            content-type;host;x-amz-date
            e3b0
            """
        )
    }

    func testNormalisesPaths() {
        let cases = [
            ("", "/"), ("/", "/"), ("//", "/"), ("/a/./b/../c", "/a/c"), ("/..", "/"), ("/a//b/", "/a/b/"),
            ("/a%20b", "/a%2520b"), ("/example space/", "/example%20space/"), ("/ሴ", "/%E1%88%B4"),
            ("/-._~0aZ", "/-._~0aZ"),
        ]
        for (path, expected) in cases {
            let request = SigV4Request(method: "GET", path: path, headers: [])
            XCTAssertEqual(line(1, of: request), expected, path)
        }
    }

    func testSortsAndEncodesTheQuery() {
        let query = [("b", "2"), ("a", "2"), ("a", "1"), ("A", "x y"), ("ü", "&=+"), ("a-", "")]
        let request = SigV4Request(method: "GET", path: "/", query: query.map { ($0.0, $0.1) }, headers: [])
        XCTAssertEqual(line(2, of: request), "%C3%BC=%26%3D%2B&A=x%20y&a=1&a=2&a-=&b=2")
    }

    func testTrimsFoldsAndJoinsHeaders() {
        let request = SigV4Request(
            method: "GET",
            path: "/",
            headers: [("A", "  x   y \t z "), ("B", "1"), ("b", "2"), ("B", "")]
        )
        XCTAssertEqual(
            signer.canonicalRequest(request, signedHeaders: ["b", "a", "missing"]).split(separator: "\n")[
                2...4
            ],
            ["a:x y z", "b:1,2,", "missing:"]
        )
    }

    func testReadsTheAuthorizationThatItWrites() throws {
        var request = SigV4Request(method: "POST", path: "/", headers: [("Host", "sts.amazonaws.com")])
        signer.sign(
            &request,
            with: AWSCredentials(accessKeyID: "AKID", secretAccessKey: "s", sessionToken: "t"),
            region: "us-east-1",
            service: "sts",
            at: UnixTime(seconds: 1_440_938_160)
        )
        XCTAssertEqual(
            request.headers.map(\.name),
            ["Host", "X-Amz-Date", "X-Amz-Security-Token", "Authorization"]
        )
        XCTAssertEqual(request.headers[1].value, "20150830T123600Z")
        let authorization = try XCTUnwrap(SigV4Authorization(parsing: request.headers[3].value))
        XCTAssertEqual(authorization.accessKeyID, "AKID")
        XCTAssertEqual(authorization.scope.description, "20150830/us-east-1/sts/aws4_request")
        XCTAssertEqual(authorization.signedHeaders, ["host", "x-amz-date", "x-amz-security-token"])
        XCTAssertFalse(authorization.signature.isEmpty)
    }

    func testRefusesAnAuthorizationOfAnotherShape() {
        let credential = "AKID/20150830/us-east-1/sts/aws4_request"
        let cases = [
            "", "Bearer x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ",
            "AWS4-HMAC-SHA256 Credential=\(credential)",
            "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/sts, SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/sts/aws5, SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=host, Signature=00, Signature=01",
            "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=host, Signature",
            "AWS4-ECDSA-P256-SHA256 Credential=\(credential), SignedHeaders=host, Signature=00",
        ]
        for text in cases { XCTAssertNil(SigV4Authorization(parsing: text), text) }
        XCTAssertNotNil(
            SigV4Authorization(
                parsing: "AWS4-HMAC-SHA256 Credential=\(credential),SignedHeaders=host,Signature=00"
            )
        )
    }

    func testReadsTimestamps() {
        XCTAssertEqual(SigV4Scope.time(timestamp: "20150830T123600Z"), UnixTime(seconds: 1_440_938_160))
        for text in [
            "", "20150830T123600", "20150830 123600Z", "20151330T123600Z", "2015083０T12360Z",
            "20150830T123660Z",
        ] {
            XCTAssertNil(SigV4Scope.time(timestamp: text), text)
        }
    }

    func testPrintsNoSecret() {
        let credentials = AWSCredentials(
            accessKeyID: "AKID",
            secretAccessKey: "hidden-key",
            sessionToken: "hidden-token",
            expiresAt: .epoch
        )
        var request = SigV4Request(
            method: "POST",
            path: "/",
            headers: [("Host", "h")],
            body: Array("hidden".utf8)
        )
        signer.sign(&request, with: credentials, region: "r", service: "s", at: .epoch)
        var dumped = ""
        dump(credentials, to: &dumped)
        dump(request, to: &dumped)
        for text in ["\(credentials)", "\(request)", String(reflecting: credentials), dumped] {
            XCTAssertFalse(text.contains("hidden"), text)
        }
        XCTAssertEqual("\(credentials)", "AWS credentials AKID until 1970-01-01T00:00:00Z")
    }

    private func line(_ index: Int, of request: SigV4Request) -> String {
        String(
            signer.canonicalRequest(request, signedHeaders: [])
                .split(separator: "\n", omittingEmptySubsequences: false)[index]
        )
    }
}
