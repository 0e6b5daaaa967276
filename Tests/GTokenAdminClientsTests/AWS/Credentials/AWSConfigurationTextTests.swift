@testable import GTokenAdminClients
import XCTest

final class AWSConfigurationTextTests: XCTestCase {
    /// What botocore 1.43 reads in the same bytes; `nil` where it refuses the file.
    private static let cases: [(text: String, sections: [String: [String: AWSConfigurationText.Value]]?)] = [
        ("", [:]),
        ("\n\n", [:]),
        ("# nothing\n; at all\n", [:]),
        ("[a]\nk = v\n", ["a": ["k": .text("v")]]),
        ("[a]\r\nk=v\r\n", ["a": ["k": .text("v")]]),
        ("[a]\rk: v\r", ["a": ["k": .text("v")]]),
        ("[ a ]\nK = V\n", [" a ": ["k": .text("V")]]),
        ("[a]\nk=v=w:x\n", ["a": ["k": .text("v=w:x")]]),
        ("[a]\nk:v=w\n", ["a": ["k": .text("v=w")]]),
        ("[a]\nk =\n", ["a": ["k": .text("")]]),
        ("[a]\n  k = v\n", ["a": ["k": .text("v")]]),
        ("[a]\nk = v\n  w\n", ["a": ["k": .text("v\nw")]]),
        ("[a]\nk = v\n\n  w\n", ["a": ["k": .text("v\n\nw")]]),
        ("[a]\nk = v\n  # no\n  w\n", ["a": ["k": .text("v\nw")]]),
        ("[a]\nk = v # here\n", ["a": ["k": .text("v # here")]]),
        ("[a]\nk = v\n# c\n  w\n", ["a": ["k": .text("v\nw")]]),
        ("[a]\ns3 =\n  x = 1\n  y=2\n", ["a": ["s3": .nested(["x": "1", "y": "2"])]]),
        (
            "[a]\ns3 =\n  x = 1\n\n  y=2\nk = v\n",
            ["a": ["s3": .nested(["x": "1", "y": "2"]), "k": .text("v")]]
        ),
        ("[a]\ns3 =\n  x\n", nil),
        ("[a]\ns3 =\n  x = 1\n  x = 2\n", ["a": ["s3": .nested(["x": "2"])]]),
        ("[a]\nk = 1\nk = 2\n", nil),
        ("[a]\nk = 1\nK = 2\n", nil),
        ("[a]\n[a]\n", nil),
        ("[a]\nk\n", nil),
        ("[a]\n= v\n", nil),
        ("k = v\n", nil),
        ("[]\nk = v\n", nil),
        ("[a\nk = v\n", nil),
        ("[a] x\nk = v\n", ["a": ["k": .text("v")]]),
        ("[a]]\nk = v\n", ["a]": ["k": .text("v")]]),
        ("[a]\nk = v\n[b]\nk = w\n", ["a": ["k": .text("v")], "b": ["k": .text("w")]]),
        (
            "[DEFAULT]\nk = d\nl = e\n[a]\nk = v\n[b]\n",
            ["a": ["k": .text("v"), "l": .text("e")], "b": ["k": .text("d"), "l": .text("e")]]
        ),
        ("[DEFAULT]\n[DEFAULT]\n[a]\nk = v\n", ["a": ["k": .text("v")]]),
        ("[DEFAULT]\nk = 1\n[DEFAULT]\nk = 2\n", nil),
        ("[profile x y]\nk = v\n", ["profile x y": ["k": .text("v")]]),
        ("[a]\nk = \"v\"\n", ["a": ["k": .text("\"v\"")]]),
        ("[a]\nk = \u{FC}\n", ["a": ["k": .text("\u{FC}")]]),
        ("\u{FEFF}[a]\nk = v\n", nil),
        ("[a]\nk\u{A0}= v\u{A0}\n", ["a": ["k": .text("v")]]),
        ("[a]\n\tk = v\n\t\tw\n", ["a": ["k": .text("v\nw")]]),
        ("  [a]\n  k = v\n  [b]\n", ["a": ["k": .text("v")], "b": [:]]),
        ("[a]\n  k = v\n l = w\n", ["a": ["k": .text("v"), "l": .text("w")]]),
        ("[a]\nk = v\n  [b]\n", ["a": ["k": .text("v\n[b]")]]),
        ("[a]\nk=v\n \n\n", ["a": ["k": .text("v")]]),
        ("[a]\nk =\n\n  x = 1\n", ["a": ["k": .nested(["x": "1"])]]),
        ("[a]\nkey with space = v\n", ["a": ["key with space": .text("v")]]),
        ("[a]\nk == v\n", ["a": ["k": .text("= v")]]),
        ("[a]\nk = %(x)s ${y}\n", ["a": ["k": .text("%(x)s ${y}")]]),
        ("[a]\n;k = v\nl = w\n", ["a": ["l": .text("w")]]),
        ("[a]\nk = v\n;c\n  w\n", ["a": ["k": .text("v\nw")]]),
        ("[a]\nrem = v\n", ["a": ["rem": .text("v")]]),
        ("[a]\nk = v\u{C}w\n", ["a": ["k": .text("v\u{C}w")]]),
        ("[a]\nk = a\n  b\n  c\n\n\n[b]\nx = 1\n", ["a": ["k": .text("a\nb\nc")], "b": ["x": .text("1")]]),
    ]

    func testReadsWhatTheAWSCLIReads() {
        for (text, sections) in Self.cases {
            let read = try? AWSConfigurationText(parsing: Array(text.utf8)).sections
            let values = read.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.name, $0.values) }) }
            XCTAssertEqual(values, sections, text.debugDescription)
        }
    }

    func testSaysWhichLineIsWrong() {
        let cases: [(String, Int, String)] = [
            ("k = v", 1, "there is no section above it"),
            ("[a]\n\nk", 3, "expected NAME = VALUE or [SECTION]"),
            ("[a]\nk = 1\nK = 2", 3, "k stands twice in [a]"),
            ("[a]\n[b]\n[a]", 3, "section [a] stands twice"),
            ("[a]\nl = 1\nk =\n  x", 3, "expected NAME = VALUE below it"),
        ]
        for (text, line, reason) in cases {
            XCTAssertThrowsError(try AWSConfigurationText(parsing: Array(text.utf8))) { error in
                XCTAssertEqual(
                    error as? AWSConfigurationText.Malformed,
                    AWSConfigurationText.Malformed(line: line, reason: reason)
                )
            }
        }
        XCTAssertThrowsError(try AWSConfigurationText(parsing: Array("[a]\nk = ".utf8) + [0xFF]))
    }

    func testLivesThroughAnyBytes() {
        let text = Array("[DEFAULT]\r\nk = v\n[profile a]\n  s3 =\n    x = 1\n\n  l: ü # c\n;[b]\n[b]\n".utf8)
        for count in 0...text.count { _ = try? AWSConfigurationText(parsing: Array(text.prefix(count))) }
        for index in text.indices {
            for byte: UInt8 in [0x00, 0x0A, 0x0D, 0x20, 0x3D, 0x5B, 0x5D, 0xC3, 0xFF] {
                var changed = text
                changed[index] = byte
                _ = try? AWSConfigurationText(parsing: changed)
            }
        }
    }

    func testReadsTheLargestFile() throws {
        let profile = "[profile p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n\n"
        var text = ""
        for number in 0..<10_000 { text += profile.prefix(10) + "\(number)" + profile.dropFirst(10) }
        XCTAssertLessThan(text.utf8.count, AWSConfigurationText.maxBytes)
        XCTAssertEqual(try AWSConfigurationText(parsing: Array(text.utf8)).sections.count, 10_000)
        let deep = "[a]\nk = v\n" + String(repeating: "  w\n", count: 200_000)
        XCTAssertEqual(try AWSConfigurationText(parsing: Array(deep.utf8)).sections.count, 1)
    }
}

final class CommandWordsTests: XCTestCase {
    /// What Python's `shlex.split` makes of the same line; `nil` where it refuses.
    func testSplitsAsTheAWSCLIDoes() {
        let cases: [(String, [String]?)] = [
            ("a b", ["a", "b"]), ("a  'b c' d", ["a", "b c", "d"]), (#""a \" b""#, [#"a " b"#]),
            (#""a \x b""#, [#"a \x b"#]), (#"a\ b"#, ["a b"]), ("''", [""]), ("a''b", ["ab"]), ("\"", nil),
            (#"a\"#, nil), (#"'a\b'"#, [#"a\b"#]), ("a\tb\nc", ["a", "b", "c"]), ("", []),
            (#"x "y"z 'w'"#, ["x", "yz", "w"]), (#""\\""#, [#"\"#]), (#""\"#, nil),
            ("$(id) `id` ; | &", ["$(id)", "`id`", ";", "|", "&"]),
        ]
        for (line, words) in cases { XCTAssertEqual(CommandWords.split(line), words, line) }
    }
}
