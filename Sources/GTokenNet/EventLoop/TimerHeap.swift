/// What a loop wakes up for at a given moment: a sleep, or the deadline of a socket's pending operation.
///
/// Belongs to one loop and is touched only on its thread.
class LoopTimer {
    /// When to fire; set by the heap.
    fileprivate(set) var deadline = Deadline.never
    /// Keeps timers of one deadline in the order in which they were set.
    fileprivate var order: UInt64 = 0
    /// The place in the heap, -1 outside.
    fileprivate var index = -1

    /// Whether the timer is set.
    final var isArmed: Bool { index >= 0 }

    /// Called once by the loop, after the timer has left the heap.
    func fire(now: Deadline, on loop: EventLoop) {}

    /// Called once by a loop that ends, after the timer has left the heap.
    func abandon() {}
}

/// A binary heap of timers that knows each timer's place, so that one can be moved or removed in O(log n).
struct TimerHeap {
    private var timers: [LoopTimer] = []
    private var nextOrder: UInt64 = 0

    var isEmpty: Bool { timers.isEmpty }
    var count: Int { timers.count }

    /// When the next timer fires; nil when there is none.
    var earliest: Deadline? { timers.first?.deadline }

    /// Sets a timer, or sets it anew.
    mutating func arm(_ timer: LoopTimer, at deadline: Deadline) {
        disarm(timer)
        timer.deadline = deadline
        timer.order = nextOrder
        nextOrder &+= 1
        timer.index = timers.count
        timers.append(timer)
        siftUp(from: timer.index)
    }

    /// Takes a timer out; no effect on one that is not set.
    mutating func disarm(_ timer: LoopTimer) {
        let hole = timer.index
        guard hole >= 0 else { return }
        timer.index = -1
        let last = timers.removeLast()
        guard last !== timer else { return }
        place(last, at: hole)
        siftUp(from: hole)
        siftDown(from: last.index)
    }

    /// Takes out the first timer whose deadline has come.
    mutating func popExpired(now: Deadline) -> LoopTimer? {
        guard let first = timers.first, first.deadline <= now else { return nil }
        disarm(first)
        return first
    }

    /// Takes all timers out.
    mutating func removeAll() -> [LoopTimer] {
        defer { timers = [] }
        for timer in timers { timer.index = -1 }
        return timers
    }

    private mutating func place(_ timer: LoopTimer, at index: Int) {
        timers[index] = timer
        timer.index = index
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        let timer = timers[child]
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(timer, timers[parent]) else { break }
            place(timers[parent], at: child)
            child = parent
        }
        place(timer, at: child)
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        let timer = timers[parent]
        while true {
            var child = 2 * parent + 1
            guard child < timers.count else { break }
            if child + 1 < timers.count, precedes(timers[child + 1], timers[child]) { child += 1 }
            guard precedes(timers[child], timer) else { break }
            place(timers[child], at: parent)
            parent = child
        }
        place(timer, at: parent)
    }

    private func precedes(_ left: LoopTimer, _ right: LoopTimer) -> Bool {
        left.deadline == right.deadline ? left.order < right.order : left.deadline < right.deadline
    }
}
