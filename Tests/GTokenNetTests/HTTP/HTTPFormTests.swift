import GTokenNet
import XCTest

final class HTTPFormTests: XCTestCase {
    func testParsing() {
        let cases: [(String, HTTPForm?)] = [
            ("", [:]),
            ("&&", [:]),
            ("a", ["a": ""]),
            ("a=", ["a": ""]),
            ("=b", ["": "b"]),
            ("a=b=c", ["a": "b=c"]),
            ("a=1&b=2&a=3", ["a": "1", "b": "2", "a": "3"]),
            ("a+b=c+d%2B", ["a b": "c d+"]),
            ("%C3%BC=%e2%82%ac", ["ü": "€"]),
            ("a=%00", ["a": "\u{0}"]),
            ("a=%", nil),
            ("a=%1", nil),
            ("a=%1&b=23", nil),
            ("a=%+1", nil),
            ("a=%g0", nil),
            ("%FF=1", nil),
            ("a=%C3", nil),
            ("a=%ED%A0%80", nil),
        ]
        for (text, expected) in cases {
            XCTAssertEqual(HTTPForm(parsing: text.utf8), expected, text)
        }
    }

    func testEncodingIsReadBackAsItWas() {
        let forms: [HTTPForm] = [
            [:], ["a": ""], ["": ""], ["a": "1", "a": "2"], ["ü &=+%": "\u{0}\n/?#€~-._"],
        ]
        for form in forms {
            XCTAssertEqual(HTTPForm(parsing: form.encoded), form)
        }
    }

    func testEncodingEscapesAllButUnreserved() {
        let form: HTTPForm = ["RoleArn": "arn:aws:iam::1:role/a b", "x": "A-Za.z_0~9+"]
        XCTAssertEqual(
            String(decoding: form.encoded, as: UTF8.self),
            "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&x=A-Za.z_0~9%2B"
        )
    }

    func testAssigningReplacesEveryPairOfThatName() {
        var form: HTTPForm = ["a": "1", "b": "2", "a": "3"]
        form["a"] = "4"
        XCTAssertEqual(form, ["b": "2", "a": "4"])
        form["b"] = nil
        XCTAssertEqual(form, ["a": "4"])
    }

    func testNothingPrintsAValue() {
        let form: HTTPForm = ["WebIdentityToken": "secret"]
        var dumped = ""
        dump(form, to: &dumped)
        XCTAssertEqual("\(form)", "[WebIdentityToken]")
        XCTAssertFalse(dumped.contains("secret"))
    }

    func testPercentEncoding() {
        XCTAssertEqual(PercentEncoding.encode("a/b c~ü"), "a%2Fb%20c~%C3%BC")
        XCTAssertEqual(PercentEncoding.decode("a%2Fb+c"), "a/b+c")
        XCTAssertNil(PercentEncoding.decode("%c3"))
    }
}
