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

    private struct Place {
        let connection: HTTPServerConnection
        var phase = Phase.stranger
        var since: Deadline
        var bodyBytes = 0

        func leavesBefore(_ other: Place) -> Bool {
            (phase.rawValue, since) < (other.phase.rawValue, other.since)
        }
    }

    private let limits: HTTPServerLimits
    private var places: [ObjectIdentifier: Place] = [:]
    /// Bytes of bodies that all of them hold.
    private(set) var bodyBytes = 0
    /// How many of them have not sent their first request.
    private var strangers = 0

    init(limits: HTTPServerLimits) {
        self.limits = limits
    }

    /// How many connections are open.
    var count: Int { places.count }

    var connections: [HTTPServerConnection] { places.values.map(\.connection) }

    /// Makes room for one connection more, as far as that can be done; who has to leave for it.
    mutating func makePlace(at now: Deadline = .now) -> [HTTPServerConnection] {
        var leaving: [HTTPServerConnection] = []
        while count >= limits.maxConnections,
            let first = waiting(at: now).min(by: { $0.value.leavesBefore($1.value) })
        {
            leaving.append(first.value.connection)
            remove(first.key)
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
        var leaving: [ObjectIdentifier] = []
        let holders = waiting(at: now).filter { $0.value.bodyBytes > 0 && $0.value.connection !== connection }
        for (id, place) in holders.sorted(by: { $0.value.leavesBefore($1.value) }) where missing > 0 {
            leaving.append(id)
            missing -= place.bodyBytes
        }
        guard missing <= 0 else { return nil }
        return leaving.compactMap { remove($0)?.connection }
    }

    /// Whether as many as the limit says came just now and are on their way to their first request.
    func hasEnoughNewcomers(at now: Deadline = .now) -> Bool {
        guard strangers >= limits.maxNewcomers else { return false }
        let newcomers = places.values.lazy.filter { [limits] place in
            place.phase == .stranger && now < place.since.advanced(by: limits.newcomerTime)
        }
        return newcomers.count >= limits.maxNewcomers
    }

    mutating func add(_ connection: HTTPServerConnection, at now: Deadline = .now) {
        places[ObjectIdentifier(connection)] = Place(connection: connection, since: now)
        strangers += 1
    }

    /// Frees a connection's place and bytes, unless that was done before.
    mutating func leave(_ connection: HTTPServerConnection) {
        remove(ObjectIdentifier(connection))
    }

    /// Notes what a connection waits for from now on; nil for the same as before.
    mutating func move(_ connection: HTTPServerConnection, to phase: Phase?, at now: Deadline = .now) {
        let id = ObjectIdentifier(connection)
        guard let before = places[id]?.phase else { return }
        places[id]?.since = now
        guard let phase, phase != before else { return }
        places[id]?.phase = phase
        if before == .stranger { strangers -= 1 }
    }

    /// Accounts for this many bytes of a connection's body in place of those before, for which there must be room.
    mutating func hold(_ bytes: Int, for connection: HTTPServerConnection) {
        let id = ObjectIdentifier(connection)
        guard let held = places[id]?.bodyBytes else { return }
        places[id]?.bodyBytes = bytes
        bodyBytes += bytes - held
    }

    @discardableResult
    private mutating func remove(_ id: ObjectIdentifier) -> Place? {
        guard let place = places.removeValue(forKey: id) else { return nil }
        bodyBytes -= place.bodyBytes
        if place.phase == .stranger { strangers -= 1 }
        return place
    }

    /// Those whose turn it is, and has been for so long that the delay is not ours.
    private func waiting(at now: Deadline) -> some Sequence<(key: ObjectIdentifier, value: Place)> {
        places.lazy.filter { [limits] _, place in
            guard place.phase != .inHandler else { return false }
            let patience = place.phase == .known ? limits.patienceWithKnown : limits.patienceWhenFull
            return place.since.advanced(by: patience) <= now
        }
    }
}
