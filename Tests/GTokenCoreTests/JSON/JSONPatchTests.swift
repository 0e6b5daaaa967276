import GTokenCore
import XCTest

final class JSONPatchTests: XCTestCase {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

    private func apply(_ patch: String, to text: String) throws -> String {
        let patch = try JSONPatch(parsing: try document(patch))
        return String(decoding: try patch.applied(to: try document(text)), as: UTF8.self)
    }

    /// The examples of RFC 6902 appendix A that succeed, and the corners beside them.
    func testAppliesEveryOperation() throws {
        let cases = [
            (
                #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#,
                #"{"foo":"bar","baz":"qux"}"#
            ),
            (
                #"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
                #"{"foo":["bar","qux","baz"]}"#
            ),
            (#"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
            (
                #"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#,
                #"{"foo":["bar","baz"]}"#
            ),
            (#"{"baz":"qux"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#, #"{"baz":"boo"}"#),
            (
                #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
                #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
                #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
            ),
            (
                #"{"foo":["all","grass","cows","eat"]}"#, #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
                #"{"foo":["all","cows","eat","grass"]}"#
            ),
            (
                #"{"baz":"qux","foo":["a",2,"c"]}"#,
                #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2.0}]"#,
                #"{"baz":"qux","foo":["a",2,"c"]}"#
            ),
            (
                #"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
                #"{"foo":"bar","child":{"grandchild":{}}}"#
            ),
            (
                #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#,
                #"{"foo":"bar","baz":"qux"}"#
            ),
            (#"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#),
            (
                #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
                #"{"foo":["bar",["abc","def"]]}"#
            ),
            (#"{"a":1}"#, #"[{"op":"add","path":"","value":[1]}]"#, "[1]"),
            (#"{"a":1}"#, #"[{"op":"add","path":"/a","value":2}]"#, #"{"a":2}"#),
            (#"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/a/-"}]"#, #"{"a":[1,[1]]}"#),
            (#"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
            (#"{"":1}"#, #"[{"op":"replace","path":"/","value":2}]"#, #"{"":2}"#),
            ("[1,2]", "[]", "[1,2]"),
        ]
        for (text, patch, expected) in cases { XCTAssertEqual(try apply(patch, to: text), expected, patch) }
    }

    func testErrorsNameTheOperationAndThePointer() throws {
        let cases: [(String, String, String, JSONPatchError.Reason)] = [
            (
                #"{"foo":"bar"}"#, #"{"op":"add","path":"/baz/bat","value":1}"#, "add",
                .notFound(.init(["baz"]))
            ),
            (
                #"{"foo":"bar"}"#, #"{"op":"add","path":"/foo/x","value":1}"#, "add",
                .notAContainer(.init(["foo"]))
            ),
            (
                #"{"foo":[1]}"#, #"{"op":"add","path":"/foo/2","value":1}"#, "add",
                .invalidIndex(.init(["foo", "2"]))
            ),
            (
                #"{"foo":[1]}"#, #"{"op":"add","path":"/foo/01","value":1}"#, "add",
                .invalidIndex(.init(["foo", "01"]))
            ),
            (
                #"{"foo":[1]}"#, #"{"op":"remove","path":"/foo/-"}"#, "remove",
                .invalidIndex(.init(["foo", "-"]))
            ),
            (#"{"foo":1}"#, #"{"op":"remove","path":"/bar"}"#, "remove", .notFound(.init(["bar"]))),
            (#"{"foo":1}"#, #"{"op":"remove","path":""}"#, "remove", .removesRoot),
            (
                #"{"foo":1}"#, #"{"op":"replace","path":"/bar","value":1}"#, "replace",
                .notFound(.init(["bar"]))
            ),
            (#"{"foo":{}}"#, #"{"op":"move","from":"/foo","path":"/foo/x"}"#, "move", .moveIntoItself),
            (#"{"foo":1}"#, #"{"op":"copy","from":"/bar","path":"/x"}"#, "copy", .notFound(.init(["bar"]))),
            (#"{"foo":1}"#, #"{"op":"test","path":"/foo","value":2}"#, "test", .testFailed),
        ]
        for (text, operation, name, reason) in cases {
            let noop = #"{"op":"test","path":"","value":\#(text)}"#
            XCTAssertThrowsError(try apply("[\(noop),\(operation)]", to: text), operation) { error in
                guard case .failed(1, let actual, _, let actualReason) = error as? JSONPatchError else {
                    return XCTFail("\(error)")
                }
                XCTAssertEqual(actual, name)
                XCTAssertEqual(actualReason, reason)
            }
        }
    }

    func testAnErrorIsOneLineWhateverThePointer() {
        XCTAssertThrowsError(try apply(#"[{"op":"remove","path":"/a\nb"}]"#, to: "{}")) { error in
            XCTAssertEqual(
                "\(error)",
                "operation 0 of the patch, remove \"/a\u{FFFD}b\", failed: nothing stands at \"/a\u{FFFD}b\""
            )
        }
    }

    func testMalformedPatchesAreRefused() throws {
        let cases: [(String, JSONPatchError)] = [
            ("{}", .notAnArray),
            ("[1]", .malformed(operation: 0, reason: .notAnObject)),
            ("[{}]", .malformed(operation: 0, reason: .missingMember("op"))),
            (#"[{"op":"add","path":"/a"}]"#, .malformed(operation: 0, reason: .missingMember("value"))),
            (#"[{"op":"move","path":"/a"}]"#, .malformed(operation: 0, reason: .missingMember("from"))),
            (#"[{"op":"spam","path":"/a"}]"#, .malformed(operation: 0, reason: .unknownOperation("spam"))),
            (
                #"[{"op":"remove","path":"a"}]"#,
                .malformed(operation: 0, reason: .pointer(member: "path", .missingSlash))
            ),
            (
                #"[{"op":"remove","path":"/~2"}]"#,
                .malformed(operation: 0, reason: .pointer(member: "path", .strayTilde))
            ),
            (
                #"[{"op":"add","path":"/a","value":1,"op":"remove"}]"#,
                .malformed(operation: 0, reason: .duplicateMember("op"))
            ),
        ]
        for (text, error) in cases {
            XCTAssertThrowsError(try JSONPatch(parsing: document(text)), text) {
                XCTAssertEqual($0 as? JSONPatchError, error)
            }
        }
    }

    func testWhatNoOperationGoesIntoSurvivesByteForByte() throws {
        let text = #"{"k":{ "n" : 1.50e+03, "s":"\u00e9\/" },"l":[]}"#
        XCTAssertEqual(
            try apply(#"[{"op":"add","path":"/l/-","value":1}]"#, to: text),
            #"{"k":{ "n" : 1.50e+03, "s":"\u00e9\/" },"l":[1]}"#
        )
    }

    func testCopiesCannotDoubleTheDocumentWithoutBound() throws {
        let doubling = (0..<60).map { _ in #"{"op":"copy","from":"","path":"/-"}"# }.joined(separator: ",")
        XCTAssertThrowsError(try apply("[\(doubling)]", to: "[1]")) { error in
            guard case .failed(_, "copy", _, .resultTooLarge) = error as? JSONPatchError else {
                return XCTFail("\(error)")
            }
        }
    }

    func testEncodingReadsBackAsTheSamePatch() throws {
        let path = JSONPointer(["metadata", "annotations", "amazonaws.com/a~b"])
        let patch = JSONPatch([
            .add(path, value: Array(#""x""#.utf8)), .remove(path), .replace(path, value: Array("[1]".utf8)),
            .move(from: path, to: JSONPointer()), .copy(from: path, to: path),
            .test(path, value: Array("null".utf8)),
        ])
        XCTAssertEqual(path.description, "/metadata/annotations/amazonaws.com~1a~0b")
        XCTAssertEqual(try JSONPatch(parsing: JSONDocument(patch.encoded)), patch)
    }

    func testPointersSplitBytesNotCharacters() throws {
        XCTAssertEqual(try JSONPointer(parsing: "/a/\u{301}b").tokens, ["a", "\u{301}b"])
        XCTAssertEqual(try JSONPointer(parsing: "").tokens, [])
        XCTAssertEqual(try JSONPointer(parsing: "/").tokens, [""])
        XCTAssertEqual(try JSONPointer(parsing: "/a//~1~0").tokens, ["a", "", "/~"])
        XCTAssertEqual(JSONPointer(["\u{301}", "~", "/"]).description, "/\u{301}/~0/~1")
    }

    /// Swift takes "é" and "e" with an accent after it for the same text; JSON does not.
    func testNamesAreComparedByCodePoints() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        XCTAssertNotEqual(JSONPointer([composed]), JSONPointer([decomposed]))
        XCTAssertEqual(Set([JSONPointer([composed]), JSONPointer([decomposed])]).count, 2)
        let moved = try apply(
            #"[{"op":"move","from":"/\#(composed)","path":"/\#(decomposed)"}]"#,
            to: #"{"\#(composed)":1}"#
        )
        XCTAssertEqual(Array(moved.utf8), Array(#"{"\#(decomposed)":1}"#.utf8))
        let nested = #"[{"op":"copy","from":"/\#(composed)","path":"/\#(decomposed)/a"}]"#
        XCTAssertNoThrow(try apply(nested, to: #"{"\#(composed)":1,"\#(decomposed)":{}}"#))
        let inside = #"[{"op":"move","from":"/\#(composed)","path":"/\#(decomposed)/a"}]"#
        XCTAssertNoThrow(try apply(inside, to: #"{"\#(composed)":1,"\#(decomposed)":{}}"#))
    }
}
