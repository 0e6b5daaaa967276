import GTokenCore
import GTokenNet
import GTokenRuntime

/// A metadata server over real sockets that fails as it is told.
final class SoakServer: Sendable {
    static let audience = "soak"
    private let listener: Listener
    private let state = Locked(State())

    private struct State {
        var fault = SoakFault.none
        var now = UnixTime(seconds: 0)
        var serial = 0
        var last: [UInt8] = []
    }

    let port: UInt16

    init(on loop: EventLoop) throws {
        listener = try Listener(address: .loopback(port: 0), loop: loop)
        port = listener.port
    }

    /// How the next questions are answered, and the time by which tokens are made.
    func prepare(_ fault: SoakFault, at now: UnixTime) {
        state.withLock {
            $0.fault = fault
            $0.now = now
        }
    }

    func run(on loop: EventLoop) async {
        await withDiscardingTaskGroup { group in
            while let socket = try? await listener.accept() {
                let connection = Connection(accepted: socket, loop: loop)
                group.addTask {
                    try? await self.serve(connection)
                    connection.close()
                }
            }
            group.cancelAll()
        }
    }

    func close() { listener.close() }

    private func serve(_ connection: Connection) async throws {
        while true {
            var request: [UInt8] = []
            if try await connection.read(into: &request, atMost: 1, deadline: .never) == 0 { return }
            // What is unread when a socket is closed makes the system reset it.
            let fault = state.withLock { $0.fault }
            if fault == .reset { return }
            while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                if try await connection.read(into: &request, deadline: .never) == 0 { return }
            }
            guard let answer = answer(fault) else {
                if fault == .slow { _ = try await connection.read(into: &request, deadline: .never) }
                return
            }
            try await connection.write(answer, deadline: .never)
            switch fault {
            case .none, .cached, .dying: break
            case .endless:
                while true {
                    try await connection.write([UInt8](repeating: 0x41, count: 16 << 10), deadline: .never)
                }
            default: return await connection.closeGracefully(deadline: .after(.seconds(5)))
            }
        }
    }

    private func answer(_ fault: SoakFault) -> [UInt8]? {
        switch fault {
        case .refused, .reset, .slow, .closed: nil
        case .status403, .status404, .status429, .status500, .status502, .status503:
            Array("HTTP/1.1 \(fault.rawValue) No\r\nContent-Length: 8\r\n\r\nnot now\n".utf8)
        case .garbage: head(7) + Array("garbage".utf8)
        case .notHTTP: Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8)
        case .empty: head(0)
        case .endless: Array("HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\n\r\n".utf8)
        case .otherServer: Array("HTTP/1.1 200 OK\r\nContent-Length: \(token().count)\r\n\r\n".utf8) + token()
        case .halfToken: half(token()) { head($0.count) + $0 }
        case .truncated, .resetInAnswer: half(token()) { head($0.count * 2) + $0 }
        case .otherAudience: whole(token(audience: "another"))
        case .withoutExpiry: whole(token(life: nil))
        case .dying: whole(token(life: 5))
        case .expired: whole(token(life: -5))
        case .cached: whole(state.withLock { $0.last })
        case .none:
            whole(
                state.withLock { state in
                    state.serial += 1
                    state.last = Self.token(state.serial, state.now, Self.audience, 3600)
                    return state.last
                }
            )
        }
    }

    private func head(_ count: Int) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\nContent-Length: \(count)\r\n\r\n".utf8)
    }

    private func whole(_ token: [UInt8]) -> [UInt8] { head(token.count) + token }

    private func half(_ token: [UInt8], _ body: ([UInt8]) -> [UInt8]) -> [UInt8] {
        body(Array(token.prefix(token.count / 2)))
    }

    private func token(audience: String = audience, life: Int64? = 3600) -> [UInt8] {
        let (serial, now) = state.withLock { ($0.serial, $0.now) }
        return Self.token(serial, now, audience, life)
    }

    /// A token of several thousand bytes, so that one that is kept for each refresh shows in memory.
    private static func token(_ serial: Int, _ now: UnixTime, _ audience: String, _ life: Int64?) -> [UInt8] {
        var claims = JSONWriter()
        claims.object {
            $0.member("aud", audience)
            $0.member("sub", "1")
            $0.member("jti", "\(serial)")
            $0.member("iat", now.seconds - (life.map { 3600 - $0 } ?? 0))
            if let life { $0.member("exp", now.seconds + life) }
            $0.member("padding", String(repeating: "p", count: padding))
        }
        return Array("eyJhbGciOiJSUzI1NiJ9.\(Base64URL.encode(claims.bytes)).c2ln".utf8)
    }

    static let padding = 3000
}
