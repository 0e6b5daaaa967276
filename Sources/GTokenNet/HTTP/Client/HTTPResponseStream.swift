/// An answer that is read as it comes: its head, then pieces of the body in the sizes in which they arrived.
///
/// One task iterates it, once. Only what is asked for is read, so that a slow reader slows the server down. Cancelling
/// the task ends it with `HTTPClientError.cancelled`; dropping it closes the connection.
package struct HTTPResponseStream: AsyncSequence, Sendable {
    /// A piece of the body, never empty.
    package typealias Element = [UInt8]
    /// What iteration throws.
    package typealias Failure = HTTPClientError

    /// The status and the fields.
    package let head: HTTPResponseHead
    let exchange: HTTPExchange
    let client: HTTPClient
    let idleTimeout: Duration?

    /// Reads one piece after the other.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let stream: HTTPResponseStream

        /// The next piece, nil at the end of the body.
        package func next() async throws(HTTPClientError) -> [UInt8]? {
            try await stream.next()
        }

        /// The next piece, nil at the end of the body.
        package func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPClientError) -> [UInt8]? {
            try await stream.next()
        }
    }

    /// The iterator; every one reads the same body.
    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(stream: self)
    }

    /// Closes the connection; a pending read ends with an error.
    ///
    /// No effect once the body has been read to its end. Idempotent; from any thread.
    package func cancel() {
        exchange.abandon()
    }

    private func next() async throws(HTTPClientError) -> [UInt8]? {
        try await client.onLoop { () async throws(HTTPClientError) in
            let deadline = idleTimeout.map { Deadline.after($0) } ?? .never
            var piece: [UInt8] = []
            do throws(HTTPClientError) {
                if try await exchange.read(into: &piece, deadline: deadline) { return piece }
            } catch {
                exchange.abandon()
                throw error
            }
            client.finish(exchange)
            return nil
        }
    }
}
