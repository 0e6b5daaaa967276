import GTokenNet
import XCTest

final class EventLoopGroupTests: XCTestCase {
    func testHandsItsLoopsOutInTurn() throws {
        let group = try EventLoopGroup(count: 3)
        defer { group.shutdown() }
        let turns = (0..<6).map { _ in ObjectIdentifier(group.next()) }
        XCTAssertEqual(Set(turns).count, 3)
        XCTAssertEqual(turns[..<3], turns[3...])
    }

    func testLoopsRunOnThreadsOfTheirOwn() async throws {
        let group = try EventLoopGroup(count: 2)
        defer { group.shutdown() }
        var threads: Set<pthread_t> = []
        for loop in group.loops {
            threads.insert(await Task(executorPreference: loop) { pthread_self() }.value)
        }
        XCTAssertEqual(threads.count, 2)
    }

    func testLoopThreadsTakeNoSignals() async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let isBlocked = await Task(executorPreference: group.loops[0]) {
            var mask = sigset_t()
            unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
            return unsafe sigismember(&mask, SIGTERM) == 1
        }.value
        XCTAssertTrue(isBlocked)
    }

    func testShutdownIsIdempotentAndEndsTheThreads() throws {
        let before = try threadCount()
        let group = try EventLoopGroup(count: 2)
        group.shutdown()
        group.shutdown()
        XCTAssertLessThanOrEqual(try threadCount(), before)
    }

    func testAForgottenGroupEndsItsThreads() throws {
        let before = try threadCount()
        do { _ = try EventLoopGroup(count: 2) }
        XCTAssertLessThanOrEqual(try threadCount(), before)
    }

    private func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
}
