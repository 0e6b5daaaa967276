import GTokenCore

@testable import GTokenNet

extension FuzzTarget {
    /// What a server answers: its first byte chooses what was asked.
    static let httpResponse = FuzzTarget(
        name: "http-response",
        run: HTTPResponseFuzz.run,
        answer: HTTPResponseFuzz.answer
    )
}

/// The same answer comes out however the bytes arrive, and it is the same after it was written and read again;
/// a chunked body is what the grammar says.
private enum HTTPResponseFuzz {
    private struct Outcome: Equatable {
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        var error: HTTPMessageError?
        var isComplete = false
        var keepsAlive = false
        var unused: [UInt8] = []
    }

    private static let methods = ["GET", "HEAD", "POST", "CONNECT"]
    private static let maxBodyBytes = 1000

    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let method = methods[Int(first) % methods.count]
        let outcomes = Cuts.of(Array(bytes.dropFirst())).map { outcome($0, to: method) }
        // Behind the end is what has been read by then.
        let comparable = outcomes.map { outcome in
            var outcome = outcome
            if outcome.error != nil { outcome.body = [] }
            return outcome
        }
        require(comparable.allSatisfy { $0 == comparable[0] }, "however it is cut")
        check(outcomes[0], to: method)
    }

    private static func outcome(_ pieces: [[UInt8]], to method: String) -> Outcome {
        var parser = HTTPResponseParser(method: method, maxBodyBytes: maxBodyBytes)
        var outcome = Outcome()
        var isAtEnd = false
        do throws(HTTPMessageError) {
            for piece in pieces {
                parser.receive(piece)
                loop: while !isAtEnd {
                    switch try parser.next(into: &outcome.body) {
                    case .needsBytes: break loop
                    case .head(let head):
                        require(outcome.head == nil, "one head")
                        outcome.head = head
                    case .end: isAtEnd = true
                    }
                }
            }
            if isAtEnd {
                outcome.keepsAlive = parser.keepsAlive
                outcome.unused = Array(parser.unused)
            }
            try parser.finish()
            outcome.isComplete = true
        } catch {
            outcome.error = error
            require(!"\(error)".isEmpty, "an error has a description")
        }
        return outcome
    }

    private static func check(_ outcome: Outcome, to method: String) {
        require(outcome.body.count <= maxBodyBytes, "the limit of a body")
        require(!outcome.isComplete || outcome.head != nil, "an answer has a head")
        require(!outcome.keepsAlive || outcome.unused.isEmpty, "nobody asked for what is behind it")
        guard let head = outcome.head else { return }
        require((200...999).contains(head.status), "the status")
        guard outcome.isComplete, method == "GET" else { return }
        let response = HTTPResponse(status: head.status, headers: head.headers, body: outcome.body)
        var bytes: [UInt8] = []
        HTTPEncoder.appendHead(of: response, closes: false, to: &bytes)
        if HTTPEncoder.sendsBody(of: response, toMethod: method) { bytes += response.body }
        let again = self.outcome([bytes], to: method)
        require(again.isComplete && again.head?.status == head.status, "what we write we read")
        require(again.body == outcome.body && again.unused.isEmpty, "the same body")
    }

    /// Whether we take it as the answer to a GET, its status and its body.
    static func answer(_ bytes: [UInt8]) -> [UInt8] {
        let outcome = outcome([Array(bytes.dropFirst())], to: "GET")
        var writer = JSONWriter()
        writer.object { answer in
            answer.member("accepted", outcome.isComplete)
            answer.member("keepsAlive", outcome.keepsAlive)
            answer.member("status", outcome.head?.status ?? 0)
            answer.member("body", Base64.encode(outcome.body))
        }
        return writer.bytes
    }
}
