@testable import GTokenNet

extension FuzzTarget {
    /// What a client sends over one connection.
    static let httpRequest = FuzzTarget(name: "http-request", run: HTTPRequestFuzz.run)
}

/// The same requests come out however the bytes arrive; each is the same after it was written and read again;
/// no field of a message can be taken for two.
private enum HTTPRequestFuzz {
    /// What a connection came to.
    private struct Outcome: Equatable {
        var requests: [HTTPRequest] = []
        var keepsAlive: [Bool] = []
        var error: HTTPMessageError?
        var isInsideRequest = false
    }

    static func run(_ bytes: [UInt8]) {
        let outcomes = Cuts.of(bytes).map(outcome)
        require(outcomes.allSatisfy { $0 == outcomes[0] }, "however it is cut: \(outcomes)")
        for request in outcomes[0].requests { check(request) }
        if let error = outcomes[0].error {
            require([400, 413, 414, 417, 431, 501, 505].contains(error.status), "an error has a status")
            require(!"\(error)".isEmpty, "and a description")
        }
    }

    private static func outcome(_ pieces: [[UInt8]]) -> Outcome {
        var parser = HTTPRequestParser(limits: limits)
        var outcome = Outcome()
        do throws(HTTPMessageError) {
            for piece in pieces {
                require(parser.wantedBytes() > 0, "a parser that needs bytes wants some")
                parser.inbox += piece
                var heads = 0
                loop: while true {
                    switch try parser.next() {
                    case .needsBytes: break loop
                    case .head: heads += 1
                    case .request(let request):
                        outcome.requests.append(request)
                        outcome.keepsAlive.append(parser.keepsAlive)
                    }
                }
                require(heads <= 1, "a head is said once")
                require(parser.heldBodyBytes <= limits.maxBodyBytes, "no more is held than the limit")
            }
            outcome.isInsideRequest = parser.isInsideRequest
        } catch {
            outcome.error = error
            do throws(HTTPMessageError) {
                _ = try parser.next()
                fail("after an error there is no message")
            } catch let again {
                require(again == error, "but the same error")
            }
        }
        return outcome
    }

    private static let limits = {
        var limits = HTTPServerLimits()
        limits.maxRequestLineBytes = 200
        limits.maxHeadBytes = 1000
        limits.maxFields = 20
        limits.maxBodyBytes = 1000
        return limits
    }()

    private static func check(_ request: HTTPRequest) {
        require(request.body.count <= limits.maxBodyBytes, "the limit of a body")
        require(HTTPSyntax.isToken(request.method) && request.method != "CONNECT", "the method")
        require(request.target.hasPrefix("/") || request.target == "*", "the target is a path")
        require(request.headers.values("host").count <= 1, "one Host")
        require(request.headers.values("content-length").count <= 1, "one Content-Length")
        let codings = request.headers.values("transfer-encoding")
        require(codings.isEmpty || !request.headers.contains("content-length"), "one framing")
        require(codings.allSatisfy { $0.lowercased() == "chunked" } && codings.count <= 1, "one known coding")
        if codings.isEmpty {
            let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
            require(request.body.count == length, "the body is as long as it says")
        }
        for field in request.headers {
            require(HTTPSyntax.isToken(field.name), "the name of a field")
            require(
                !field.value.unicodeScalars.contains { $0 == "\r" || $0 == "\n" || $0 == "\0" },
                "its value"
            )
        }
        _ = (request.pathSegments, request.queryItems, request.form, request.description)
        checkWrittenAgain(request)
    }

    /// Written by our client and read by our server, a request is what it was, but for its framing.
    private static func checkWrittenAgain(_ request: HTTPRequest) {
        var bytes: [UInt8] = []
        HTTPEncoder.appendHead(
            method: request.method,
            target: request.target,
            host: request.headers["host"] ?? "",
            headers: framed(request.headers),
            bodyBytes: request.body.count,
            to: &bytes
        )
        bytes += request.body
        var parser = HTTPRequestParser()
        parser.inbox = bytes
        guard case .request(let again)? = try? parser.next() else { fail("what we write we read") }
        require(again.method == request.method && again.target == request.target, "the same line")
        require(again.body == request.body && parser.inbox.isEmpty, "the same body and nothing behind it")
        require(framed(again.headers) == framed(request.headers), "the same fields")
    }

    /// The fields that are the sender's own; an expectation means nothing in HTTP/1.0, and we write HTTP/1.1.
    private static func framed(_ headers: HTTPHeaders) -> HTTPHeaders {
        var headers = headers
        for name in ["host", "content-length", "transfer-encoding", "connection", "expect"] {
            headers.remove(name)
        }
        return headers
    }
}
