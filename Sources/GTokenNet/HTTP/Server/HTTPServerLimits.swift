/// What a server takes from its clients, each limit with its derivation.
package struct HTTPServerLimits: Sendable, Equatable {
    /// The longest request line: RFC 9112 section 3 recommends at least 8,000 bytes.
    package var maxRequestLineBytes = 8 * 1024

    /// The largest head, request line included.
    ///
    /// The API server's is under 400 bytes; proxies add tokens and traces. Common servers take 8 KiB to 1 MiB.
    package var maxHeadBytes = 16 * 1024

    /// The most header fields: the API server sends six; 100 is also the default of Apache httpd.
    package var maxFields = 100

    /// The largest body.
    ///
    /// A request to the Kubernetes API is at most 3 MiB, but escaping inflates what a webhook gets: 17.4 MB was observed
    /// for a Pod of 2.9 MB, and six bytes for each (`\u003c`) make 18 MiB at most. 32 MiB leaves room.
    package var maxBodyBytes = 32 * 1024 * 1024

    /// The most bytes of bodies held at the same time.
    ///
    /// 200 Pods created at once are 200 reviews of up to 55 KB, 11 MB; the rest is for one or two of the largest.
    package var maxBodyBytesInFlight = 64 * 1024 * 1024

    /// The most connections.
    ///
    /// One API server opens 200 for 200 Pods at once and a regional cluster has three of them; kubelets and Prometheus
    /// come on top. Together with ``maxRefusedConnections`` it stays below 1,024, the usual limit of descriptors, with
    /// room for the process's own files and connections.
    package var maxConnections = 750

    /// The most connections above ``maxConnections``, whose first request is answered with 503.
    ///
    /// A closed connection would tell nothing, and an API server calls again after `Retry-After`.
    package var maxRefusedConnections: Int { maxConnections / 4 + 1 }

    /// How many new connections are on their way to their first request before the next one is accepted.
    ///
    /// Of 0.3 ms each, they keep us busy for longer than a round trip in a cluster takes.
    package var maxNewcomers = 64

    /// How long a connection counts as one of them.
    ///
    /// Long enough for their handshakes, one after the other, and so short that clients which connect and say nothing
    /// hold up nobody before they are 1,280 a second, when ``maxConnections`` are taken in any case.
    package var newcomerTime = Duration.milliseconds(50)

    /// How long a connection may keep us waiting where its place, or the bytes of its body, are needed by another.
    ///
    /// An API server says what it has to say at once: a client that took longer is slow or hostile. Shorter than what
    /// a burst of as many handshakes as there are places takes us (750 of 1 ms), it would close connections that wait
    /// for us; those above the limit are told to come back meanwhile.
    package var patienceWhenFull = Duration.seconds(1)

    /// The same for a client between requests that has had an answer.
    ///
    /// Longer, because a request that crosses with the end of its connection is lost, and an API server at work is
    /// never silent for so long; shorter than ``idleTimeout``, or clients that had one answer could fill the house.
    package var patienceWithKnown = Duration.seconds(10)

    /// How long a TLS handshake may take: two round trips, and the API server gives the whole call 10 s by default.
    package var handshakeTimeout = Duration.seconds(10)

    /// How long a head may take from its first byte on; it fits in a handful of packets.
    package var headTimeout = Duration.seconds(10)

    /// How long a body may take besides ``minBytesPerSecond``: the API server's default timeout, after which nobody
    /// waits.
    package var bodyTimeout = Duration.seconds(10)

    /// How long an answer may take to be read by the client besides ``minBytesPerSecond``.
    package var writeTimeout = Duration.seconds(10)

    /// The least rate at which a body must arrive and an answer be taken.
    ///
    /// The largest body then has 42 s, which is more than the 30 s that a webhook may be given at most.
    package var minBytesPerSecond = 1024 * 1024

    /// How long a connection may lie idle between requests.
    ///
    /// The API server closes its idle connections after 90 s. A server that closes one sooner races with the next
    /// request, which is then lost and not retried.
    package var idleTimeout = Duration.seconds(120)

    /// How long a refused client may go on sending before the connection is closed.
    ///
    /// Closing at once would reset the connection and could take the answer with it (RFC 9112 section 9.6).
    package var lingerTimeout = Duration.seconds(1)

    /// Bytes read at once while no body's length is known: a head with a small review in one go.
    package var readBytes = 8 * 1024

    /// The limits of a webhook behind the API server.
    package init() {}

    var head: HTTPHeadLimits {
        HTTPHeadLimits(
            maxStartLineBytes: maxRequestLineBytes,
            maxHeadBytes: maxHeadBytes,
            maxFields: maxFields
        )
    }
}
