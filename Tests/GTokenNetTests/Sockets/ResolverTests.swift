import GTokenNet
import XCTest

final class ResolverTests: XCTestCase {
    func testALiteralAddressIsItsOwn() async throws {
        try await withLoop { loop in
            // The deadline has passed: nothing was waited for.
            let ipv4 = try await Resolver.resolve(host: "10.0.0.1", port: 443, on: loop, deadline: .now)
            XCTAssertEqual(ipv4.map(\.description), ["10.0.0.1:443"])
            let ipv6 = try await Resolver.resolve(host: "fd00:ec2::23", port: 80, on: loop, deadline: .now)
            XCTAssertEqual(ipv6.map(\.description), ["[fd00:ec2::23]:80"])
        }
    }

    func testFindsLocalhost() async throws {
        try await withLoop { loop in
            let found = try await Resolver.resolve(
                host: "localhost",
                port: 8080,
                on: loop,
                deadline: .patient
            )
            XCTAssertTrue(
                found.map(\.description).contains { ["127.0.0.1:8080", "[::1]:8080"].contains($0) }
            )
        }
    }

    func testNamesThatNoNameCanBeAreNotAskedFor() async throws {
        try await withLoop { loop in
            for host in ["", "127.0.0.1\0.example.org", String(repeating: "a", count: 255)] {
                await assertThrows(.resolution(host: host, code: EAI_NONAME)) {
                    try await Resolver.resolve(host: host, port: 80, on: loop, deadline: .patient)
                }
            }
        }
    }

    func testManyQuestionsAtOnceAreAllAnswered() async throws {
        try await withLoop { loop in
            let answers = try await withThrowingTaskGroup { group in
                for port in 1...100 {
                    group.addTask {
                        try await Resolver.resolve(
                            host: "localhost",
                            port: UInt16(port),
                            on: loop,
                            deadline: .patient
                        )
                    }
                }
                return try await group.reduce(into: Set<UInt16>()) { $0.formUnion($1.map(\.port)) }
            }
            XCTAssertEqual(answers, Set(1...100))
        }
    }

    func testAPassedDeadlineEndsTheQuestion() async throws {
        try await withLoop { loop in
            // The answer may be quicker than the timer; nothing else may happen.
            for _ in 0..<20 {
                do throws(NetError) {
                    _ = try await Resolver.resolve(host: "localhost", port: 1, on: loop, deadline: .now)
                } catch {
                    XCTAssertEqual(error, .timedOut)
                }
            }
        }
    }

    func testCancellationEndsTheQuestion() async throws {
        try await withLoop { loop in
            let question = Task(executorPreference: loop) {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return try await Resolver.resolve(host: "localhost", port: 1, on: loop, deadline: .patient)
            }
            await assertThrows(.cancelled) { try await question.value }
        }
    }
}
