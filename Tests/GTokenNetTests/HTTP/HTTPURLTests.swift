import GTokenNet
import XCTest

final class HTTPURLTests: XCTestCase {
    func testParsing() throws {
        // text, host, port, target, Host field
        let cases: [(String, String, UInt16, String, String)] = [
            ("http://a", "a", 80, "/", "a"),
            ("https://a", "a", 443, "/", "a"),
            ("HTTPS://Sts.AmazonAWS.com:443/", "sts.amazonaws.com", 443, "/", "sts.amazonaws.com"),
            ("https://a.b.:8443/x?y#z", "a.b.", 8443, "/x?y", "a.b:8443"),
            ("http://a?q=1", "a", 80, "/?q=1", "a"),
            ("http://a:/", "a", 80, "/", "a"),
            ("http://a:443/", "a", 443, "/", "a:443"),
            ("http://169.254.169.254/v1", "169.254.169.254", 80, "/v1", "169.254.169.254"),
            ("http://[::1]:80/", "::1", 80, "/", "[::1]"),
            ("https://[FD00::10.0.0.1]:8080", "fd00::10.0.0.1", 8080, "/", "[fd00::10.0.0.1]:8080"),
            ("http://a/?x=b@c:d", "a", 80, "/?x=b@c:d", "a"),
            ("http://a/b?url=http://c/", "a", 80, "/b?url=http://c/", "a"),
        ]
        for (text, host, port, target, field) in cases {
            let url = try HTTPURL(parsing: text)
            XCTAssertEqual(url.host, host, text)
            XCTAssertEqual(url.port, port, text)
            XCTAssertEqual(url.target, target, text)
            XCTAssertEqual(url.hostField, field, text)
        }
    }

    func testWhatIsRefused() {
        let cases: [(String, HTTPURLError)] = [
            ("", .missingScheme),
            ("a", .missingScheme),
            ("a:80/b", .missingScheme),
            ("/a", .missingScheme),
            ("http:/a", .missingScheme),
            ("ftp://a", .unsupportedScheme),
            ("://a", .unsupportedScheme),
            (" http://a", .unsupportedScheme),
            ("http://", .invalidHost),
            ("http:///a", .invalidHost),
            ("http://:80", .invalidHost),
            ("http://.", .invalidHost),
            ("http://..", .invalidHost),
            ("http://a..", .invalidHost),
            ("http://a..b", .invalidHost),
            ("http://.a", .invalidHost),
            ("http://a b/", .invalidHost),
            ("http://ä/", .invalidHost),
            ("http://a\r\n/", .invalidHost),
            ("http://a%2e/", .invalidHost),
            ("http://[::1", .invalidHost),
            ("http://[]", .invalidHost),
            ("http://[a]", .invalidHost),
            ("http://[fe80::1%25eth0]/", .invalidHost),
            ("http://u:p@a/", .userInformation),
            ("http://u@a/", .userInformation),
            ("http://a:0/", .invalidPort),
            ("http://a:65536/", .invalidPort),
            ("http://a:+1/", .invalidPort),
            ("http://a:1a/", .invalidPort),
            ("http://[::1]a/", .invalidPort),
            ("http://::1/", .invalidHost),
            ("http://a:1:2/", .invalidPort),
            ("http://a/b c", .invalidTarget),
            ("http://a/b\r\nX: y", .invalidTarget),
            ("http://a/ü", .invalidTarget),
        ]
        for (text, expected) in cases {
            XCTAssertThrowsError(try HTTPURL(parsing: text), text) { error in
                XCTAssertEqual(error as? HTTPURLError, expected, text)
            }
        }
    }

    func testAppendingEncodes() throws {
        let url = try HTTPURL(parsing: "https://a/v1/?x=1")
        XCTAssertEqual(url.appending(path: "b/c", "d").target, "/v1/b%2Fc/d?x=1")
        XCTAssertEqual(url.appending(query: ["y": "a b"]).target, "/v1/?x=1&y=a%20b")
        XCTAssertEqual(url.appending(query: [:]), url)
        XCTAssertEqual(try url.replacing(target: "/z").appending(query: ["y": ""]).target, "/z?y=")
        XCTAssertThrowsError(try url.replacing(target: "z"))
        XCTAssertEqual(try HTTPURL(parsing: "http://a").appending(path: "b").target, "/b")
    }

    func testTheQueryIsNotPrinted() throws {
        let url = try HTTPURL(parsing: "https://A.:8443/b?token=secret")
        XCTAssertEqual("\(url)", "https://a:8443/b")
    }

    func testServerNameHasNoTrailingDot() throws {
        XCTAssertEqual(try HTTPURL(parsing: "https://a.b./").serverName, "a.b")
        XCTAssertEqual(try HTTPURL(parsing: "https://a.b/").serverName, "a.b")
    }
}
