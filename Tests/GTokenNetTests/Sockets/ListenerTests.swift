import GTokenNet
import XCTest

final class ListenerTests: XCTestCase {
    func testTellsThePortThatTheSystemChose() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            XCTAssertNotEqual(listener.port, 0)
            XCTAssertEqual(listener.address, .loopback(port: listener.port))
        }
    }

    func testSaysWhoConnected() async throws {
        try await withLoop { loop in
            let pair = try await ConnectionPair(on: loop)
            defer { pair.close() }
            XCTAssertEqual(pair.server.peer?.host, "127.0.0.1")
            XCTAssertNotEqual(pair.server.peer?.port, 0)
        }
    }

    func testEveryInterfaceMeansBothFamilies() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .anyInterface(port: 0), loop: loop)
            defer { listener.close() }
            let hosts = listener.address.host == "::" ? ["127.0.0.1", "::1"] : ["127.0.0.1"]
            for host in hosts {
                let address = try XCTUnwrap(SocketAddress(host: host, port: listener.port))
                let client = try await Connection.connect(to: [address], on: loop, deadline: .patient)
                let server = Connection(accepted: try await listener.accept(), loop: loop)
                try await client.write([1], deadline: .patient)
                let received = try await server.read(count: 1)
                XCTAssertEqual(received, [1])
                client.close()
                server.close()
            }
        }
    }

    func testAPortInUseIsRefused() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            XCTAssertThrowsError(try Listener(address: listener.address, loop: loop)) {
                XCTAssertEqual($0 as? NetError, .system(call: "bind", errno: EADDRINUSE))
            }
        }
    }

    func testThePortIsFreeAtOnceAfterClosing() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            let client = try await Connection.connect(to: [listener.address], on: loop, deadline: .patient)
            let server = Connection(accepted: try await listener.accept(), loop: loop)
            // Our side ends first, and keeps the port in TIME_WAIT.
            server.close()
            client.close()
            listener.close()
            try Listener(address: listener.address, loop: loop).close()
        }
    }

    func testClosingWakesAPendingAccept() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            let accepting = Task(executorPreference: loop) { _ = try await listener.accept() }
            await loop.yield()
            listener.close()
            listener.close()
            await assertThrows(.closed) { try await accepting.value }
            await assertThrows(.closed) { _ = try await listener.accept() }
        }
    }

    func testCancellationWakesAPendingAccept() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            let accepting = Task(executorPreference: loop) { _ = try await listener.accept() }
            await loop.yield()
            accepting.cancel()
            await assertThrows(.cancelled) { try await accepting.value }
        }
    }

    func testHandsConnectionsToOtherLoops() async throws {
        try await withLoops(3) { loops in
            let listener = try Listener(address: .loopback(port: 0), loop: loops[0])
            defer { listener.close() }
            let serving = Task(executorPreference: loops[0]) {
                try await withThrowingDiscardingTaskGroup { group in
                    for number in 0..<30 {
                        let loop = loops[number % 3]
                        let connection = Connection(accepted: try await listener.accept(), loop: loop)
                        group.addTask(executorPreference: loop) {
                            let question = try await connection.readToEnd()
                            try await connection.write(question.reversed(), deadline: .patient)
                            connection.close()
                        }
                    }
                }
            }
            try await withThrowingDiscardingTaskGroup { group in
                for number: UInt8 in 0..<30 {
                    group.addTask {
                        let client = try await Connection.connect(
                            to: [listener.address],
                            on: loops[0],
                            deadline: .patient
                        )
                        defer { client.close() }
                        try await client.write([number, 1], deadline: .patient)
                        try await client.finishWriting(deadline: .patient)
                        let answer = try await client.readToEnd()
                        XCTAssertEqual(answer, [1, number])
                    }
                }
            }
            try await serving.value
        }
    }

    func testAcceptsABurstThatArrivesBeforeItLooks() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            var clients: [Connection] = []
            for _ in 0..<300 {
                clients.append(
                    try await Connection.connect(to: [listener.address], on: loop, deadline: .patient)
                )
            }
            for _ in 0..<300 { Connection(accepted: try await listener.accept(), loop: loop).close() }
            for client in clients {
                let end = try await client.readToEnd()
                XCTAssertEqual(end, [])
                client.close()
            }
        }
    }

    func testSurvivesALackOfDescriptors() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            defer { listener.close() }
            let client = try await Connection.connect(to: [listener.address], on: loop, deadline: .patient)
            defer { client.close() }
            var hoard = DescriptorHoard()
            hoard.takeAll()
            let accepting = Task(executorPreference: loop) {
                Connection(accepted: try await listener.accept(), loop: loop)
            }
            // It has met EMFILE by now, and waits.
            await loop.yield()
            await loop.yield()
            hoard.release()
            let server = try await accepting.value
            try await client.write([1], deadline: .patient)
            let received = try await server.read(count: 1)
            XCTAssertEqual(received, [1])
            server.close()
        }
    }
}

/// Every descriptor that the process may still open, under a limit lowered to make that quick.
private struct DescriptorHoard {
    private var taken: [Int32] = []
    private var limit = rlimit()

    mutating func takeAll() {
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let next = dup(0)
        var low = rlimit(rlim_cur: rlim_t(next) + 16, rlim_max: limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low)
        taken.append(next)
        while case let descriptor = dup(0), descriptor >= 0 { taken.append(descriptor) }
    }

    mutating func release() {
        for descriptor in taken { close(descriptor) }
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
