import Foundation
import GTokenCore
import XCTest

final class Base64Tests: XCTestCase {
    // RFC 4648 section 10.
    private static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    func testFollowsTheVectorsOfRFC4648() {
        for (plain, text) in Self.vectors {
            let unpadded = text.filter { $0 != "=" }
            XCTAssertEqual(Base64.encode(Array(plain.utf8)), text)
            XCTAssertEqual(Base64.decode(text), Array(plain.utf8))
            XCTAssertEqual(Base64URL.encode(Array(plain.utf8)), unpadded)
            XCTAssertEqual(Base64URL.decode(unpadded), Array(plain.utf8))
        }
    }

    func testUsesTheTwoAlphabets() {
        XCTAssertEqual(Base64.encode([0xFB, 0xFF]), "+/8=")
        XCTAssertEqual(Base64URL.encode([0xFB, 0xFF]), "-_8")
        XCTAssertNil(Base64.decode("-_8="))
        XCTAssertNil(Base64URL.decode("+/8"))
    }

    func testAgreesWithFoundationForEveryLength() {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ count) }
            XCTAssertEqual(Base64.encode(bytes), Data(bytes).base64EncodedString())
            XCTAssertEqual(Base64.decode(Base64.encode(bytes)), bytes)
            XCTAssertEqual(Base64URL.decode(Base64URL.encode(bytes)), bytes)
        }
    }

    func testEveryCharacterIsWrittenAtEveryPlaceInBothAlphabets() {
        for value in 0..<64 as Range<UInt32> {
            let bits = value << 18 | value << 12 | value << 6 | value
            let group = [UInt8(bits >> 16), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]
            for count in 0...40 {
                let bytes = [UInt8](repeating: 0x61, count: count) + group + [0xFE, 0x5A]
                let text = Data(bytes).base64EncodedString()
                XCTAssertEqual(Base64.encode(bytes), text)
                let url = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
                XCTAssertEqual(Base64URL.encode(bytes), url)
            }
        }
    }

    func testRefusesWhatIsNotCanonical() {
        let padded = [
            "Z", "Zg", "Zg=", "Zg===", "=", "====", "Zg==Zg==", "Zh==", "Zm9=", "Zm8", "Zm8=\n", " Zm8=",
            "Zm8= ",
            "Z=g=", "Zm 9v", "Zm9v====", "Zm9\u{0}", "Zm9é",
        ]
        for text in padded { XCTAssertNil(Base64.decode(text), text) }
        let unpadded = ["Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm9vY", "Zm8\n", "Zm.v", "Zm9v\u{0}", "éé"]
        for text in unpadded { XCTAssertNil(Base64URL.decode(text), text) }
    }
}
