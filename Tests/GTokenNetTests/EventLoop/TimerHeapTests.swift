import XCTest

@testable import GTokenNet

final class TimerHeapTests: XCTestCase {
    private final class Numbered: LoopTimer {
        let number: Int

        init(_ number: Int) {
            self.number = number
        }
    }

    private func at(_ nanoseconds: Int64) -> Deadline { Deadline(nanoseconds: nanoseconds) }

    private func drain(_ heap: inout TimerHeap, now: Deadline = .never) -> [Int] {
        var numbers: [Int] = []
        while let timer = heap.popExpired(now: now) as? Numbered { numbers.append(timer.number) }
        return numbers
    }

    func testFiresInTheOrderOfDeadlines() {
        var heap = TimerHeap()
        for number in [5, 1, 4, 0, 3, 2, 9, 7, 8, 6] { heap.arm(Numbered(number), at: at(Int64(number))) }
        XCTAssertEqual(heap.earliest, at(0))
        XCTAssertEqual(drain(&heap, now: at(4)), [0, 1, 2, 3, 4])
        XCTAssertEqual(drain(&heap), [5, 6, 7, 8, 9])
        XCTAssertNil(heap.earliest)
    }

    func testKeepsTheOrderOfSettingAmongEqualDeadlines() {
        var heap = TimerHeap()
        for number in 0..<100 { heap.arm(Numbered(number), at: at(1)) }
        XCTAssertEqual(drain(&heap), Array(0..<100))
    }

    func testATimerSetAnewFiresOnce() {
        var heap = TimerHeap()
        let timers = (0..<3).map(Numbered.init)
        for timer in timers { heap.arm(timer, at: at(10 + Int64(timer.number))) }
        heap.arm(timers[2], at: at(1))
        heap.arm(timers[0], at: at(99))
        XCTAssertEqual(heap.count, 3)
        XCTAssertEqual(drain(&heap), [2, 1, 0])
    }

    func testARemovedTimerDoesNotFire() {
        var heap = TimerHeap()
        let timers = (0..<10).map(Numbered.init)
        for timer in timers { heap.arm(timer, at: at(Int64(timer.number))) }
        for number in [0, 9, 4] {
            heap.disarm(timers[number])
            heap.disarm(timers[number])
            XCTAssertFalse(timers[number].isArmed)
        }
        XCTAssertEqual(drain(&heap), [1, 2, 3, 5, 6, 7, 8])
    }

    func testStaysOrderedUnderRandomUse() {
        var generator = SystemRandomNumberGenerator()
        var heap = TimerHeap()
        var expected: [Int: Int64] = [:]
        let timers = (0..<200).map(Numbered.init)
        for _ in 0..<5000 {
            let number = Int.random(in: 0..<200, using: &generator)
            if Bool.random(using: &generator) {
                let moment = Int64.random(in: 0..<1000, using: &generator)
                heap.arm(timers[number], at: at(moment))
                expected[number] = moment
            } else {
                heap.disarm(timers[number])
                expected[number] = nil
            }
        }
        let order = drain(&heap)
        XCTAssertEqual(Set(order), Set(expected.keys))
        XCTAssertEqual(order.map { expected[$0] }, expected.values.sorted())
    }
}
