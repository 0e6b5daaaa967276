import GTokenCore
import XCTest

final class ServiceAccountAnnotationsTests: XCTestCase {
    func testReadsEachAnnotation() throws {
        XCTAssertEqual(
            try annotations(#"{"metadata":{"name":"a","annotations":{"b/c":"d","e":"","f\u0067":"h"}}}"#),
            ["b/c": "d", "e": "", "fg": "h"]
        )
    }

    func testAnObjectWithoutAnnotationsHasNone() throws {
        for json in [
            "{}", #"{"metadata":null}"#, #"{"metadata":{}}"#, #"{"metadata":{"annotations":null}}"#, "[]",
        ] {
            XCTAssertEqual(try annotations(json), [:], json)
        }
    }

    func testAValueThatIsNoStringIsEmpty() throws {
        XCTAssertEqual(
            try annotations(#"{"metadata":{"annotations":{"a":1,"b":null}}}"#),
            ["a": "", "b": ""]
        )
    }

    func testRefusesWhateverStandsTwice() {
        let cases = [
            "metadata": #"{"metadata":{},"metadata":{}}"#,
            "annotations": #"{"metadata":{"annotations":{},"annotations":{}}}"#,
            "a": #"{"metadata":{"annotations":{"a":"1","\u0061":"2"}}}"#,
        ]
        for (name, json) in cases {
            XCTAssertThrowsError(try annotations(json), json) {
                XCTAssertEqual($0 as? JSONError, .duplicateMember(name))
            }
        }
    }

    private func annotations(_ json: String) throws -> [String: String] {
        try InjectionRules.annotations(of: JSONDocument(Array(json.utf8)).root)
    }
}
