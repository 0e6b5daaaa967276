import XCTest

@testable import GTokenClients

final class XMLElementTests: XCTestCase {
    func testReadsElementsAndTheirText() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <a xmlns="https://sts.amazonaws.com/doc/2011-06-15/" b='1' >
              <b>x &lt;y&gt; &amp;amp; &quot;z&quot; &apos;&#65;&#x1F642;</b><c/><d ></d ><b>second</b>
            </a>

            """
        let root = try XMLElement(parsing: Array(text.utf8))
        XCTAssertEqual(root.name, "a")
        XCTAssertEqual(root.text, "")
        XCTAssertEqual(root.children.map(\.name), ["b", "c", "d", "b"])
        XCTAssertEqual(root["b"]?.text, "x <y> &amp; \"z\" 'A🙂")
        XCTAssertNil(root["e"])
        XCTAssertNil(root["b"]?["c"])
        XCTAssertEqual(try XMLElement(parsing: Array("\u{FEFF}<a/>".utf8)).name, "a")
    }

    func testMakesALineFeedOfEachLineEnd() throws {
        XCTAssertEqual(
            try XMLElement(parsing: Array("<a>b\rc\r\nd\r\re\nf&#13;g</a>".utf8)).text,
            "b\nc\nd\n\ne\nf\rg"
        )
    }

    func testRefusesCharactersThatXMLDoesNotHave() {
        for text in [
            "<a>\u{FFFE}</a>", "<a>\u{FFFF}</a>", "<a>&#xFFFE;</a>", "<a b=\"\u{1}\"/>",
            "<a b=\"\u{FFFF}\"/>",
        ] {
            XCTAssertThrowsError(try XMLElement(parsing: Array(text.utf8)), text)
        }
    }

    func testTakesADeclarationOfXMLInUTF8Alone() {
        for text in [
            "version=\"1.0\"", "version='1.0' encoding='utf-8' ", "version=\"1.0\" standalone=\"yes\"",
        ] {
            XCTAssertNoThrow(try XMLElement(parsing: Array("<?xml \(text)?><a/>".utf8)), text)
        }
        let refused = [
            "", " ", "encoding=\"UTF-8\"", "version=\"1.1\"", "version=1.0",
            "version=\"1.0\" encoding=\"UTF-16\"",
            "encoding=\"UTF-8\" version=\"1.0\"", "version=\"1.0\" version=\"1.0\"",
            "version=\"1.0\" a=\"b\"",
        ]
        for text in refused {
            XCTAssertThrowsError(try XMLElement(parsing: Array("<?xml \(text)?><a/>".utf8)), text)
        }
    }

    func testRefusesWhatIsNotWellFormed() {
        let cases = [
            "<a b=\"1\" b=\"2\"/>", "<a b=\"&\"/>", "<a b=\"&x;\"/>", "<a b=\"&#0;\"/>", "<a>]]></a>",
            "<a b=\"1\"c=\"2\"/>",
        ]
        for text in cases { XCTAssertThrowsError(try XMLElement(parsing: Array(text.utf8)), text) }
    }

    func testRefusesWhatAWSDoesNotWrite() {
        let cases = [
            "", " ", "a", "<", "<a", "<a>", "<a/", "<a></b>", "<a></a", "<a/><b/>", "<a/>x", "x<a/>",
            "<a><b></a></b>", "</a>",
            "< a/>", "<1/>", "<é/>", "<a b/>", "<a b=c/>", "<a b=\"c/>", "<a b=\"<\"/>", "<a b=\"c\"d=\"e\"/",
            "<a =\"c\"/>",
            "<a>&nbsp;</a>", "<a>&</a>", "<a>&lt</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>",
            "<a>&#+65;</a>",
            "<a>&#;</a>", "<a>&#x;</a>", "<a>&#000000000000065;</a>", "<a>\u{1}</a>", "<a><![CDATA[x]]></a>",
            "<a><!-- x --></a>", "<!-- x --><a/>", "<a><?x y?></a>", "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<?xml", "<?xml version=\"1.0\"><a/>",
            "<?xml?><?xml?><a/>",
        ]
        for text in cases { XCTAssertThrowsError(try XMLElement(parsing: Array(text.utf8)), text) }
        XCTAssertThrowsError(try XMLElement(parsing: Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)))
    }

    func testRefusesADocumentCutAtAnyByte() {
        let text = Array("<a b=\"c\"><d>&lt;x</d><e/></a>".utf8)
        XCTAssertNoThrow(try XMLElement(parsing: text))
        for count in 0..<text.count {
            XCTAssertThrowsError(try XMLElement(parsing: Array(text.prefix(count))))
        }
    }

    func testBoundsSizeDepthAndNumber() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)).utf8)
        }
        func many(_ count: Int) -> [UInt8] {
            Array("<a>\(String(repeating: "<b/>", count: count - 1))</a>".utf8)
        }
        func long(_ count: Int) -> [UInt8] {
            Array("<a>\(String(repeating: " ", count: count - 7))</a>".utf8)
        }
        XCTAssertNoThrow(try XMLElement(parsing: nested(XMLElement.maxDepth)))
        XCTAssertNoThrow(try XMLElement(parsing: many(XMLElement.maxElements)))
        XCTAssertNoThrow(try XMLElement(parsing: long(XMLElement.maxBytes)))
        let cases: [([UInt8], XMLError)] = [
            (nested(XMLElement.maxDepth + 1), .tooComplex), (many(XMLElement.maxElements + 1), .tooComplex),
            (long(XMLElement.maxBytes + 1), .tooLarge), (nested(30_000), .tooComplex),
        ]
        for (bytes, error) in cases {
            XCTAssertThrowsError(try XMLElement(parsing: bytes)) { XCTAssertEqual($0 as? XMLError, error) }
        }
    }
}
