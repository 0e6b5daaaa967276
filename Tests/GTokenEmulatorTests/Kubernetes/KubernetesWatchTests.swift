import GTokenCore
import GTokenEmulator
import GTokenNet
import XCTest

/// Watches over sockets, as a client sees them.
final class KubernetesWatchTests: XCTestCase {
    private static let path = "/api/v1/serviceaccounts?watch=true"

    func testTellsWhatIsThereAndWhatChanges() async throws {
        try await Self.serving { emulator, watch in
            try Self.apply(emulator, "a")
            let everything = try await watch(Self.path)
            let first = try await everything.next()
            XCTAssertEqual(first, "ADDED a")
            try Self.apply(emulator, "b")
            try Self.apply(emulator, "b", ["x": "y"])
            emulator.delete(try .init(namespace: "default", name: "a"))
            for expected in ["ADDED b", "MODIFIED b", "DELETED a"] {
                let event = try await everything.next()
                XCTAssertEqual(event, expected)
            }
        }
    }

    func testServesSeveralWatchesAtOnceEachWithItsOwn() async throws {
        try await Self.serving { emulator, watch in
            let watches = [
                try await watch(Self.path), try await watch(Self.path + "&fieldSelector=metadata.name%3Dc"),
                try await watch("/api/v1/namespaces/other/serviceaccounts?watch=true"),
            ]
            for name in ["a", "b", "c"] { try Self.apply(emulator, name) }
            emulator.apply(try .init(namespace: "other", name: "d"))
            var seen: [String] = []
            for _ in 0..<4 { seen.append(try await watches[0].next() ?? "") }
            XCTAssertEqual(seen, ["ADDED a", "ADDED b", "ADDED c", "ADDED d"])
            let second = try await watches[1].next()
            XCTAssertEqual(second, "ADDED c")
            let third = try await watches[2].next()
            XCTAssertEqual(third, "ADDED d")
        }
    }

    func testSaysWhenAVersionIsTooOld() async throws {
        try await Self.serving { emulator, watch in
            try Self.apply(emulator, "a")
            emulator.forgetHistory()
            let late = try await watch(Self.path + "&resourceVersion=1001")
            let error = try await late.next()
            XCTAssertEqual(error, "ERROR 410 Expired")
            let end = try await late.next()
            XCTAssertNil(end)
            let running = try await watch(Self.path)
            let first = try await running.next()
            XCTAssertEqual(first, "ADDED a")
            emulator.expireWatches()
            let second = try await running.next()
            XCTAssertEqual(second, "ERROR 410 Expired")
        }
    }

    func testEndsWhenItIsToldTo() async throws {
        try await Self.serving { emulator, watch in
            let running = try await watch(Self.path)
            emulator.endWatches()
            let end = try await running.next()
            XCTAssertNil(end)
            let short = try await watch(Self.path + "&timeoutSeconds=0")
            let over = try await short.next()
            XCTAssertNil(over)
        }
    }

    func testSendsBookmarksToThoseWhoAllowThem() async throws {
        try await Self.serving { emulator, watch in
            emulator.change { $0.bookmarkInterval = .milliseconds(1) }
            let marked = try await watch(Self.path + "&allowWatchBookmarks=true")
            let mark = try await marked.next()
            XCTAssertEqual(mark, "BOOKMARK ")
        }
    }

    func testAnOutageCutsWatchesOffAndAnswersNobody() async throws {
        try await Self.serving { emulator, watch in
            let running = try await watch(Self.path)
            emulator.change { $0.outage = .closing }
            do {
                _ = try await running.next()
                XCTFail("the watch was taken for complete")
            } catch {
                XCTAssertTrue(error is HTTPClientError, "\(error)")
            }
            do {
                _ = try await watch(Self.path)
                XCTFail("an answer during the outage")
            } catch {
                XCTAssertTrue(error is HTTPClientError, "\(error)")
            }
            emulator.change { $0.outage = nil }
            _ = try await watch(Self.path)
        }
    }

    /// One watch, event by event.
    private final class Events {
        private let pieces: HTTPResponseStream.AsyncIterator
        private var lines: [[UInt8]] = []
        private var rest: [UInt8] = []

        init(_ stream: HTTPResponseStream) { pieces = stream.makeAsyncIterator() }

        /// The next event's type with its object's name, or what its Status says; nil at the end.
        func next() async throws -> String? {
            while lines.isEmpty {
                guard let piece = try await pieces.next() else { return nil }
                rest += piece
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    lines.append(Array(rest[..<end]))
                    rest.removeFirst(end + 1)
                }
            }
            let event = try JSONDocument(lines.removeFirst()).root
            let object = try XCTUnwrap(event["object"])
            let type = event["type"]?.string() ?? ""
            guard type == "ERROR" else { return "\(type) \(object["metadata"]?["name"]?.string() ?? "")" }
            return "\(type) \(object["code"]?.integer() ?? 0) \(object["reason"]?.string() ?? "")"
        }
    }

    private static func apply(
        _ emulator: KubernetesEmulator,
        _ name: String,
        _ labels: [String: String] = [:]
    ) throws {
        emulator.apply(try .init(namespace: "default", name: name), labels: labels)
    }

    /// Runs `body` with an emulator on a socket, and what begins a watch of it.
    private static func serving(
        _ body: (KubernetesEmulator, (String) async throws -> Events) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let loop = group.next()
        let emulator = KubernetesEmulator(clock: LoopClock(loop))
        let server = HTTPServer(
            address: .loopback(port: 0),
            loops: [loop],
            handler: { await emulator.respond(to: $0) }
        )
        let url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: try server.start())
        let running = Task { try await server.run() }
        let http = HTTPClient(loop: loop)
        do {
            try await body(emulator) { target in
                let request = HTTPClientRequest(url: try url.replacing(target: target))
                return Events(try await http.stream(request, idleTimeout: .seconds(30)))
            }
        } catch {
            running.cancel()
            throw error
        }
        http.close()
        await server.shutdown(within: .zero)
        try await running.value
    }
}
