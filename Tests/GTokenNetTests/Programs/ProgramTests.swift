import GTokenNet
import GTokenRuntime
import XCTest

final class ProgramTests: XCTestCase {
    private func run(
        _ program: Program
    ) throws -> Result<Program.Result, SubprocessError> {
        let ended = Locked<Result<Program.Result, SubprocessError>?>(nil)
        let loop = try EventLoop()
        _ = loop.run {
            do throws(SubprocessError) {
                let result = try await program.run(on: loop)
                ended.withLock { $0 = .success(result) }
            } catch {
                ended.withLock { $0 = .failure(error) }
            }
            return 0
        }
        return try XCTUnwrap(ended.withLock { $0 })
    }

    func testReadsWhatItIsGivenAndPrintsOnBothStreams() throws {
        // More than a pipe holds, in both directions.
        let input = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let result = try run(Program(["sh", "-c", "tee /dev/stderr; exit 3"], input: input)).get()
        XCTAssertEqual(result.status, 3)
        XCTAssertEqual(result.output, input)
        XCTAssertEqual(result.errors, input)
        let silent = try run(Program(["cat"])).get()
        XCTAssertEqual(silent.status, 0)
        XCTAssertEqual(silent.output, [])
    }

    func testSaysWhyThereIsNoAnswer() throws {
        XCTAssertEqual(
            try run(Program(["/nowhere/program"])).failure,
            .notStarted(program: "/nowhere/program", errno: 2)
        )
        var slow = Program(["sleep", "60"])
        slow.timeout = .milliseconds(50)
        XCTAssertEqual(try run(slow).failure, .timedOut(program: "sleep"))
        var loud = Program(["yes"])
        loud.maxBytes = 100_000
        XCTAssertEqual(try run(loud).failure, .tooMuchOutput(program: "yes"))
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
