import GTokenCore
import TestSupport
import XCTest

/// The one pass over a document, which goes many bytes at a step, against one that goes byte by byte.
final class JSONCheckerTests: XCTestCase {
    private func assertAgrees(_ bytes: [UInt8], file: StaticString = #filePath, line: UInt = #line) {
        let expected = Result { () throws(JSONError) in try ReferenceJSON(bytes).values }
        let found = Result { () throws(JSONError) in Self.ranges(try JSONDocument(bytes).root) }
        guard found != expected else { return }
        XCTFail(
            "\(String(decoding: bytes, as: UTF8.self)): \(found), not \(expected)",
            file: file,
            line: line
        )
    }

    /// Where each value stands, in the order in which they begin.
    private static func ranges(_ value: JSONValue) -> [Range<Int>] {
        [value.range] + value.elements.flatMap(ranges) + value.members.flatMap { ranges($0.value) }
    }

    private static let documents = [
        "", " ", "0", "\"\"", "[]", "{}", "true", " [ ] ", "{ }", "[0,-1,2.5e+1,10]", "[null,false,true]",
        #"{"a":"b","c":"d"}"#, #"{"a":{},"b":{},"c":[]}"#, #"{"a":[{"b":["c","d"]},"e"],"f":1}"#,
        #"{"a\"b":"\"c","\n":"\u00e9","d":"x"}"#, #"[{"a":{"b":{"c":{}}}},[[[]]],"",{"d":"","":[{}]}]"#,
        "{\n  \"a\" : [ 1 , 2 ] ,\n  \"b\" : { \"c\" : null }\n}\n", #"["é","éé","ééé",{"é":"é"}]"#,
        #"{"apiVersion":"v1","metadata":{"name":"pod","uid":"6c9d"},"spec":{"containers":[{"name":"app"}]}}"#,
    ].map { Array($0.utf8) }
    /// Behind the end of a document there is room for a large step, or not.
    private static let spaces = [0, 1, 7, 15, 16, 17, 31, 32, 33, 64].map {
        [UInt8](repeating: 0x20, count: $0)
    }

    func testEveryCutOfADocumentIsJudgedAsByteByByte() {
        for document in Self.documents {
            for length in 0...document.count {
                for spaces in Self.spaces { assertAgrees(document[..<length] + spaces) }
            }
        }
    }

    func testEveryByteAtEveryPlaceIsJudgedAsByteByByte() {
        let others = Array("\"\\{}[],: \n-.019aebtnfu/".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
        for document in Self.documents {
            for place in document.indices {
                for other in others {
                    var changed = document
                    changed[place] = other
                    assertAgrees(changed)
                    assertAgrees(changed + Self.spaces[9])
                    changed.insert(document[place], at: place)
                    assertAgrees(changed)
                }
            }
        }
    }

    func testWhateverStandsAtAnyPlaceOfAStringOfAnyLengthIsFound() {
        let specials: [[UInt8]] =
            ["", "\\\"", "\\n", "\\\\", "\\u0041", "\\x", "\\", "é", "\n", "\"", "\u{7F}"].map {
                Array($0.utf8)
            }
            + [[0x80], [0xC3], [0x00]]
        for length in 0...35 {
            for place in 0...length {
                for special in specials {
                    let text =
                        [UInt8](repeating: 0x61, count: place) + special
                        + [UInt8](repeating: 0x62, count: length - place)
                    for end in ["\"", "\"]", "\",\"x\"]"].map({ Array($0.utf8) }) {
                        assertAgrees(Array(end.count == 1 ? "\"".utf8 : "[\"".utf8) + text + end)
                    }
                    assertAgrees(Array("{\"".utf8) + text + Array("\":\"".utf8) + text + Array("\"}".utf8))
                }
            }
        }
    }

    func testLongStringsAreReadToTheirEndWhereverItIs() throws {
        for length in 0...70 {
            let text = String(repeating: "x", count: length)
            let document = try JSONDocument(
                Array(#"{"\#(text)":"\#(text)","a":["\#(text)"],"b\#(text)":1}"#.utf8)
            )
            XCTAssertEqual(document.root.members.map(\.name), [text, "a", "b" + text])
            XCTAssertEqual(document.root[text]?.string(), text)
            XCTAssertEqual(document.root["b" + text]?.integer(), 1)
        }
    }

    func testTheListOfContainersGrowsToTheirNumberAndNotPastTheLimit() throws {
        for count in [1, 127, 128, 129, 255, 256, 257, 1000, 5000] {
            let objects = (0..<count - 1).map { #"{"a":\#($0)}"# }.joined(separator: ",")
            for text in ["[\(objects)]", "[\(objects) ]"] {
                var limits = JSONLimits.standard
                limits.maxContainers = count
                let root = try JSONDocument(Array(text.utf8), limits: limits).root
                XCTAssertEqual(root.elements.map { $0["a"]?.integer() }, (0..<Int64(count - 1)).map { $0 })
                limits.maxContainers = count - 1
                XCTAssertThrowsError(try JSONDocument(Array(text.utf8), limits: limits)) {
                    XCTAssertEqual($0 as? JSONError, .tooManyContainers(limit: count - 1))
                }
            }
        }
    }

    func testDeepNestingSurvivesTheGrowthOfTheList() throws {
        let depth = 500
        let text =
            String(repeating: "[{\"a\":", count: depth / 2) + "[]" + String(repeating: "}]", count: depth / 2)
        assertAgrees(Array(text.utf8))
    }
}
