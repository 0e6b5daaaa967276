/// The beginning of a body that is still arriving, in pieces of one size.
///
/// An array that grows stands in memory twice while its content moves, so that a few large bodies take far more than
/// is accounted for them. A piece never moves before the body is complete; then each is given back as soon as it is
/// copied, and no page of the whole is touched before.
struct HTTPBodyPieces {
    /// Above what most bodies have, which are one piece and never copied, and small beside the largest.
    static let pieceBytes = 1 << 20

    private var pieces: [[UInt8]] = []
    /// Bytes in all of them.
    private(set) var count = 0

    /// Whether nothing was put away.
    var isEmpty: Bool { pieces.isEmpty }

    /// Puts away what has arrived when that is a whole piece, and leaves room for the next, of `remaining` bytes at most.
    mutating func putAway(_ bytes: inout [UInt8], remaining: Int) {
        guard bytes.count >= Self.pieceBytes else { return }
        count += bytes.count
        pieces.append(exchange(&bytes, with: []))
        bytes.reserveCapacity(min(remaining, Self.pieceBytes))
    }

    /// The whole body, `last` at its end; nothing stays behind.
    mutating func joined(with last: consuming [UInt8]) -> [UInt8] {
        guard !pieces.isEmpty else { return last }
        var body: [UInt8] = []
        body.reserveCapacity(count + last.count)
        for index in pieces.indices {
            body.append(contentsOf: pieces[index])
            pieces[index] = []
        }
        body.append(contentsOf: last)
        self = HTTPBodyPieces()
        return body
    }
}
