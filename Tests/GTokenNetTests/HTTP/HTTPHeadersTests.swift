import GTokenNet
import XCTest

final class HTTPHeadersTests: XCTestCase {
    func testNamesCompareWithoutRegardToCase() {
        let headers: HTTPHeaders = ["Content-Type": "text/plain", "X-A": "1", "x-a": "2"]
        XCTAssertEqual(headers["CONTENT-TYPE"], "text/plain")
        XCTAssertEqual(headers["x-A"], "1")
        XCTAssertEqual(headers.values("X-a"), ["1", "2"])
        XCTAssertNil(headers["Content-Typ"])
        XCTAssertNil(headers["Content-Types"])
        XCTAssertTrue(headers.contains("x-a"))
        XCTAssertFalse(headers.contains("x-b"))
    }

    func testOrderIsKept() {
        var headers: HTTPHeaders = ["B": "1", "A": "2"]
        headers.add("B", "3")
        XCTAssertEqual(headers.map { "\($0.name)=\($0.value)" }, ["B=1", "A=2", "B=3"])
    }

    func testSetReplacesEveryFieldOfThatName() {
        var headers: HTTPHeaders = ["A": "1", "B": "2", "a": "3"]
        headers.set("A", "4")
        XCTAssertEqual(headers, ["B": "2", "A": "4"])
        headers["b"] = nil
        XCTAssertEqual(headers, ["A": "4"])
        headers["C"] = "5"
        XCTAssertEqual(headers.count, 2)
    }

    func testEqualityLooksAtOrderAndValues() {
        XCTAssertEqual(["A": "1"] as HTTPHeaders, ["a": "1"])
        XCTAssertNotEqual(["A": "1"] as HTTPHeaders, ["A": "2"])
        XCTAssertNotEqual(["A": "1", "B": "2"] as HTTPHeaders, ["B": "2", "A": "1"])
        XCTAssertNotEqual(["A": "1"] as HTTPHeaders, [:])
    }

    func testAValueCannotStartALineOfItsOwn() {
        let headers: HTTPHeaders = ["A": "x\r\nB: y\u{0}\u{7F}z\tü"]
        XCTAssertEqual(headers["A"], "x  B: y  z\tü")
    }

    func testConnectionListsCloseInAnyCaseAndPlace() {
        XCTAssertTrue(
            (["Connection": "keep-alive , CLOSE", "connection": "upgrade"] as HTTPHeaders).listsClose
        )
        XCTAssertTrue((["Connection": "upgrade", "CONNECTION": "\tClose"] as HTTPHeaders).listsClose)
        XCTAssertFalse((["Connection": "clos, closed, keep-alive"] as HTTPHeaders).listsClose)
        XCTAssertFalse((["Upgrade": "close", "Connectiom": "close"] as HTTPHeaders).listsClose)
        XCTAssertFalse(([:] as HTTPHeaders).listsClose)
    }

    func testNothingPrintsAValue() {
        let headers: HTTPHeaders = ["Authorization": "Bearer secret"]
        let request = HTTPRequest(
            method: "GET",
            target: "/a?token=secret",
            headers: headers,
            body: Array("secret".utf8)
        )
        let response = HTTPResponse(status: 200, headers: headers, body: Array("secret".utf8))
        var dumped = ""
        dump(headers, to: &dumped)
        for text in ["\(headers)", "\(request)", "\(response)", dumped] {
            XCTAssertFalse(text.contains("secret"), text)
        }
        XCTAssertEqual("\(request)", "GET /a (1 fields, 6 bytes)")
    }
}
