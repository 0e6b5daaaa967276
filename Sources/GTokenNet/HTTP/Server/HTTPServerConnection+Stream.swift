extension HTTPServerConnection {
    /// What happened to an answer that is made while it is sent.
    private enum StreamEvent: Sendable {
        /// The content has ended, by itself or because nobody listens.
        case ended(HTTPBodyStream.Piece)
        /// The connection is of no use any more.
        case failed(NetError)
        /// The client sent something behind its request, or nothing more will come from it.
        case received([UInt8])
        /// The server is stopping.
        case interrupted
    }

    /// Sends the pieces of an answer whose head has been sent, until one side has had enough.
    ///
    /// Meanwhile it listens, because a client that leaves is noticed only by reading. What the client sends already
    /// is its next request and comes back. Throws when the client cannot get the whole content: closing the
    /// connection is all that is left then.
    func send(_ stream: HTTPBodyStream, isChunked: Bool) async throws(NetError) -> [UInt8] {
        var early: [UInt8] = []
        var ending: StreamEvent?
        isStreaming = true
        defer { isStreaming = false }
        await withTaskGroup(of: StreamEvent.self) { group in
            group.addTask { await self.pump(stream, isChunked: isChunked) }
            group.addTask { await self.listen() }
            while let event = await group.next() {
                switch event {
                case .ended, .failed:
                    // The first word counts: a listener that is cancelled fails too.
                    ending = ending ?? event
                    group.cancelAll()
                case .received(let bytes):
                    early += bytes
                    let isPatient = !bytes.isEmpty && early.count <= limits.readBytes
                    if !isPatient { ending = ending ?? .failed(.closed) }
                    if isPatient && ending == nil {
                        group.addTask { await self.listen() }
                    } else {
                        group.cancelAll()
                    }
                case .interrupted:
                    group.cancelAll()
                }
            }
        }
        switch ending {
        case .ended(.end): break
        case .failed(let error): throw error
        default: throw .closed
        }
        if isChunked {
            try await connection.write(HTTPEncoder.lastChunk, deadline: .after(limits.writeTimeout))
        }
        return early
    }

    private func pump(_ stream: HTTPBodyStream, isChunked: Bool) async -> StreamEvent {
        var output: [UInt8] = []
        while true {
            // Between pieces the client waits for us, and while one goes out we for it.
            move(to: .inHandler)
            let piece = await stream.next()
            move(to: .answered)
            guard case .bytes(let bytes) = piece else { return .ended(piece) }
            // An empty chunk would be the last one.
            if bytes.isEmpty { continue }
            output.removeAll(keepingCapacity: true)
            if isChunked {
                HTTPEncoder.appendChunk(bytes, to: &output)
            } else {
                output += bytes
            }
            let deadline = Deadline.after(limits.time(for: output.count, beside: limits.writeTimeout))
            do throws(NetError) {
                try await connection.write(output, deadline: deadline)
            } catch {
                return .failed(error)
            }
        }
    }

    private func listen() async -> StreamEvent {
        var bytes: [UInt8] = []
        do throws(NetError) {
            _ = try await connection.read(into: &bytes, atMost: limits.readBytes, deadline: .never)
            return .received(bytes)
        } catch .cancelled where !Task.isCancelled {
            return .interrupted
        } catch {
            return .failed(error)
        }
    }
}
