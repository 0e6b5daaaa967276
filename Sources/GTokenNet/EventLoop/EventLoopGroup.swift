import GTokenRuntime
private import Synchronization

/// Event loops on threads of their own, handed out in turn.
package final class EventLoopGroup: Sendable {
    /// The loops, all running.
    package let loops: [EventLoop]
    private let threads: Locked<[PosixThread]>
    private let turn = Atomic<Int>(0)

    /// Starts `count` loops, one thread each.
    package init(count: Int) throws(NetError) {
        precondition(count > 0, "a group has at least one loop")
        var loops: [EventLoop] = []
        var threads: [PosixThread] = []
        do {
            for _ in 0..<count {
                let loop = try EventLoop()
                threads.append(try PosixThread { loop.runUntilStopped() })
                loops.append(loop)
            }
        } catch {
            for loop in loops { loop.stop() }
            for thread in threads { thread.join() }
            throw error
        }
        self.loops = loops
        self.threads = Locked(threads)
    }

    deinit {
        shutdown()
    }

    /// The next loop in turn.
    package func next() -> EventLoop {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: number) % UInt(loops.count))]
    }

    /// Stops every loop and waits for its thread; idempotent.
    ///
    /// Not to be called on one of these loops.
    ///
    /// What a task still waits for then never comes: end the tasks first.
    package func shutdown() {
        let running = threads.withLock { threads in
            let running = threads
            threads = []
            return running
        }
        guard !running.isEmpty else { return }
        precondition(!loops.contains { $0.isCurrent }, "a loop cannot wait for its own end")
        for loop in loops { loop.stop() }
        for thread in running { thread.join() }
    }
}
