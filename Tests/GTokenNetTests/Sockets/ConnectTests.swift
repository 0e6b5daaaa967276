import GTokenNet
import XCTest

final class ConnectTests: XCTestCase {
    func testARefusedConnectionSaysSo() async throws {
        try await withLoop { loop in
            let address = try refusingAddress(on: loop)
            await assertThrows(.system(call: "connect", errno: ECONNREFUSED)) {
                try await Connection.connect(to: [address], on: loop, deadline: .patient)
            }
        }
    }

    func testTriesTheNextAddress() async throws {
        try await withLoop { loop in
            let refusing = try refusingAddress(on: loop)
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            let connection = try await Connection.connect(
                to: [refusing, listener.address],
                on: loop,
                deadline: .patient
            )
            XCTAssertEqual(connection.peer, listener.address)
            connection.close()
        }
    }

    func testAnAddressThatNeverAnswersLeavesTimeForTheNext() async throws {
        try await withLoop { loop in
            // A backlog that is full answers no more.
            let full = try Listener(address: .loopback(port: 0), backlog: 0, loop: loop)
            defer { full.close() }
            let filling = try await Connection.connect(to: [full.address], on: loop, deadline: .patient)
            defer { filling.close() }
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            let connection = try await Connection.connect(
                to: [full.address, listener.address],
                on: loop,
                deadline: .after(.milliseconds(200))
            )
            XCTAssertEqual(connection.peer, listener.address)
            connection.close()
            await assertThrows(.timedOut) {
                try await Connection.connect(
                    to: [full.address],
                    on: loop,
                    deadline: .after(.milliseconds(5))
                )
            }
        }
    }

    func testCancellationEndsAConnect() async throws {
        try await withLoop { loop in
            let full = try Listener(address: .loopback(port: 0), backlog: 0, loop: loop)
            defer { full.close() }
            let filling = try await Connection.connect(to: [full.address], on: loop, deadline: .patient)
            defer { filling.close() }
            let connecting = Task(executorPreference: loop) {
                try await Connection.connect(
                    to: [full.address, .loopback(port: 1)],
                    on: loop,
                    deadline: .patient
                )
            }
            await loop.yield()
            connecting.cancel()
            await assertThrows(.cancelled) { try await connecting.value }
        }
    }

    func testNoAddressIsAnError() async throws {
        try await withLoop { loop in
            await assertThrows(.system(call: "connect", errno: EDESTADDRREQ)) {
                try await Connection.connect(to: [], on: loop, deadline: .patient)
            }
        }
    }
}

/// A port of 127.0.0.1 that nobody listens on.
private func refusingAddress(on loop: EventLoop) throws -> SocketAddress {
    let listener = try Listener(address: .loopback(port: 0), loop: loop)
    listener.close()
    return listener.address
}
