import GTokenCore
import XCTest

final class TextSearchTests: XCTestCase {
    func testFindsATextWhereverItStands() {
        let cases: [(bytes: String, text: String, isThere: Bool)] = [
            ("retrieve verification key", "retrieve", true),
            ("retrieve verification key", "verification", true),
            ("retrieve verification key", "key", true),
            ("retrieve verification key", "retrieve verification key", true),
            ("retrieve verification key", "retrieve verification key.", false),
            ("retrieve verification key", "Key", false),
            ("aab", "ab", true),
            ("aaab", "aab", true),
            ("", "a", false),
            ("", "", true),
            ("a", "", true),
            ("prix en €", "€", true),
            // Bytes, not characters: both ways to write é look alike and are different.
            ("caf\u{E9}", "cafe\u{301}", false),
        ]
        for test in cases {
            XCTAssertEqual(test.bytes.utf8.contains(text: test.text), test.isThere, "\(test)")
            XCTAssertEqual(Array(test.bytes.utf8).contains(text: test.text), test.isThere, "\(test)")
        }
    }
}
