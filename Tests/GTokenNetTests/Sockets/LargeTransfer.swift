import GTokenNet
import XCTest

/// Sends 20 MB in each direction at once and checks every byte: sender and receiver hold each other back.
func assertTransfersBothWays(
    _ pair: ConnectionPair,
    file: StaticString = #filePath,
    line: UInt = #line
) async throws {
    try await withThrowingDiscardingTaskGroup { group in
        for (seed, from, to) in [(3, pair.client, pair.server), (5, pair.server, pair.client)] {
            // The pattern's length divides no buffer's, so that a piece in the wrong place shows.
            let pattern = (0..<9973).map { UInt8(truncatingIfNeeded: $0 &* seed &+ $0 >> 9) }
            var bytes: [UInt8] = []
            while bytes.count < 20_000_000 { bytes += pattern }
            group.addTask { [bytes] in
                try await from.write(bytes, deadline: .patient)
                try await from.finishWriting(deadline: .patient)
            }
            group.addTask { [bytes] in
                let received = try await to.readToEnd()
                XCTAssertTrue(received == bytes, "\(received.count) bytes", file: file, line: line)
            }
        }
    }
}
