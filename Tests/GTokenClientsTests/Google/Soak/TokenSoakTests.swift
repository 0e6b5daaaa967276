import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// A thousand refreshes with everything that can go wrong between, while somebody reads the file all the time.
final class TokenSoakTests: XCTestCase {
    private static let refreshes = 1000
    /// What memory may grow by from the tenth refresh on, in KiB.
    ///
    /// The allocator keeps an arena for each thread, which grows in steps of 132 KiB. One token that is kept for each
    /// refresh would be five times as much.
    private static let growth = 800

    func testAReaderAlwaysFindsAValidTokenThroughAThousandFaultyRefreshes() async throws {
        let directory = try TemporaryDirectory()
        let group = try EventLoopGroup(count: 2)
        defer { group.shutdown() }
        let (serverLoop, toolLoop) = (group.loops[0], group.loops[1])
        let server = try SoakServer(on: serverLoop)
        let serving = Task(executorPreference: serverLoop) { await server.run(on: serverLoop) }
        let unused = try UnusedPort()
        let stage = try SoakStage(
            server,
            unused: unused.port,
            path: directory.file("gtoken"),
            on: toolLoop,
            refreshes: Self.refreshes
        )
        let reader = try await withTaskExecutorPreference(toolLoop) {
            // The first token is there before anybody reads.
            try await stage.begin()
            return SoakReader(stage.path, clock: stage)
        }
        let end = await withTaskExecutorPreference(toolLoop) { await stage.goOn() }
        let seen = await reader.stop()
        server.close()
        await serving.value

        print(
            "soak: \(stage.refreshes) refreshes in \(Int(stage.elapsed / .seconds(3600))) hours of its time, faults:"
        )
        print("soak: " + stage.faults.dropFirst().map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", "))
        print(
            "soak: a reader read \(seen.reads) times and saw \(seen.tokens) tokens, never one with less than"
        )
        print(
            "soak: \(Int(stage.leastLeft / .seconds(1))) s left, \(seen.missing) missing, \(seen.malformed) malformed"
        )
        print("soak: log lines \(stage.lines.map { "\($0.key.rawValue) \($0.value)" }.sorted())")

        XCTAssertEqual(end, .cancelled, "it goes on until it is told to end")
        XCTAssertEqual(stage.refreshes, Self.refreshes)
        for (fault, count) in stage.faults { XCTAssertGreaterThan(count, 50, fault.rawValue) }
        XCTAssertEqual(seen.missing, 0)
        XCTAssertEqual(seen.malformed, 0)
        XCTAssertEqual(seen.expired, 0)
        XCTAssertGreaterThan(seen.tokens, Self.refreshes / 10)
        XCTAssertGreaterThanOrEqual(stage.leastLeft, SoakStage.minimum)
        XCTAssertEqual(stage.lines[.error] ?? 0, 0)
        XCTAssertEqual(directory.names, ["gtoken"])

        let early = try XCTUnwrap(stage.memory(after: 10))
        let late = try XCTUnwrap(stage.memory(after: Self.refreshes))
        print("soak: anonymous memory \(early) KiB after 10 refreshes, \(late) KiB after \(Self.refreshes)")
        if Sanitizer.isActive {
            print("soak: memory is not compared under a sanitizer, which keeps what is freed")
        } else {
            XCTAssertLessThan(late - early, Self.growth)
        }
    }
}
