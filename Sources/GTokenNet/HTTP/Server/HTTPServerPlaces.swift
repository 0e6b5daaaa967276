/// Who is in the server, what each holds of the budget for bodies, and who leaves when the house is full.
///
/// Anybody can open connections and say nothing: as many as there are places would keep everybody else out for as
/// long as a handshake, a head or a body may take. So nobody is turned away for the sake of somebody silent: where a
/// place or bytes are missing, those leave who have kept us waiting longest, strangers before clients that had an
/// answer, and nobody whose request is being decided. To keep a client out, others must then open as many
/// connections as there are places each second (``HTTPServerLimits/patienceWhenFull``).
struct HTTPServerPlaces {
    /// What a connection waits for, in the order of its worth.
    enum Phase: Int {
        /// The client's handshake and first request.
        case stranger
        /// The next request of a client that has had an answer.
        case known
        /// The client, to take its answer.
        case answered
        /// Us: it is never closed for others.
        case inHandler
    }

    /// What is known of a connection here; it stands in the connection, because it changes four times a request.
    struct Place {
        fileprivate(set) var phase = Phase.stranger
        fileprivate(set) var since: Deadline
        fileprivate(set) var bodyBytes = 0

        fileprivate func leavesBefore(_ other: Place) -> Bool {
            (phase.rawValue, since) < (other.phase.rawValue, other.since)
        }
    }

    private typealias Waiting = (connection: HTTPServerConnection, place: Place)

    private let limits: HTTPServerLimits
    private var present: [ObjectIdentifier: HTTPServerConnection] = [:]
    /// Bytes of bodies that all of them hold.
    private(set) var bodyBytes = 0
    /// How many of them have not sent their first request.
    private var strangers = 0

    init(limits: HTTPServerLimits) {
        self.limits = limits
    }

    /// How many connections are open.
    var count: Int { present.count }

    var connections: [HTTPServerConnection] { Array(present.values) }

    /// Makes room for one connection more, as far as that can be done; who has to leave for it.
    mutating func makePlace(at now: Deadline = .now) -> [HTTPServerConnection] {
        var leaving: [HTTPServerConnection] = []
        while count >= limits.maxConnections,
            let first = waiting(at: now).min(by: { $0.place.leavesBefore($1.place) })
        {
            leaving.append(first.connection)
            leave(first.connection)
        }
        return leaving
    }

    /// Makes room for this many bytes of bodies more; who has to leave for it, nil when that would not be enough.
    mutating func makeRoom(
        for bytes: Int,
        besides connection: HTTPServerConnection,
        at now: Deadline = .now
    ) -> [HTTPServerConnection]? {
        var missing = bodyBytes + bytes - limits.maxBodyBytesInFlight
        guard missing > 0 else { return [] }
        var leaving: [HTTPServerConnection] = []
        let holders = waiting(at: now).filter { $0.place.bodyBytes > 0 && $0.connection !== connection }
        for holder in holders.sorted(by: { $0.place.leavesBefore($1.place) }) where missing > 0 {
            leaving.append(holder.connection)
            missing -= holder.place.bodyBytes
        }
        guard missing <= 0 else { return nil }
        for connection in leaving { leave(connection) }
        return leaving
    }

    /// Whether as many as the limit says came just now and are on their way to their first request.
    func hasEnoughNewcomers(at now: Deadline = .now) -> Bool {
        guard strangers >= limits.maxNewcomers else { return false }
        let newcomers = present.values.count { [limits] connection in
            guard let place = connection.place, place.phase == .stranger else { return false }
            return now < place.since.advanced(by: limits.newcomerTime)
        }
        return newcomers >= limits.maxNewcomers
    }

    mutating func add(_ connection: HTTPServerConnection, at now: Deadline = .now) {
        present[ObjectIdentifier(connection)] = connection
        connection.place = Place(since: now)
        strangers += 1
    }

    /// Frees a connection's place and bytes, unless that was done before.
    mutating func leave(_ connection: HTTPServerConnection) {
        guard let place = connection.place.take() else { return }
        present[ObjectIdentifier(connection)] = nil
        bodyBytes -= place.bodyBytes
        if place.phase == .stranger { strangers -= 1 }
    }

    /// Notes what a connection waits for from now on; nil for the same as before.
    mutating func move(_ connection: HTTPServerConnection, to phase: Phase?, at now: Deadline = .now) {
        guard var place = connection.place else { return }
        if let phase, phase != place.phase {
            if place.phase == .stranger { strangers -= 1 }
            place.phase = phase
        }
        place.since = now
        connection.place = place
    }

    /// Accounts for this many bytes of a connection's body in place of those before, for which there must be room.
    mutating func hold(_ bytes: Int, for connection: HTTPServerConnection) {
        guard let held = connection.place?.bodyBytes else { return }
        connection.place?.bodyBytes = bytes
        bodyBytes += bytes - held
    }

    /// Those whose turn it is, and has been for so long that the delay is not ours.
    private func waiting(at now: Deadline) -> some Sequence<Waiting> {
        present.values.lazy.compactMap { [limits] connection in
            guard let place = connection.place, place.phase != .inHandler else { return nil }
            let patience = place.phase == .known ? limits.patienceWithKnown : limits.patienceWhenFull
            return place.since.advanced(by: patience) <= now ? (connection, place) : nil
        }
    }
}
