import GTokenNet
import XCTest

final class ProxySettingsTests: XCTestCase {
    func testWhichVariableCounts() throws {
        let cases: [([String: String], String, String?)] = [
            ([:], "http://a/", nil),
            (["HTTP_PROXY": "http://p:3128"], "http://a/", "p:3128"),
            (["HTTP_PROXY": "http://p:3128"], "https://a/", nil),
            (["HTTPS_PROXY": "http://p:3128"], "https://a/", "p:3128"),
            (["HTTPS_PROXY": "http://p:3128"], "http://a/", nil),
            (["https_proxy": "p"], "https://a/", "p:80"),
            (["https_proxy": "p1", "HTTPS_PROXY": "p2"], "https://a/", "p1:80"),
            (["https_proxy": "", "HTTPS_PROXY": "p2"], "https://a/", "p2:80"),
            (["HTTPS_PROXY": ""], "https://a/", nil),
            (["HTTP_PROXY": "p", "REQUEST_METHOD": "GET"], "http://a/", nil),
            (["http_proxy": "p", "REQUEST_METHOD": "GET"], "http://a/", "p:80"),
            (["HTTPS_PROXY": "p", "REQUEST_METHOD": "GET"], "https://a/", "p:80"),
            (["HTTPS_PROXY": "HTTP://User:p%40ss@[::1]:8080/"], "https://a/", "[::1]:8080"),
        ]
        for (environment, url, expected) in cases {
            let settings = try ProxySettings(environment: environment)
            let proxy = settings.proxy(for: try HTTPURL(parsing: url))
            XCTAssertEqual(proxy?.description, expected, "\(environment) \(url)")
        }
    }

    func testExceptions() throws {
        let cases: [(String, String, Bool)] = [
            ("", "http://a.example/", true),
            ("*", "http://a.example/", false),
            (" b , * ", "http://a.example/", false),
            ("example", "http://a.example/", false),
            ("a.example", "http://a.example/", false),
            ("A.Example", "http://a.EXAMPLE/", false),
            ("a.example.", "http://a.example/", false),
            ("a.example", "http://a.example./", false),
            ("a.example", "http://b.a.example/", false),
            ("a.example", "http://ba.example/", true),
            (".a.example", "http://a.example/", true),
            (".a.example", "http://b.a.example/", false),
            ("*.a.example", "http://a.example/", true),
            ("*.a.example", "http://b.a.example/", false),
            ("b.example a.example", "http://a.example/", false),
            ("a.example:80", "http://a.example/", false),
            ("a.example:8080", "http://a.example/", true),
            ("a.example:8080", "http://a.example:8080/", false),
            ("10.0.0.1", "http://10.0.0.1/", false),
            ("10.0.0.1", "http://10.0.0.10/", true),
            ("10.0.0.1:81", "http://10.0.0.1/", true),
            ("10.0.0.0/8", "http://10.255.0.1/", false),
            ("10.0.0.0/8", "http://11.0.0.1/", true),
            ("10.0.0.0/8", "http://a10.example/", true),
            ("10.16.0.0/12", "http://10.31.0.1/", false),
            ("10.16.0.0/12", "http://10.32.0.1/", true),
            ("0.0.0.0/0", "http://10.32.0.1/", false),
            ("10.0.0.0/33", "http://10.0.0.1/", true),
            ("10.0.0.0/x", "http://10.0.0.1/", true),
            ("fd00::/8", "http://[fd12::1]/", false),
            ("fd00::/8", "http://[fe80::1]/", true),
            ("[fd00::1]:80", "http://[fd00::1]/", false),
            ("fd00::1", "http://[FD00:0::1]/", false),
            ("10.0.0.1", "http://[::ffff:10.0.0.1]/", false),
            ("0.1", "http://10.0.0.1/", true),
            ("", "http://localhost:8080/", false),
            ("", "http://127.0.0.1/", false),
            ("", "http://127.8.8.8/", false),
            ("", "http://[::1]/", false),
            (".,:,/,[,*.", "http://a.example/", true),
        ]
        for (list, url, isProxied) in cases {
            for name in ["NO_PROXY", "no_proxy"] {
                let settings = try ProxySettings(environment: ["HTTP_PROXY": "p", name: list])
                let proxy = settings.proxy(for: try HTTPURL(parsing: url))
                XCTAssertEqual(proxy != nil, isProxied, "\(list) \(url)")
            }
        }
    }

    func testProxiesThatCannotBeUsed() {
        let cases: [(String, ProxySettingsError)] = [
            ("https://p", .unsupportedScheme(variable: "HTTPS_PROXY")),
            ("socks5://p:1080", .unsupportedScheme(variable: "HTTPS_PROXY")),
            ("http://", .invalid(variable: "HTTPS_PROXY")),
            ("http://p:x", .invalid(variable: "HTTPS_PROXY")),
            ("p q", .invalid(variable: "HTTPS_PROXY")),
            ("http://u:secret%@p", .invalid(variable: "HTTPS_PROXY")),
            ("http://u:secret@", .invalid(variable: "HTTPS_PROXY")),
        ]
        for (value, expected) in cases {
            XCTAssertThrowsError(try ProxySettings(environment: ["HTTPS_PROXY": value]), value) { error in
                XCTAssertEqual(error as? ProxySettingsError, expected, value)
                XCTAssertFalse("\(error)".contains("secret"))
            }
        }
    }

    func testThePasswordIsNotPrinted() throws {
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "http://u:secret@p"])
        let proxy = try XCTUnwrap(settings.proxy(for: HTTPURL(parsing: "https://a/")))
        var dumped = ""
        dump(settings, to: &dumped)
        XCTAssertFalse("\(proxy) \(settings) \(dumped)".contains("secret"))
        XCTAssertFalse(dumped.contains("dTpzZWNyZXQ"))
    }
}
