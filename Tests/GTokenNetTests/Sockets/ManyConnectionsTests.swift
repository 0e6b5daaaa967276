import GTokenNet
import TestSupport
import XCTest

final class ManyConnectionsTests: XCTestCase {
    func testKeepsTwoThousandIdleConnectionsAndServesThemAll() async throws {
        let count = 2000
        try XCTSkipUnless(
            DescriptorLimit.raise(to: 2 * count + 200),
            "this process may not open so many descriptors"
        )
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            let serving = Task(executorPreference: loop) {
                try await withThrowingDiscardingTaskGroup { group in
                    for _ in 0..<count {
                        let connection = Connection(accepted: try await listener.accept(), loop: loop)
                        group.addTask {
                            defer { connection.close() }
                            var bytes: [UInt8] = []
                            while try await connection.read(into: &bytes, deadline: .patient) > 0 {
                                try await connection.write(bytes, deadline: .patient)
                                bytes.removeAll()
                            }
                        }
                    }
                }
            }
            var clients: [Connection] = []
            for _ in 0..<count {
                clients.append(
                    try await Connection.connect(to: [listener.address], on: loop, deadline: .patient)
                )
            }
            // Each has its turn while all the others idle.
            for (number, client) in clients.enumerated() {
                let byte = UInt8(truncatingIfNeeded: number)
                try await client.write([byte], deadline: .patient)
                let echoed = try await client.read(count: 1)
                XCTAssertEqual(echoed, [byte])
            }
            for client in clients { client.close() }
            try await serving.value
        }
    }
}
