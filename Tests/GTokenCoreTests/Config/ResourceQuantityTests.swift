import GTokenCore
import XCTest

final class ResourceQuantityTests: XCTestCase {
    func testReadsWhatKubernetesReads() {
        let cases: [(String, Double)] = [
            ("0", 0), ("1", 1), ("50m", 0.05), ("0.5", 0.5), (".5", 0.5), ("1.", 1), ("100u", 1e-4),
            ("10n", 1e-8),
            ("2k", 2000), ("2M", 2e6), ("3G", 3e9), ("1T", 1e12), ("1P", 1e15), ("1E", 1e18),
            ("1Ki", 1024), ("32Mi", 33_554_432), ("1.5Gi", 1_610_612_736), ("1Ti", 0x1p40), ("1Pi", 0x1p50),
            ("1Ei", 0x1p60), ("1e3", 1000), ("1E3", 1000), ("12e-1", 1.2), ("1e+2", 100),
        ]
        for (text, amount) in cases {
            let quantity = ResourceQuantity(parsing: text)
            XCTAssertEqual(quantity?.amount ?? .nan, amount, accuracy: amount * 1e-12, text)
            XCTAssertEqual(quantity?.description, text)
        }
    }

    func testRefusesEverythingElse() {
        let texts = [
            "", "m", ".", "-1", "+1", "1 Mi", " 1", "1MB", "1mi", "1ki", "1K", "1e", "1e1.5", "1ee3",
            "1e9999", "1_000",
            "1.2.3", "0x10", "inf", "nan", "１", String(repeating: "9", count: 33),
        ]
        for text in texts {
            XCTAssertNil(ResourceQuantity(parsing: text), text)
        }
    }
}
