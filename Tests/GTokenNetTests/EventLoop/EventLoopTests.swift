import GTokenRuntime
import Synchronization
import XCTest

@testable import GTokenNet

final class EventLoopTests: XCTestCase {
    func testRunsABodyOnTheCallingThreadAndReturnsItsCode() throws {
        let loop = try EventLoop()
        let caller = pthread_self()
        let code = loop.run {
            XCTAssertTrue(loop.isCurrent)
            await loop.yield()
            try? await loop.sleep(for: .milliseconds(1))
            return pthread_self() == caller ? 7 : 1
        }
        XCTAssertEqual(code, 7)
        XCTAssertFalse(loop.isCurrent)
    }

    func testRunsAgainAfterItReturned() throws {
        let loop = try EventLoop()
        XCTAssertEqual(loop.run { 1 }, 1)
        XCTAssertEqual(loop.run { 2 }, 2)
    }

    func testChildTasksStayOnTheLoop() async throws {
        try await withLoop { loop in
            await withDiscardingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        XCTAssertTrue(loop.isCurrent)
                        await loop.yield()
                        XCTAssertTrue(loop.isCurrent)
                    }
                }
            }
        }
    }

    func testGatheredTasksGoOnTogetherEightAtMost() async throws {
        for (tasks, order) in [
            (1, [0, 100]),
            (3, [0, 1, 2, 100, 101, 102]),
            (10, Array(0..<8) + Array(100..<108) + [8, 9, 108, 109]),
        ] {
            try await withLoop { loop in
                let steps = Recorder()
                await withDiscardingTaskGroup { group in
                    for number in 0..<tasks {
                        group.addTask {
                            steps.append(number)
                            await loop.gather()
                            steps.append(100 + number)
                        }
                    }
                }
                XCTAssertEqual(steps.numbers, order)
            }
        }
    }

    func testGatheredTasksGoOnBeforeOthersThatHaveBecomeReady() async throws {
        try await withLoop { loop in
            let steps = Recorder()
            await withDiscardingTaskGroup { group in
                for number in 0..<2 {
                    group.addTask {
                        steps.append(number)
                        // Ready before the gathered go on, and behind them all the same.
                        if number == 0 { Task(executorPreference: loop) { steps.append(200) } }
                        await loop.gather()
                        steps.append(100 + number)
                    }
                }
            }
            await loop.yield()
            XCTAssertEqual(steps.numbers, [0, 1, 100, 101, 200])
        }
    }

    func testTakesManyTasksFromManyThreads() async throws {
        try await withLoops(3) { loops in
            let count = Counter()
            await withDiscardingTaskGroup { group in
                for number in 0..<10_000 {
                    group.addTask(executorPreference: loops[number % 3]) {
                        // To another loop and back.
                        await withTaskExecutorPreference(loops[(number + 1) % 3]) { count.increment() }
                        XCTAssertTrue(loops[number % 3].isCurrent)
                    }
                }
            }
            XCTAssertEqual(count.value, 10_000)
        }
    }

    func testExecutesWorkOfOtherThreadsInTheirOrder() async throws {
        try await withLoops(2) { loops in
            let order = Recorder()
            await withTaskExecutorPreference(loops[1]) {
                await suspend { (resume: Resumption<Void>) in
                    for number in 0..<1000 {
                        loops[0].execute {
                            XCTAssertTrue(loops[0].isCurrent)
                            order.append(number)
                            if number == 999 { resume(()) }
                        }
                    }
                }
            }
            XCTAssertEqual(order.numbers, Array(0..<1000))
        }
    }

    func testSleepsInTheOrderOfDeadlinesAndNeverTooShort() async throws {
        try await withLoop { loop in
            let woken = Recorder()
            let start = Deadline.now
            try await withThrowingDiscardingTaskGroup { group in
                for milliseconds in [9, 1, 6, 3, 0] {
                    group.addTask {
                        try await loop.sleep(until: start.advanced(by: .milliseconds(milliseconds)))
                        XCTAssertGreaterThanOrEqual(.now, start.advanced(by: .milliseconds(milliseconds)))
                        woken.append(milliseconds)
                    }
                }
            }
            XCTAssertEqual(woken.numbers, [0, 1, 3, 6, 9])
        }
    }

    func testCancellationEndsASleep() async throws {
        try await withLoops(2) { loops in
            for canceller in loops {
                for sleeper in loops {
                    // `sleep` may be called from elsewhere than the loop that keeps the time.
                    let sleeping = Task(executorPreference: sleeper) {
                        try await loops[0].sleep(for: .seconds(600))
                    }
                    await withTaskExecutorPreference(canceller) { sleeping.cancel() }
                    do {
                        try await sleeping.value
                        XCTFail("slept")
                    } catch {
                        XCTAssertTrue(error is CancellationError)
                    }
                }
            }
        }
    }

    func testYieldingTasksStarveNoTimerAndNoSocket() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            let spinning = Task(executorPreference: loop) {
                while !Task.isCancelled { await loop.yield() }
            }
            try await loop.sleep(for: .milliseconds(1))
            try await pair.client.write([1], deadline: .patient)
            let received = try await pair.server.read(count: 1)
            XCTAssertEqual(received, [1])
            spinning.cancel()
            await spinning.value
        }
    }

    func testAnIdleLoopUsesNoTime() async throws {
        try await withLoop { loop in
            var before = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
            try await loop.sleep(for: .milliseconds(100))
            var after = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
            let used = (after.tv_sec - before.tv_sec) * 1_000_000_000 + after.tv_nsec - before.tv_nsec
            XCTAssertLessThan(used, 10_000_000)
        }
    }

    func testWaitsForDescriptorsThatAreNoSockets() async throws {
        try await withLoop { loop in
            var ends: [Int32] = [0, 0]
            XCTAssertEqual(unsafe pipe(&ends), 0)
            let (reading, writing) = (ends[0], ends[1])
            defer { [reading, writing].forEach { close($0) } }
            await assertThrows(.timedOut) {
                try await loop.waitReadable(reading, deadline: .after(.milliseconds(1)))
            }
            let waiting = Task(executorPreference: loop) { try await loop.waitReadable(reading) }
            await loop.yield()
            XCTAssertEqual(unsafe write(writing, "x", 1), 1)
            try await waiting.value
            // It is still readable, and the second wait says so at once.
            try await loop.waitReadable(reading, deadline: .patient)
            let cancelled = Task(executorPreference: loop) { try await loop.waitReadable(writing) }
            await loop.yield()
            cancelled.cancel()
            await assertThrows(.cancelled) { try await cancelled.value }
        }
    }

    func testARegularFileIsAlwaysReadable() async throws {
        try await withLoop { loop in
            let file = unsafe open("/etc/hosts", O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            try await loop.waitReadable(file, deadline: .patient)
        }
    }
}

private final class Recorder: Sendable {
    private let recorded = Locked<[Int]>([])

    var numbers: [Int] { recorded.withLock { $0 } }

    func append(_ number: Int) {
        recorded.withLock { $0.append(number) }
    }
}

private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() {
        count.wrappingAdd(1, ordering: .relaxed)
    }
}
