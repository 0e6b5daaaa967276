import GTokenCore
import GTokenNet
import GTokenRuntime

/// A watch in progress: a cursor in the history of changes, which costs the store nothing.
final class ObjectWatch: Sendable {
    enum Step {
        case send([UInt8])
        /// Nothing yet; for this long at most.
        case wait(Duration)
        case end
        case cut
    }

    private enum Place {
        /// Still telling what is there at the beginning.
        case listing(ObjectListQuery)
        /// Everything up to this version has been told.
        case version(Int)
        case over
    }

    private struct Progress {
        var place: Place
        var nextBookmark: UnixTime
    }

    private let path: ResourcePath
    private let options: ListOptions
    private let form: ObjectForm
    private let end: UnixTime
    /// How often the emulator had ended and expired watches when this one began.
    private let epochs: (ends: Int, expiries: Int)
    private let progress: Locked<Progress>

    init(
        _ path: ResourcePath,
        _ options: ListOptions,
        _ form: ObjectForm,
        _ state: KubernetesEmulator.State,
        at now: UnixTime
    ) {
        self.path = path
        self.options = options
        self.form = form
        end = now + (options.timeoutSeconds.map { .seconds($0) } ?? state.behaviour.watchLife)
        epochs = (state.endedWatches, state.expiredWatches)
        let version = Int(options.resourceVersion) ?? 0
        var query = ObjectListQuery(namespace: path.namespace)
        query.selection = options.selection
        query.limit = 500
        query.version = state.store.resourceVersion
        progress = Locked(
            Progress(
                place: version == 0 ? .listing(query) : .version(version),
                nextBookmark: now + state.behaviour.bookmarkInterval
            )
        )
    }

    /// What the watch has to say now.
    func step(_ state: KubernetesEmulator.State, at now: UnixTime) -> Step {
        progress.withLock { progress in
            switch state.behaviour.outage {
            case .closing: return .cut
            case .silent: return .wait(.seconds(3600))
            case nil: break
            }
            if case .over = progress.place { return .end }
            if epochs.ends != state.endedWatches || now >= end { return .end }
            if epochs.expiries != state.expiredWatches {
                return fail(KubernetesStatus.tooOld(0, state.store.resourceVersion), &progress)
            }
            do throws(ObjectStoreError) {
                let lines = try news(state.store, &progress)
                if !lines.isEmpty { return .send(lines) }
            } catch {
                return fail(KubernetesStatus.of(error), &progress)
            }
            guard options.allowsBookmarks else { return .wait(end.duration(since: now)) }
            guard now >= progress.nextBookmark else {
                return .wait(min(end, progress.nextBookmark).duration(since: now))
            }
            progress.nextBookmark = now + state.behaviour.bookmarkInterval
            guard case .version(let version) = progress.place else { return .wait(.zero) }
            return .send(line("BOOKMARK") { form.writeBookmark(version, path.resource, to: &$0) })
        }
    }

    private func news(_ store: ObjectStore, _ progress: inout Progress) throws(ObjectStoreError) -> [UInt8] {
        var lines: [UInt8] = []
        while lines.isEmpty {
            switch progress.place {
            case .listing(var query):
                let page = try store.list(path.resource, query)
                for object in page.objects { lines += line(ObjectEvent(kind: .added, object: object)) }
                query.start = page.next
                progress.place = page.next == nil ? .version(page.resourceVersion) : .listing(query)
            case .version(let version):
                let (events, reached) = try store.events(
                    of: path.resource,
                    in: path.namespace,
                    options.selection,
                    after: version
                )
                for event in events { lines += line(event) }
                progress.place = .version(reached)
                if reached >= store.resourceVersion { return lines }
            case .over: return lines
            }
        }
        return lines
    }

    private func fail(_ status: HTTPResponse, _ progress: inout Progress) -> Step {
        progress.place = .over
        return .send(line("ERROR") { $0.raw(status.body) })
    }

    private func line(_ event: ObjectEvent) -> [UInt8] {
        line(event.kind.rawValue) { form.write(event.object, path.resource, to: &$0) }
    }

    private func line(_ type: String, _ object: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { event in
            event.member("type", type)
            event.member("object", object)
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

/// Watching.
extension KubernetesEmulator {
    func watch(_ asked: ResourceRequest, _ request: HTTPRequest) -> HTTPResponse {
        guard let form = ObjectForm(accept: request.headers["Accept"]) else {
            return KubernetesStatus.notAcceptable
        }
        let options: ListOptions
        do throws(KubernetesRefusal) { options = try ListOptions(request) } catch { return error.response }
        let now = clock.now()
        let watch = state.withLock { ObjectWatch(asked.path, options, form, $0, at: now) }
        return .stream(contentType: "application/json") {
            while !Task.isCancelled {
                let seen = self.signal.version
                let time = self.clock.now()
                switch self.state.withLock({ watch.step($0, at: time) }) {
                case .send(let lines): return .bytes(lines)
                case .wait(let limit): await self.signal.wait(after: seen, for: limit, on: self.clock)
                case .end: return .end
                case .cut: return .cut
                }
            }
            return .end
        }
    }

    /// Ends the watches that run now, as an API server does from time to time.
    package func endWatches() {
        state.withLock { $0.endedWatches += 1 }
        signal.notify()
    }

    /// Tells the watches that run now that their version is too old, and ends them.
    package func expireWatches() {
        state.withLock { $0.expiredWatches += 1 }
        signal.notify()
    }

    /// Forgets all changes so far: watches and lists at earlier versions get 410.
    package func forgetHistory() {
        state.withLock { $0.store.history.compact(through: $0.store.resourceVersion) }
    }

    /// Remembers this many changes at most, 10,000 unless set.
    package func setHistoryLength(_ length: Int) {
        state.withLock { $0.store.history.capacity = length }
    }
}
