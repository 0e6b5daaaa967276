import Foundation
import GTokenCore
import TestSupport
import XCTest

final class JSONDocumentTests: XCTestCase {
    private func parse(_ text: String) throws(JSONError) -> JSONValue {
        try JSONDocument(Array(text.utf8)).root
    }

    private func assertRejected(
        _ bytes: [UInt8],
        _ expected: JSONError,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertThrowsError(try JSONDocument(bytes), file: file, line: line) {
            XCTAssertEqual($0 as? JSONError, expected, file: file, line: line)
        }
    }

    func testAcceptsEveryKindOfValueAtTheRoot() throws {
        let cases: [(String, JSONKind)] = [
            ("{}", .object), ("[]", .array), ("\"\"", .string), ("0", .number), ("-0.5e+3", .number),
            ("true", .boolean), ("false", .boolean), ("null", .null), (" \t\r\n1 \n", .number),
            ("[1 , 2]", .array), ("{ \"a\" : [ ] , \"b\" : { } }", .object), ("1E400", .number),
        ]
        for (text, kind) in cases { XCTAssertEqual(try parse(text).kind, kind, text) }
    }

    func testRejectsWhatTheGrammarDoesNotAllow() {
        let cases: [(String, JSONError)] = [
            ("", .unexpectedEnd), ("  ", .unexpectedEnd), ("{", .unexpectedEnd), ("[1,", .unexpectedEnd),
            ("\"abc", .unexpectedEnd), ("tru", .unexpectedEnd), ("-", .unexpectedEnd), ("1.", .unexpectedEnd),
            ("1e", .unexpectedEnd), ("{\"a\"", .unexpectedEnd), ("{\"a\":", .unexpectedEnd),
            ("\"\\u12", .unexpectedEnd), ("\"\\", .unexpectedEnd),
            ("[1,]", .unexpectedByte(0x5D, offset: 3)), ("[,1]", .unexpectedByte(0x2C, offset: 1)),
            ("{\"a\":1,}", .unexpectedByte(0x7D, offset: 7)), ("{1:2}", .unexpectedByte(0x31, offset: 1)),
            ("{\"a\" 1}", .unexpectedByte(0x31, offset: 5)), ("[1 2]", .unexpectedByte(0x32, offset: 3)),
            ("[1}", .unexpectedByte(0x7D, offset: 2)), ("nulL", .unexpectedByte(0x4C, offset: 3)),
            ("'a'", .unexpectedByte(0x27, offset: 0)), ("+1", .unexpectedByte(0x2B, offset: 0)),
            (".5", .unexpectedByte(0x2E, offset: 0)), ("NaN", .unexpectedByte(0x4E, offset: 0)),
            ("\u{FEFF}1", .unexpectedByte(0xEF, offset: 0)), ("01", .invalidNumber(offset: 0)),
            ("-01", .invalidNumber(offset: 0)), ("1.x", .invalidNumber(offset: 0)),
            ("[-a]", .invalidNumber(offset: 1)), ("1 2", .trailingBytes(offset: 2)),
            ("{} {}", .trailingBytes(offset: 3)), ("1x", .trailingBytes(offset: 1)),
            ("\"\\x\"", .invalidEscape(offset: 1)), ("\"\\u12g4\"", .invalidEscape(offset: 1)),
            ("\"\\ud800\"", .loneSurrogate(offset: 1)), ("\"\\udc00\"", .loneSurrogate(offset: 1)),
            ("\"\\ud800\\u0041\"", .loneSurrogate(offset: 1)),
            ("\"\\ud83dxxxxxx\"", .loneSurrogate(offset: 1)),
            ("\"a\u{1}\"", .controlCharacter(offset: 2)), ("\"a\nb\"", .controlCharacter(offset: 2)),
            ("\"12345678\u{0}\"", .controlCharacter(offset: 9)),
        ]
        for (text, error) in cases { assertRejected(Array(text.utf8), error) }
    }

    func testRejectsBytesThatAreNotUTF8() {
        let sequences: [[UInt8]] = [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3, 0x28], [0xE2, 0x82, 0x28],
        ]
        for sequence in sequences {
            for padding in 0..<9 {
                let start = [0x22] + [UInt8](repeating: 0x61, count: padding)
                assertRejected(
                    start + sequence + [0x22, 0x20, 0x20, 0x20],
                    .invalidUTF8(offset: 1 + padding)
                )
            }
        }
    }

    func testAcceptsEveryLengthOfUTF8AtEveryAlignment() throws {
        for padding in 0..<10 {
            let text = String(repeating: "a", count: padding) + "é€😀\u{10FFFF}\u{7FF}\u{800}"
            XCTAssertEqual(try parse("\"\(text)\"").string(), text)
        }
    }

    func testEveryCutOfARealReviewIsRejected() throws {
        var review = try Fixture.bytes("cases/custom-sa/review.json", in: .module)
        while review.last == 0x0A { review.removeLast() }
        XCTAssertNoThrow(try JSONDocument(review))
        for length in 0..<review.count {
            assertRejected(Array(review[..<length]), .unexpectedEnd)
        }
    }

    func testReadsRealReviewsAsFoundationDoes() throws {
        for name in try Fixture.names("cases", in: .module) {
            let bytes = try Fixture.bytes("cases/\(name)/review.json", in: .module)
            let expected = try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary
            XCTAssertEqual(
                Self.foundationValue(try JSONDocument(bytes).root) as? NSDictionary,
                expected,
                name
            )
        }
    }

    private static func foundationValue(_ value: JSONValue) -> Any {
        switch value.kind {
        case .object:
            Dictionary(uniqueKeysWithValues: value.members.map { ($0.name, foundationValue($0.value)) })
                as NSDictionary
        case .array: value.elements.map(foundationValue) as NSArray
        case .string: (value.string() ?? "?") as NSString
        case .number:
            value.integer().map { NSNumber(value: $0) }
                ?? NSDecimalNumber(string: String(decoding: value.rawBytes, as: UTF8.self))
        case .boolean: NSNumber(value: value.boolean() ?? false)
        case .null: NSNull()
        }
    }

    func testLimitsHoldExactly() throws {
        let limits = JSONLimits(maxBytes: 12, maxDepth: 3, maxContainers: 4)
        func parse(_ text: String) throws { _ = try JSONDocument(Array(text.utf8), limits: limits) }
        for text in ["[[[1]]]", "[[],[],{}]", "123456789012"] { XCTAssertNoThrow(try parse(text), text) }
        let cases: [(String, JSONError)] = [
            ("[[[[1]]]]", .tooDeep(limit: 3)), ("{\"\":[[[1]]]", .tooDeep(limit: 3)),
            ("[[[{}]]]", .tooDeep(limit: 3)), ("[[],[],{},[]", .tooManyContainers(limit: 4)),
            ("1234567890123", .tooLarge(limit: 12)),
        ]
        for (text, error) in cases {
            XCTAssertThrowsError(try parse(text), text) { XCTAssertEqual($0 as? JSONError, error) }
        }
    }

    func testLimitsBelowZeroRefuseEverythingAndTrapNothing() throws {
        let limits = JSONLimits(maxBytes: 4096, maxDepth: -1, maxContainers: -1)
        let long = "\"\(String(repeating: "a", count: 2000))\""
        XCTAssertNoThrow(try JSONDocument(Array(long.utf8), limits: limits))
        XCTAssertThrowsError(try JSONDocument(Array("[]".utf8), limits: limits))
    }

    func testMaxBytesStaysWithinTheOffsetsHoweverItIsSet() {
        var limits = JSONLimits(maxBytes: .max, maxDepth: 1, maxContainers: 1)
        XCTAssertEqual(limits.maxBytes, Int(Int32.max))
        limits.maxBytes = .max
        XCTAssertEqual(limits.maxBytes, Int(Int32.max))
    }

    func testDeepNestingIsRefusedWithoutDeepRecursion() {
        let deep = [UInt8](repeating: 0x5B, count: 1_000_000)
        assertRejected(deep, .tooDeep(limit: 512))
    }

    func testALargestReviewOfEscapesIsRead() throws {
        let filler = String(repeating: "\\u003c", count: 2_900_000)
        let root = try parse("{\"a\":\"\(filler)\",\"b\":2}")
        XCTAssertEqual(root["b"]?.integer(), 2)
        XCTAssertEqual(root["a"]?.string()?.utf8.count, 2_900_000)
    }
}
