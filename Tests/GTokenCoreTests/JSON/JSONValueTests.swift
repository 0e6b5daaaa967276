import GTokenCore
import XCTest

final class JSONValueTests: XCTestCase {
    private func parse(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }

    func testStringsAreUnescaped() throws {
        let cases = [
            (#""""#, ""), (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20ac""#, "Aé€"), (#""\ud83d\ude00!""#, "😀!"), (#""\u0000""#, "\0"),
            (#""\\u0041""#, "\\u0041"),
        ]
        for (json, text) in cases {
            XCTAssertEqual(try parse(json).string(), text)
            XCTAssertTrue(try parse(json).isString(text))
            XCTAssertFalse(try parse(json).isString(text + "x"))
        }
    }

    func testAccessorsOfAnotherKindAnswerNil() throws {
        let root = try parse(#"{"s":"1","n":1,"b":true,"z":null,"o":{},"a":[]}"#)
        for (name, own) in [
            ("s", "string"), ("n", "integer"), ("b", "boolean"), ("z", ""), ("o", ""), ("a", ""),
        ] {
            let value = try XCTUnwrap(root[name])
            XCTAssertEqual(value.string() != nil, own == "string")
            XCTAssertEqual(value.integer() != nil, own == "integer")
            XCTAssertEqual(value.number() != nil, own == "integer")
            XCTAssertEqual(value.boolean() != nil, own == "boolean")
            XCTAssertEqual(value.isNull, name == "z")
            XCTAssertNil(value["s"])
            XCTAssertEqual(Array(value.elements).count, 0)
        }
    }

    func testIntegersAreExactOrNil() throws {
        let cases: [(String, Int64?)] = [
            ("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("1.0", nil), ("1e3", nil), ("123456789012345678901234567890", nil),
        ]
        for (json, expected) in cases { XCTAssertEqual(try parse(json).integer(), expected, json) }
        XCTAssertEqual(try parse("1.5e3").number(), 1500)
        XCTAssertNil(try parse("1e999").number())
    }

    func testValuesKeepTheirBytesAsWritten() throws {
        let root = try parse(
            #" { "big" : 123456789012345678901234567890.10 , "o" : { "x" : [ 1 ,2] } , "e":"\u0041" } "#
        )
        let cases = [
            ("big", "123456789012345678901234567890.10"), ("o", #"{ "x" : [ 1 ,2] }"#), ("e", #""\u0041""#),
        ]
        for (name, bytes) in cases {
            XCTAssertEqual(root[name].map { String(decoding: $0.rawBytes, as: UTF8.self) }, bytes)
        }
    }

    func testWalksStepOverWhatIsNotAskedFor() throws {
        let root = try parse(#"[{"a":[[],{}]},[],{"b":{"c":[1,{"d":2}]}},"x",[[["deep"]]]]"#)
        let elements = Array(root.elements)
        XCTAssertEqual(
            elements.map { String(decoding: $0.rawBytes, as: UTF8.self) },
            [
                #"{"a":[[],{}]}"#, "[]", #"{"b":{"c":[1,{"d":2}]}}"#, #""x""#, #"[[["deep"]]]"#,
            ]
        )
        XCTAssertEqual(elements[2]["b"]?["c"]?.elements.map(\.kind).last, .object)
        XCTAssertEqual(try root.value(at: JSONPointer(parsing: "/2/b/c/1/d"))?.integer(), 2)
        XCTAssertEqual(try root.value(at: JSONPointer(parsing: "/4/0/0/0"))?.string(), "deep")
        XCTAssertNil(try root.value(at: JSONPointer(parsing: "/5")))
        XCTAssertNil(try root.value(at: JSONPointer(parsing: "/00")))
    }

    func testMembersAreFoundWhicheverWayTheirNamesAreEscaped() throws {
        let root = try parse(#"{"n\u0061me":1,"a\/b":2,"e\u0301":3}"#)
        XCTAssertEqual(root["name"]?.integer(), 1)
        XCTAssertEqual(root["a/b"]?.integer(), 2)
        XCTAssertEqual(root["e\u{301}"]?.integer(), 3)
        XCTAssertNil(root["\u{e9}"], "canonical equivalence is not equality in JSON")
        XCTAssertEqual(root.members.map(\.name), ["name", "a/b", "e\u{301}"])
    }

    func testADuplicateNameIsRefusedWhereOneIsAskedFor() throws {
        let root = try parse(#"{"sub":"1","s\u0075b":"2","aud":"3"}"#)
        XCTAssertEqual(try root.uniqueMember("aud")?.string(), "3")
        XCTAssertNil(try root.uniqueMember("none"))
        XCTAssertThrowsError(try root.uniqueMember("sub")) {
            XCTAssertEqual($0 as? JSONError, .duplicateMember("sub"))
        }
    }

    func testEqualityIsThatOfJSONPatch() throws {
        let cases = [
            ("1", "1.0", true), ("100", "1e2", true), ("-0", "0", true), ("0.10", "1e-1", true),
            ("1", "2", false),
            ("12345678901234567890", "12345678901234567891", false), (#""A""#, #""\u0041""#, true),
            (#""é""#, #""e\u0301""#, false), (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, true),
            (#"{"a":1}"#, #"{"a":1,"b":2}"#, false), ("[1,2]", "[2,1]", false), ("[1]", "[1,2]", false),
            ("1", #""1""#, false), ("null", "false", false), ("[]", "[]", true),
        ]
        for (left, right, expected) in cases {
            XCTAssertEqual(try parse(left).isEqual(to: parse(right)), expected, "\(left) and \(right)")
        }
    }

    func testWhatIsWrittenReadsBackWhateverStandsAtAnyPlaceOfIt() throws {
        for length in 0...35 {
            for place in 0...length {
                for special in ["", "\"", "\\", "\n", "\u{0}", "é", "😀"] {
                    let text =
                        String(repeating: "a", count: place) + special
                        + String(repeating: "b", count: length - place)
                    var writer = JSONWriter()
                    writer.object { $0.member(text, text) }
                    let root = try JSONDocument(writer.bytes).root
                    XCTAssertEqual(root.members.map(\.name), [text])
                    XCTAssertEqual(root[text]?.string(), text)
                }
            }
        }
    }

    func testWriterEscapesAndSeparates() throws {
        var writer = JSONWriter()
        writer.object { object in
            object.member("a\"\\\u{1}é", "line\n")
            object.member("n", -5)
            object.member("list") { list in
                list.array { array in
                    array.value(true)
                    array.null()
                    array.object { _ in }
                    array.raw("1.50".utf8)
                }
            }
        }
        XCTAssertEqual(
            String(decoding: writer.bytes, as: UTF8.self),
            #"{"a\"\\\u0001é":"line\u000a","n":-5,"list":[true,null,{},1.50]}"#
        )
        XCTAssertEqual(try JSONDocument(writer.bytes).root["a\"\\\u{1}é"]?.string(), "line\n")
    }
}
