import XCTest

@testable import GTokenNet

final class GateTests: XCTestCase {
    func testEverybodyGetsTheFirstValue() async {
        let gate = Gate<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<10 { group.addTask { await gate.wait() } }
            gate.open(1)
            gate.open(2)
            for await value in group { XCTAssertEqual(value, 1) }
        }
        let later = await gate.wait()
        XCTAssertEqual(later, 1)
    }

    func testACancelledTaskWaitsNoLonger() async {
        let gate = Gate<Int>()
        let waiting = Task { await gate.wait() }
        waiting.cancel()
        let value = await waiting.value
        XCTAssertNil(value)
        gate.open(1)
    }

    func testATaskThatIsCancelledAlreadyDoesNotWait() async {
        let gate = Gate<Int>()
        let value = await withTaskGroup(of: Int?.self) { group in
            group.cancelAll()
            group.addTask { await gate.wait() }
            return await group.next() ?? nil
        }
        XCTAssertNil(value)
    }
}
