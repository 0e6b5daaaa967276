import GTokenNet
import XCTest

final class HTTPRequestTests: XCTestCase {
    func testTargetIsTakenApart() {
        let request = HTTPRequest(method: "GET", target: "/a/b%2Fc/?x=1&y=%20z&x=2")
        XCTAssertEqual(request.path, "/a/b%2Fc/")
        XCTAssertEqual(request.pathSegments, ["a", "b/c", ""])
        XCTAssertEqual(request.queryString, "x=1&y=%20z&x=2")
        XCTAssertEqual(request.query("x"), "1")
        XCTAssertEqual(request.query("y"), " z")
        XCTAssertNil(request.query("z"))
        XCTAssertEqual(request.queryItems.values("x"), ["1", "2"])
    }

    func testTargetWithoutQuery() {
        let request = HTTPRequest(method: "GET", target: "/")
        XCTAssertEqual(request.path, "/")
        XCTAssertEqual(request.pathSegments, [""])
        XCTAssertNil(request.queryString)
        XCTAssertEqual(request.queryItems, [:])
        XCTAssertEqual(HTTPRequest(method: "OPTIONS", target: "*").path, "*")
    }

    func testMalformedEscapesAreNotGuessed() {
        for target in ["/%", "/%4", "/%zz", "/%ff"] {
            XCTAssertNil(HTTPRequest(method: "GET", target: target).pathSegments, target)
            let query = "/?ok=1&a=" + target.dropFirst()
            XCTAssertEqual(HTTPRequest(method: "GET", target: query).queryItems, [:], query)
        }
    }

    func testFormNeedsItsMediaType() {
        func form(_ type: String?, _ body: String) -> HTTPForm? {
            var request = HTTPRequest(method: "POST", target: "/", body: Array(body.utf8))
            request.headers["Content-Type"] = type
            return request.form
        }
        XCTAssertEqual(form("application/x-www-form-urlencoded", "a=1"), ["a": "1"])
        XCTAssertEqual(form("Application/X-WWW-Form-URLEncoded ; charset=utf-8", "a=1"), ["a": "1"])
        XCTAssertNil(form("application/json", "a=1"))
        XCTAssertNil(form(nil, "a=1"))
        XCTAssertNil(form("application/x-www-form-urlencoded", "a=%"))
    }

    func testResponseShapes() {
        XCTAssertEqual(
            HTTPResponse.text("no", status: 404).headers["content-type"],
            "text/plain; charset=utf-8"
        )
        XCTAssertEqual(HTTPResponse.json([0x7B, 0x7D]).text, "{}")
        XCTAssertEqual(HTTPResponse.json([]).headers.mediaType, "application/json")
        XCTAssertTrue(HTTPResponse.empty(status: 204).isSuccess)
        XCTAssertFalse(HTTPResponse.empty(status: 304).isSuccess)
    }
}
