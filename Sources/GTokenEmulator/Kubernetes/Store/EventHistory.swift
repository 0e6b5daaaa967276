/// One change of one object.
struct ObjectChange {
    /// The version that the change made.
    let resourceVersion: Int
    let resource: KubernetesResource
    /// The object before; `nil` where it is new.
    let previous: StoredObject?
    /// The object after; `nil` where it was deleted.
    let current: StoredObject?

    var key: StoredObject.Key? { (current ?? previous)?.key }
}

/// The latest changes in their order: what a watch is told, and what a list at an earlier version takes back.
struct EventHistory {
    private var changes: [ObjectChange] = []
    /// How many of the first are forgotten already.
    private var start = 0
    /// Every change after this version is known.
    private(set) var oldest = 0
    /// How many changes are known at most.
    var capacity: Int { didSet { forget() } }

    init(capacity: Int) { self.capacity = capacity }

    mutating func append(_ change: ObjectChange) {
        changes.append(change)
        forget()
    }

    /// Forgets everything up to and including a version, as etcd's compaction does.
    mutating func compact(through version: Int) {
        start = index(after: version)
        oldest = max(oldest, version)
        forget()
    }

    /// The changes after a version, oldest first; `nil` where some are forgotten.
    func changes(after version: Int) -> ArraySlice<ObjectChange>? {
        version < oldest ? nil : changes[index(after: version)...]
    }

    private mutating func forget() {
        let surplus = changes.count - start - max(0, capacity)
        if surplus > 0 {
            start += surplus
            oldest = max(oldest, changes[start - 1].resourceVersion)
        }
        // Rarely, so that each change is moved once on average.
        if start > 64, start * 2 > changes.count {
            changes.removeFirst(start)
            start = 0
        }
    }

    /// Where the first known change after a version stands; versions rise.
    private func index(after version: Int) -> Int {
        var (low, high) = (start, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].resourceVersion > version { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
