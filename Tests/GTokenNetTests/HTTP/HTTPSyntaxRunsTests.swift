import XCTest

@testable import GTokenNet

/// What goes eight bytes at a step stops where a step of one byte would.
final class HTTPSyntaxRunsTests: XCTestCase {
    func testRunsOfASetEndAtTheFirstOtherByte() {
        forEachByteEverywhere { bytes, start in
            for set in [HTTPSyntax.tokenSet, HTTPSyntax.targetSet, HTTPSyntax.hostSet] {
                let end = bytes[start...].firstIndex { !set.contains($0) } ?? bytes.count
                XCTAssertEqual(HTTPSyntax.runEnd(of: set, bytes.span, from: start, to: bytes.count), end)
            }
        }
    }

    func testFieldValuesEndAtTheFirstByteThatNoneHas() {
        forEachByteEverywhere { bytes, start in
            let end = bytes[start...].firstIndex { !HTTPSyntax.isFieldValue($0) } ?? bytes.count
            XCTAssertEqual(HTTPSyntax.fieldValueEnd(bytes.span, from: start, to: bytes.count), end)
        }
    }

    func testLinesEndAtTheFirstLineFeed() {
        forEachByteEverywhere { bytes, start in
            let end = bytes[start...].firstIndex(of: HTTPSyntax.lineFeed) ?? bytes.count
            XCTAssertEqual(HTTPSyntax.lineEnd(bytes.span, from: start), end)
        }
    }

    func testRunsDoNotGoBeyondTheirEnd() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 32)
        for end in 0...32 {
            XCTAssertEqual(HTTPSyntax.runEnd(of: HTTPSyntax.tokenSet, bytes.span, from: 0, to: end), end)
            XCTAssertEqual(HTTPSyntax.fieldValueEnd(bytes.span, from: 0, to: end), end)
        }
    }

    func testNamesAreToldApartInAnyCase() {
        for (name, kind) in [
            ("Host", .host), ("EXPECT", .expect), ("connection", .connection), ("Content-Type", .contentType),
            ("Content-Length", .contentLength), ("tRANSFER-eNCODING", .transferEncoding), ("Hos", .other),
            ("Hosts", .other), ("Content-Typf", .other), ("Content\u{D}Type", .other), ("", .other),
        ] as [(String, HTTPFieldKind)] {
            XCTAssertEqual(HTTPFieldKind(Array(name.utf8).span), kind, name)
        }
    }

    /// Each byte at each place of two words, the one behind it stopping too: a borrow or carry would show.
    private func forEachByteEverywhere(_ body: ([UInt8], Int) -> Void) {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<17 {
                for next in [UInt8(ascii: "z"), 0x00, 0x0A, 0x7F, 0xFF] {
                    var bytes = [UInt8](repeating: UInt8(ascii: "z"), count: 20)
                    bytes[place] = byte
                    bytes[place + 1] = next
                    body(bytes, place % 3)
                }
            }
        }
    }
}
