import GTokenNet
import XCTest

/// Runs `body` on a loop with a thread of its own, which ends with it.
func withLoop<Result: Sendable>(
    _ body: @Sendable (EventLoop) async throws -> Result
) async throws -> Result {
    try await withLoops(1) { loops in try await body(loops[0]) }
}

/// Runs `body` on the first of several loops.
func withLoops<Result: Sendable>(
    _ count: Int,
    _ body: @Sendable ([EventLoop]) async throws -> Result
) async throws -> Result {
    let group = try EventLoopGroup(count: count)
    defer { group.shutdown() }
    return try await withTaskExecutorPreference(group.loops[0]) {
        try await body(group.loops)
    }
}

/// Checks that `body` throws exactly this error.
func assertThrows<Success>(
    _ expected: NetError,
    file: StaticString = #filePath,
    line: UInt = #line,
    _ body: () async throws -> Success
) async {
    do {
        _ = try await body()
        XCTFail("did not throw \(expected)", file: file, line: line)
    } catch {
        XCTAssertEqual(error as? NetError, expected, file: file, line: line)
    }
}

extension Deadline {
    /// Long enough for a machine under load; a test that reaches it has failed.
    static var patient: Deadline { .after(.seconds(30)) }
}
