import XCTest

@testable import GTokenNet

final class NetErrorTests: XCTestCase {
    func testKnowsWhatPasses() {
        let cases: [(NetError, Bool)] = [
            (.system(call: "connect", errno: ECONNREFUSED), true),
            (.system(call: "recv", errno: ECONNRESET), true),
            (.system(call: "socket", errno: EMFILE), true),
            (.system(call: "bind", errno: EADDRINUSE), false),
            (.system(call: "bind", errno: EACCES), false),
            (.resolution(host: "a", code: EAI_AGAIN), true),
            (.resolution(host: "a", code: EAI_NONAME), false),
            (.invalidAddress("a"), false),
            (.tls(.truncated), true),
            (.tls(.keyMismatch), false),
            (.timedOut, true),
            (.closed, false),
            (.cancelled, false),
        ]
        for (error, isTransient) in cases { XCTAssertEqual(error.isTransient, isTransient, "\(error)") }
    }

    func testIsDescribedInOneLowerCaseLine() {
        let cases: [(NetError, String)] = [
            (.system(call: "connect", errno: ECONNREFUSED), "connect: Connection refused"),
            (.system(call: "connect", errno: 9999), "connect: error 9999"),
            (.resolution(host: "a.b", code: EAI_NONAME), "no address for 'a.b': Name or service not known"),
            (.invalidAddress("x:y"), "'x:y' is not an address"),
            (.tls(.truncated), "connection ended without TLS close_notify"),
            (.timedOut, "timed out"),
            (.closed, "closed"),
            (.cancelled, "cancelled"),
        ]
        for (error, text) in cases { XCTAssertEqual("\(error)", text) }
    }
}
