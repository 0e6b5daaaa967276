@testable import GTokenNet
import XCTest

/// How many new connections are let in before those accepted last have said what they want.
final class HTTPServerNewcomersTests: XCTestCase {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let answer = "HTTP/1.1 200 OK\r\nX-Request: GET /\r\nContent-Length: 0\r\n\r\n"

    private static func ask(_ connection: Connection) async throws {
        try await connection.write(Array(request.utf8), deadline: .patient)
    }

    private static func expectAnswer(_ connection: Connection) async throws {
        let answer = try await connection.read(count: Self.answer.utf8.count)
        XCTAssertEqual(String(decoding: answer, as: UTF8.self), Self.answer)
    }

    func testTheNextConnectionWaitsUntilANewcomerHasAsked() async throws {
        var limits = HTTPServerLimits()
        limits.maxNewcomers = 2
        limits.newcomerTime = .seconds(3600)
        try await withServer(limits: limits, handler: echo) { test in
            let known = try await test.connect()
            try await Self.ask(known)
            try await Self.expectAnswer(known)
            let silent = try await test.connect()
            let newcomer = try await test.connect()
            while test.server.counters.acceptedConnections < 3 { await test.loop.yield() }
            let next = try await test.connect()
            try await Self.ask(next)
            // The server has its turns meanwhile, and a client that is no newcomer any more is served.
            for _ in 1...20 {
                try await Self.ask(known)
                try await Self.expectAnswer(known)
            }
            XCTAssertEqual(test.server.counters.acceptedConnections, 3)
            try await Self.ask(newcomer)
            try await Self.expectAnswer(newcomer)
            try await Self.expectAnswer(next)
            XCTAssertEqual(test.server.counters.acceptedConnections, 4)
            for connection in [known, silent, newcomer, next] { connection.close() }
        }
    }

    func testANewcomerThatLeavesMakesWay() async throws {
        var limits = HTTPServerLimits()
        limits.maxNewcomers = 1
        limits.newcomerTime = .seconds(3600)
        for tls in [false, true] {
            try await withServer(tls: tls, limits: limits, handler: echo) { test in
                for number in 1...5 {
                    let silent = try await test.connect()
                    while test.server.counters.acceptedConnections < number { await test.loop.yield() }
                    silent.close()
                }
                let response = try await test.client.send(HTTPClientRequest(url: test.url()))
                XCTAssertEqual(response.status, 200)
            }
        }
    }

    func testNewcomersThatStaySilentHoldUpNobodyForLong() async throws {
        var limits = HTTPServerLimits()
        limits.maxNewcomers = 2
        limits.newcomerTime = .milliseconds(1)
        for tls in [false, true] {
            try await withServer(tls: tls, limits: limits, handler: echo) { test in
                var silent: [Connection] = []
                for _ in 1...20 { silent.append(try await test.connect()) }
                let response = try await test.client.send(HTTPClientRequest(url: test.url()))
                XCTAssertEqual(response.status, 200)
                XCTAssertEqual(test.server.counters.acceptedConnections, 21)
                for connection in silent { connection.close() }
            }
        }
    }
}
