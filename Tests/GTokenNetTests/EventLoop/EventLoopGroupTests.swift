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

    /// Otherwise sleepers would hold the loop, and the loop them.
    func testShutdownEndsSleepsAndLetsTheLoopsGo() async throws {
        weak var loop: EventLoop?
        let sleeping: Task<Bool, Never>
        do {
            let group = try EventLoopGroup(count: 1)
            loop = group.next()
            let (asleep, isAsleep) = AsyncStream.makeStream(of: Void.self)
            sleeping = Task(executorPreference: group.next()) { [own = group.next()] in
                isAsleep.finish()
                do throws(CancellationError) {
                    try await own.sleep(for: .seconds(3600))
                    return false
                } catch {
                    return true
                }
            }
            for await _ in asleep {}
            group.shutdown()
        }
        let wasCancelled = await sleeping.value
        XCTAssertTrue(wasCancelled)
        for _ in 0..<2000 where loop != nil { try await Task.sleep(for: .milliseconds(1)) }
        XCTAssertNil(loop)
    }

    func testShutdownIsIdempotentAndEndsTheThreads() async throws {
        let group = try EventLoopGroup(count: 2)
        let threads = try await threads(of: group)
        group.shutdown()
        group.shutdown()
        try await assertEnd(of: threads)
    }

    func testAForgottenGroupEndsItsThreads() async throws {
        let threads = try await threads(of: EventLoopGroup(count: 2))
        try await assertEnd(of: threads)
    }

    /// The threads' places in `/proc`, which a count of all threads would mix with those of others.
    private func threads(of group: EventLoopGroup) async throws -> [String] {
        var threads: [String] = []
        for loop in group.loops {
            let thread = Task(executorPreference: loop) {
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
            }
            threads.append("/proc/\(try await thread.value)")
        }
        XCTAssertEqual(threads.count, 2)
        return threads
    }

    /// A thread is joined a moment before the kernel has taken it out of `/proc`.
    private func assertEnd(of threads: [String]) async throws {
        func left() -> [String] { threads.filter(FileManager.default.fileExists) }
        for _ in 0..<2000 where !left().isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        XCTAssertEqual(left(), [])
    }
}
