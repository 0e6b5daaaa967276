/// Who is in the server, what each holds of the budget for bodies, and who leaves when the house is full.
///
/// Anybody can open connections and say nothing: as many as there are places would keep everybody else out for as
/// long as a handshake, a head or a body may take. So nobody is turned away for the sake of somebody silent: where a
/// place or bytes are missing, those leave who have kept us waiting longest, strangers before clients that had an
/// answer, and nobody whose request is being decided. To keep a client out, others must then open as many
/// connections as there are places each second (``HTTPServerLimits/patienceWhenFull``).
struct HTTPServerPlaces {
    /// What is known of a connection here besides its turn; it stands in the connection, because it changes twice a
    /// request.
    struct Place {
        fileprivate(set) var isStranger = true
        fileprivate(set) var bodyBytes = 0
    }

    private typealias Waiting = (connection: HTTPServerConnection, place: Place, turn: HTTPServerTurn)

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
            let first = waiting(at: now).min(by: { $0.turn.leavesBefore($1.turn) })
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
        for holder in holders.sorted(by: { $0.turn.leavesBefore($1.turn) }) where missing > 0 {
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
            guard let place = connection.place, place.isStranger else { return false }
            return now < connection.turn.since.advanced(by: limits.newcomerTime)
        }
        return newcomers >= limits.maxNewcomers
    }

    mutating func add(_ connection: HTTPServerConnection) {
        present[ObjectIdentifier(connection)] = connection
        connection.place = Place()
        strangers += 1
    }

    /// Notes that a connection's first request has come.
    mutating func know(_ connection: HTTPServerConnection) {
        guard connection.place?.isStranger == true else { return }
        connection.place?.isStranger = false
        strangers -= 1
    }

    /// Frees a connection's place and bytes, unless that was done before.
    mutating func leave(_ connection: HTTPServerConnection) {
        guard let place = connection.place.take() else { return }
        present[ObjectIdentifier(connection)] = nil
        bodyBytes -= place.bodyBytes
        if place.isStranger { strangers -= 1 }
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
            let turn = connection.turn
            guard let place = connection.place, turn.phase != .inHandler else { return nil }
            let patience = turn.phase == .known ? limits.patienceWithKnown : limits.patienceWhenFull
            return turn.since.advanced(by: patience) <= now ? (connection, place, turn) : nil
        }
    }
}
