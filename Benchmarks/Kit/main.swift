import GTokenCore
import GTokenNet
import GTokenRuntime

// What a measurement needs on the other side of a socket, and what can only be measured inside a process.
// Benchmarks/bench.py starts it; results are one line of JSON on standard output.

private let usage = """
    usage: gtoken-bench certificates FOLDER                     ca.pem, cert.pem and key.pem for a webhook
           gtoken-bench google                                  a metadata server
           gtoken-bench kubernetes COUNT                        a Kubernetes API with so many ServiceAccounts
           gtoken-bench keep-alive PORT CA BODY COUNT SECONDS   reviews over so many connections
           gtoken-bench connect PORT CA BODY COUNT SECONDS      a connection for each review, so many at once
           gtoken-bench burst PORT CA BODY COUNT ROUNDS         so many connections at the same instant
           gtoken-bench bodies PORT CA BYTES COUNT              so many bodies of spaces at once
           gtoken-bench openssl-server CERTIFICATE KEY          OpenSSL alone: one fixed answer a connection
           gtoken-bench openssl-handshake CERTIFICATE KEY COUNT OpenSSL alone: handshakes in memory
           gtoken-bench fixed CERTIFICATE KEY                   our server with one fixed answer
           gtoken-bench core REVIEW TURNS                       GTokenCore alone
    """

private func run(_ arguments: [String], on loop: EventLoop) async throws -> ExitCode {
    func number(_ index: Int) throws -> Int {
        guard let number = Int(arguments[index]), number >= 0 else {
            throw BenchError.notANumber(arguments[index])
        }
        return number
    }
    switch (arguments.first, arguments.count) {
    case ("certificates", 2): try Certificates.write(to: arguments[1])
    case ("google", 1): try await StandIn.google(on: loop)
    case ("kubernetes", 2): try await StandIn.kubernetes(count: number(1), on: loop)
    case ("fixed", 3): try await StandIn.fixed(certificate: arguments[1], key: arguments[2], on: loop)
    case ("keep-alive", 6):
        try await Load(Target(arguments, loop)).keepAlive(connections: number(4), seconds: number(5))
    case ("connect", 6):
        try await Load(Target(arguments, loop)).connect(atOnce: number(4), seconds: number(5))
    case ("burst", 6):
        try await Load(Target(arguments, loop)).burst(atOnce: number(4), rounds: number(5))
    case ("bodies", 5):
        let spaces = try [UInt8](repeating: UInt8(ascii: " "), count: number(3))
        try await Load(Target(arguments, loop, body: spaces)).statuses(atOnce: number(4))
    case ("openssl-server", 3):
        try OpenSSLAlone(certificate: arguments[1], key: arguments[2]).serve(answering: StandIn.fixedBody)
    case ("openssl-handshake", 4):
        try OpenSSLAlone(certificate: arguments[1], key: arguments[2]).handshakes(rounds: number(3))
    case ("core", 3): try CoreBenchmark(path: arguments[1]).run(turns: number(2))
    default:
        StandardError.writeLine(usage)
        return .usage
    }
    return .done
}

Signals.ignoreBrokenPipe()
private let arguments = Array(CommandLine.arguments.dropFirst())
private let loop = try EventLoop()
private let code = loop.run { [arguments, loop] in
    do {
        return try await run(arguments, on: loop).rawValue
    } catch {
        StandardError.writeLine("gtoken-bench: error: \(error)")
        return ExitCode.unavailable.rawValue
    }
}
exitProcess(ExitCode(rawValue: code) ?? .bug)
