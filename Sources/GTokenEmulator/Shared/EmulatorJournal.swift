package import GTokenCore
import GTokenRuntime

/// One request that a stand-in answered; no query, header or body, so no token either.
package struct JournalEntry: Sendable, Equatable {
    /// When it was answered.
    package var time: UnixTime
    /// Its method.
    package var method: String
    /// Its path, without the query.
    package var path: String
    /// The status of the answer.
    package var status: Int
    /// What a reader wants to know besides, such as the action of an AWS request and the code of its error.
    package var note: String

    /// Makes an entry.
    package init(time: UnixTime, method: String, path: String, status: Int, note: String = "") {
        self.time = time
        self.method = method
        self.path = path
        self.status = status
        self.note = note
    }
}

/// What a stand-in was asked, for a demo to tell and a test to check.
package final class EmulatorJournal: Sendable {
    private let contents = Locked<[JournalEntry]>([])
    private let capacity: Int

    /// Makes an empty journal that keeps the latest `capacity` entries.
    package init(capacity: Int = 10_000) { self.capacity = max(1, capacity) }

    /// The entries in the order in which their answers were made.
    package var entries: [JournalEntry] { contents.withLock { $0 } }

    func add(_ entry: JournalEntry) {
        contents.withLock { entries in
            // Half at a time, so that a full journal does not move all its entries for each new one.
            if entries.count >= capacity { entries.removeFirst((capacity + 1) / 2) }
            entries.append(entry)
        }
    }
}
