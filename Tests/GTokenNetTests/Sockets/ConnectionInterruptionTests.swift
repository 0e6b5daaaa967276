import GTokenNet
import XCTest

final class ConnectionInterruptionTests: XCTestCase {
    func testAWaitingReadIsInterruptedAndTheConnectionGoesOn() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            let reading = Task(executorPreference: loop) {
                try await pair.server.read(count: 1, deadline: .patient)
            }
            for _ in 0..<3 { await loop.yield() }
            pair.server.interruptReading()
            await assertThrows(.cancelled) { try await reading.value }
            try await pair.client.write([7], deadline: .patient)
            let bytes = try await pair.server.read(count: 1)
            XCTAssertEqual(bytes, [7])
        }
    }

    func testAnInterruptionBetweenReadsIsForTheNextThatWaits() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            pair.server.interruptReading()
            await assertThrows(.cancelled) { try await pair.server.read(count: 1) }
            try await pair.client.write([7], deadline: .patient)
            let bytes = try await pair.server.read(count: 1)
            XCTAssertEqual(bytes, [7])
        }
    }

    func testAWriteIsNotInterrupted() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            let bytes = [UInt8](repeating: 1, count: 10_000_000)
            let writing = Task(executorPreference: loop) {
                try await pair.server.write(bytes, deadline: .patient)
            }
            for _ in 0..<3 { await loop.yield() }
            pair.server.interruptReading()
            let received = try await pair.client.read(count: bytes.count)
            XCTAssertEqual(received.count, bytes.count)
            try await writing.value
        }
    }
}
