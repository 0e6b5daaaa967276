import XCTest

@testable import GTokenNet

final class CryptoTests: XCTestCase {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }

    func testSHA256OfTheStandardsExamples() {
        // FIPS 180-4's examples.
        let cases: [(String, String)] = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ]
        for (message, digest) in cases {
            XCTAssertEqual(hex(Crypto.sha256(Array(message.utf8))), digest)
        }
    }

    func testHMACSHA256OfTheStandardsExamples() {
        // RFC 4231 sections 4.2, 4.3 and 4.7; the last key is longer than a block.
        let cases: [(key: [UInt8], String, String)] = [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ]
        for (key, message, code) in cases {
            XCTAssertEqual(hex(Crypto.hmacSHA256(key: key, Array(message.utf8))), code)
        }
    }

    func testRandomBytesHaveTheirLengthAndDiffer() {
        for count in [0, 1, 16, 100_000] {
            XCTAssertEqual(Crypto.randomBytes(count).count, count)
        }
        XCTAssertNotEqual(Crypto.randomBytes(16), Crypto.randomBytes(16))
    }

    func testEqualityIsThatOfTheBytes() {
        XCTAssertTrue(Crypto.isEqual([], []))
        XCTAssertTrue(Crypto.isEqual([1, 2], [1, 2]))
        XCTAssertFalse(Crypto.isEqual([1, 2], [1, 3]))
        XCTAssertFalse(Crypto.isEqual([1, 2], [1, 2, 0]))
        XCTAssertFalse(Crypto.isEqual([], [0]))
    }
}
