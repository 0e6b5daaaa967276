import GTokenCore

/// What goes wrong with one question, or nothing.
enum SoakFault: String, CaseIterable {
    case none
    /// Nobody listens.
    case refused
    /// The connection is reset before an answer.
    case reset
    /// … in the middle of one.
    case resetInAnswer = "reset in the answer"
    /// Closed without a word.
    case closed
    /// Nothing comes until the client has enough.
    case slow
    case status403 = "403"
    case status404 = "404"
    case status429 = "429"
    case status500 = "500"
    case status502 = "502"
    case status503 = "503"
    /// 200, and no token.
    case garbage
    /// Bytes that are no HTTP.
    case notHTTP = "not HTTP"
    /// 200, and half a token, with the length of half a token.
    case halfToken = "half a token"
    /// 200, and half a token of the length that was promised.
    case truncated
    /// 200, and more than anybody wants.
    case endless
    case empty
    /// Whole, but without the header that metadata servers send.
    case otherServer = "another server"
    case otherAudience = "another audience"
    /// A token without `exp`.
    case withoutExpiry = "without expiry"
    /// A token that ends in a moment.
    case dying
    case expired
    /// The token of the last time, which the server keeps.
    case cached
}

/// Which fault each question meets: some, then a good answer, over and over.
struct SoakPlan {
    private let faults = SoakFault.allCases.filter { $0 != .none }
    private var left = 0
    private var next = 0
    private var generator: any RandomNumberGenerator

    /// No more than this in a row: backoff then ends well before a token does, by which every refresh is due while it
    /// has 9 minutes, or 5 after the server's cache had its say.
    private static let mostInARow = 5

    init(_ generator: some RandomNumberGenerator) { self.generator = generator }

    /// Each fault comes as often as the others.
    mutating func fault() -> SoakFault {
        guard left > 0 else {
            left = Int.random(in: 0...Self.mostInARow, using: &generator)
            return .none
        }
        left -= 1
        next += 1
        return faults[next % faults.count]
    }
}
