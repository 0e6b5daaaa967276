import Foundation
import GTokenCore
import TestSupport
import XCTest

@testable import gtokenctl

/// Texts and values in Terraform's language, whatever is in them.
final class HCLTextTests: XCTestCase {
    private static let cases: [(text: String, quoted: String)] = [
        ("", #""""#),
        ("plain", #""plain""#),
        (#"say "no""#, #""say \"no\"""#),
        (#"C:\new\u0041"#, #""C:\\new\\u0041""#),
        ("two\nlines\r\n\tand a tab", #""two\nlines\r\n\tand a tab""#),
        // Templates.
        ("${", ##""$${""##),
        ("${var.secret}", ##""$${var.secret}""##),
        ("$${x}", ##""$$${x}""##),
        ("$$$${x}", ##""$$$$${x}""##),
        ("%{ for x in y }", ##""%%{ for x in y }""##),
        ("%%{%{", ##""%%%{%%{""##),
        ("$%{%${", ##""$%%{%$${""##),
        (#"${"}"#, ##""$${\"}""##),
        ("100 % of $ 5", #""100 % of $ 5""#),
        ("ends in $", #""ends in $""#),
        ("ends in %", #""ends in %""#),
        // What is not seen, or changes how the line is seen.
        ("\0\u{1}\u{1B}\u{7F}\u{85}\u{9B}", #""\u0000\u0001\u001b\u007f\u0085\u009b""#),
        ("\u{2028}\u{2029}\u{FEFF}\u{202E}\u{200D}", #""\u2028\u2029\ufeff\u202e\u200d""#),
        ("\u{E0001}\u{F0000}", #""\U000e0001\U000f0000""#),
        ("$\u{200D}{", #""$\u200d{""#),
        // Comments and heredocs are nothing inside of quotes.
        ("<<EOT # // /* */", #""<<EOT # // /* */""#),
        // Marks and characters of several code points.
        ("Füße", #""Füße""#),
        ("\u{301}x", #""\u0301x""#),
        ("e\u{301}", "\"e\u{301}\""),
        ("日本 🇩🇪 \u{1F44B}\u{1F3FD}", "\"日本 🇩🇪 \u{1F44B}\u{1F3FD}\""),
    ]

    func testEachTextIsQuotedExactly() {
        for (text, quoted) in Self.cases {
            XCTAssertEqual(
                Array(HCLText.quoted(text).utf8),
                Array(quoted.utf8),
                "\(text.debugDescription): \(HCLText.quoted(text))"
            )
        }
    }

    private static let values: [(value: HCLValue, written: String)] = [
        (.list([]), "[]"),
        (.object([]), "{}"),
        (.texts(["a"]), #"["a"]"#),
        (.texts(["a", "b"]), "[\n  \"a\",\n  \"b\",\n]"),
        (.list([.object([])]), "[\n  {},\n]"),
        (
            .object([
                HCLMember("a", .verbatim("1")), HCLMember("long", .verbatim("null")),
                HCLMember("list", .texts(["x", "y"])), HCLMember("ab", .call("jsonencode", .object([]))),
                HCLMember("c", .map(["k": "v", "${": "%{"])),
            ]),
            """
            {
              a    = 1
              long = null
              list = [
                "x",
                "y",
              ]
              ab = jsonencode({})
              c = {
                "$${" = "%%{"
                "k"   = "v"
              }
            }
            """
        ),
    ]

    func testValuesAreWrittenWithTheirEqualsSignsBelowEachOther() {
        for (value, written) in Self.values { XCTAssertEqual(value.written(), written) }
    }

    func testAJSONValueKeepsItsNumbersAndItsOrder() throws {
        let json = try JSONDocument(
            Array(#"{"b":[1.50,-2e3,123456789012345678901,true,null,"x"],"a":{},"":"\u0024{"}"#.utf8)
        )
        XCTAssertEqual(
            HCLValue(json.root) { name, text in name == "b" && text == "x" ? .verbatim("var.x") : nil }
                .written(),
            """
            {
              "b" = [
                1.50,
                -2e3,
                123456789012345678901,
                true,
                null,
                var.x,
              ]
              "a" = {}
              ""  = "$${"
            }
            """
        )
    }

    /// Terraform takes each text for what it was, in Unicode's normal form NFC, and would format nothing.
    func testTerraformReadsEachTextAsItWas() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("terraform"), "terraform is not installed")
        let stage = try await SetupStage()
        let texts = Self.cases.map(\.text)
        let values = Self.values.map(\.value)
        let expression = HCLValue.call(
            "base64encode",
            .call("jsonencode", .list([.texts(texts), .map(texts.map { (key: $0, value: .texts([$0])) })]))
        )
        let folder = URL(fileURLWithPath: try stage.write("hcl/texts.tf", "")).deletingLastPathComponent()
            .path
        let locals = [HCLMember("texts", expression), HCLMember("values", .list(values))].written(
            margin: "  "
        )
        _ = try stage.write("hcl/texts.tf", "locals {\n\(locals)}\n")
        let format = try await stage.run(program: ["terraform", "fmt", "-check", "-diff", folder])
        XCTAssertEqual(format.status, 0, format.output + format.errors)
        let console = try await stage.run(
            program: ["terraform", "-chdir=\(folder)", "console"],
            input: "local.texts\n"
        )
        XCTAssertEqual(console.status, 0, console.errors)
        await stage.stop()
        let printed = console.output.trimmingCharacters(in: CharacterSet(charactersIn: "\"\n"))
        let data = try XCTUnwrap(Data(base64Encoded: printed), console.output)
        let root = try JSONDocument(Array(data)).root
        let (list, object) = (root.elements.map { $0 }.first, root.elements.map { $0 }.last)
        let expected = texts.map { Array($0.precomposedStringWithCanonicalMapping.unicodeScalars) }
        XCTAssertEqual(list?.elements.map { Array(($0.string() ?? "?").unicodeScalars) }, expected)
        for member in try XCTUnwrap(object).members {
            XCTAssertEqual(member.value.elements.map { $0.string() }, [member.name])
        }
        XCTAssertEqual(object?.members.map { _ in 1 }.count, texts.count)
    }
}
