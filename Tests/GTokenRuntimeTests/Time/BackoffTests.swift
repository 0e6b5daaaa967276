import GTokenRuntime
import TestSupport
import XCTest

final class BackoffTests: XCTestCase {
    func testTheCeilingDoublesUpToTheCap() {
        var backoff = Backoff(floor: .zero, base: .seconds(1), cap: .seconds(10))
        var generator = ConstantGenerator.greatest
        let delays = (0..<6).map { _ in backoff.next(using: &generator) }
        for (delay, ceiling) in zip(delays, [1, 2, 4, 8, 10, 10]) {
            XCTAssertEqual(delay / .seconds(1), Double(ceiling), accuracy: 1e-9)
        }
    }

    func testTheDelayIsNeverBelowTheFloor() {
        var backoff = Backoff(floor: .milliseconds(50), base: .milliseconds(200), cap: .seconds(10))
        var generator = ConstantGenerator.least
        for _ in 0..<10 {
            XCTAssertEqual(backoff.next(using: &generator), .milliseconds(50))
        }
    }

    func testDrawsFromTheWholeRange() {
        var generator = SeededGenerator()
        let delays = (0..<1000).map { _ in
            var backoff = Backoff(floor: .zero, base: .seconds(8), cap: .seconds(60))
            return backoff.next(using: &generator) / .seconds(8)
        }
        XCTAssertTrue(delays.allSatisfy { (0...1).contains($0) })
        XCTAssertEqual(delays.reduce(0, +) / 1000, 0.5, accuracy: 0.05)
        XCTAssertLessThan(delays.min() ?? 1, 0.05)
        XCTAssertGreaterThan(delays.max() ?? 0, 0.95)
    }

    func testStartsAgainAfterASuccess() {
        var backoff = Backoff(base: .seconds(1), cap: .seconds(64))
        for _ in 0..<5 { _ = backoff.next() }
        XCTAssertEqual(backoff.ceiling, .seconds(32))
        backoff.reset()
        XCTAssertEqual(backoff.ceiling, .seconds(1))
    }

    func testStaysAtTheCapForever() {
        var backoff = Backoff(base: .nanoseconds(1), cap: .seconds(60))
        for _ in 0..<10_000 { _ = backoff.next() }
        XCTAssertEqual(backoff.ceiling, .seconds(60))
        XCTAssertLessThanOrEqual(backoff.next(), .seconds(60))
    }

    func testAFloorOrBaseAboveTheCapIsTheCap() {
        var backoff = Backoff(floor: .seconds(5), base: .seconds(9), cap: .seconds(2))
        XCTAssertEqual(backoff.next(), .seconds(2))
    }
}
