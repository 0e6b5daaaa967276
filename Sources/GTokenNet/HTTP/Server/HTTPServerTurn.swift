internal import Synchronization

/// Whose turn it is on a connection, and since when.
struct HTTPServerTurn {
    /// What a connection waits for, in the order of its worth.
    enum Phase: Int64 {
        /// The client's handshake and first request.
        case stranger
        /// The next request of a client that has had an answer.
        case known
        /// The client, to take its answer.
        case answered
        /// Us: it is never closed for others.
        case inHandler
    }

    let phase: Phase
    let since: Deadline

    /// Whether a connection with this turn is closed for others sooner than one with that.
    func leavesBefore(_ other: HTTPServerTurn) -> Bool {
        (phase.rawValue, since) < (other.phase.rawValue, other.since)
    }

    /// A turn in one number, for a connection to note four times a request while others look.
    ///
    /// Alone, without the lock of the places: who is about to be closed for others may just have got its turn, with the
    /// lock as without it.
    struct Note: ~Copyable, Sendable {
        private let bits: Atomic<Int64>

        init(_ turn: HTTPServerTurn) { bits = Atomic(Self.bits(turn)) }

        var turn: HTTPServerTurn {
            let bits = bits.load(ordering: .relaxed)
            // Invariant: two bits have four values, and there are as many phases.
            return HTTPServerTurn(
                phase: Phase(rawValue: bits & 3) ?? .stranger,
                since: Deadline(nanoseconds: bits >> 2)
            )
        }

        func set(_ turn: HTTPServerTurn) { bits.store(Self.bits(turn), ordering: .relaxed) }

        /// 62 bits of nanoseconds are 73 years of a machine that is never restarted.
        private static func bits(_ turn: HTTPServerTurn) -> Int64 {
            turn.since.nanoseconds << 2 | turn.phase.rawValue
        }
    }
}
