import GTokenCore
import GTokenNet
import GTokenRuntime

/// What is asked: a webhook on loopback, and the one request that it gets over and over.
struct Target: Sendable {
    let loop: EventLoop
    private let address: SocketAddress
    private let tls: TLSClientContext
    private let request: [UInt8]

    /// From the arguments `COMMAND PORT CA BODY …`; `body` in place of the file that the last of them names.
    init(_ arguments: [String], _ loop: EventLoop, body: [UInt8]? = nil) throws {
        guard let port = UInt16(arguments[1]) else { throw BenchError.notANumber(arguments[1]) }
        self.loop = loop
        address = .loopback(port: port)
        tls = try TLSClientContext(
            trustedRootsPEM: FileReader.read(path: arguments[2], maxBytes: 1 << 20)
        )
        let body = try body ?? FileReader.read(path: arguments[3], maxBytes: 64 << 20)
        var request: [UInt8] = []
        HTTPEncoder.appendHead(
            method: "POST",
            target: "/pods?timeout=10s",
            host: Self.name,
            headers: ["Accept": "application/json, */*", "Content-Type": "application/json"],
            bodyBytes: body.count,
            to: &request
        )
        self.request = request + body
    }

    /// The Service's name, which the certificate has.
    static let name = "gtoken-webhook-svc.gtoken.svc"

    /// A session whose first message is made already: an API server has more than one core to make it with.
    func session() throws -> sending TLSSession {
        let session = try TLSSession(client: tls, host: Self.name)
        _ = try session.handshake()
        return session
    }

    /// A connection, its handshake made.
    func connect() async throws -> Connection { try await connect(session()) }

    /// A connection, the handshake of `session` made.
    func connect(_ session: sending TLSSession) async throws -> Connection {
        let connection = try await Connection.connect(
            to: [address],
            on: loop,
            deadline: .after(Self.patience)
        )
        try await connection.startTLS(session, deadline: .after(Self.patience))
        return connection
    }

    /// Sends the request and reads the whole answer; whether it is one with a patch.
    ///
    /// The answer is taken apart by its two marks alone: the loader is not what is measured.
    func review(on connection: Connection, _ answer: inout [UInt8]) async throws -> Bool {
        try await connection.write(request, deadline: .after(Self.patience))
        answer.removeAll(keepingCapacity: true)
        var expected = Int.max
        while answer.count < expected {
            let count = try await connection.read(into: &answer, deadline: .after(Self.patience))
            guard count > 0 else { throw BenchError.endedEarly }
            if expected == Int.max { expected = Self.length(of: answer[...]) ?? Int.max }
        }
        return answer.starts(with: "HTTP/1.1 200 ".utf8)
    }

    /// The status of an answer that may come before the whole request is sent; nil when none comes.
    func status(on connection: Connection) async -> Int? {
        await withTaskGroup(of: Int?.self) { group in
            group.addTask {
                // Who answers early may close before it has read everything.
                try? await connection.write(request, deadline: .after(Self.patience))
                return nil
            }
            group.addTask {
                var answer: [UInt8] = []
                while Self.length(of: answer[...]) == nil {
                    let count = try? await connection.read(into: &answer, deadline: .after(Self.patience))
                    guard let count, count > 0 else { return nil }
                }
                let digits = answer.dropFirst("HTTP/1.1 ".utf8.count).prefix(3)
                return digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
            }
            var status: Int?
            for await answer in group { status = status ?? answer }
            return status
        }
    }

    /// How long a message will be, once its head is there.
    static func length(of answer: ArraySlice<UInt8>) -> Int? {
        let field = Array("Content-Length: ".utf8)
        var length = 0
        for index in answer.indices {
            if answer[index...].starts(with: field) {
                let digits = answer[(index + field.count)...].prefix { (0x30...0x39).contains($0) }
                length = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            }
            if answer[index...].starts(with: "\r\n\r\n".utf8) { return index + 4 + length }
        }
        return nil
    }

    private static let patience = Duration.seconds(30)
}

/// Why there is nothing to measure.
enum BenchError: Error {
    case notANumber(String)
    case endedEarly
    case notANewPod
    case openSSL
    case system(Int32)
}
