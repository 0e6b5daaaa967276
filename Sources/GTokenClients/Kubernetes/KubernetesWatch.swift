package import GTokenCore
import GTokenNet

/// What happened to a watched object, and the version up to which everything has been told.
package enum KubernetesEvent: Sendable {
    /// It was made, or changed.
    case put(JSONValue, resourceVersion: String)
    /// It is gone; this is its last state.
    case removed(JSONValue, resourceVersion: String)
    /// Nothing happened that concerns us.
    case bookmark(resourceVersion: String)

    /// Where a watch goes on that has heard this.
    package var resourceVersion: String {
        switch self {
        case .put(_, let version), .removed(_, let version), .bookmark(let version): version
        }
    }
}

/// A watch under way; dropping it closes its connection.
package struct KubernetesWatch {
    private var pieces: HTTPResponseStream.AsyncIterator
    private var lines = LineBuffer(maxBytes: KubernetesClient.maxAnswerBytes)

    init(_ stream: HTTPResponseStream) { pieces = stream.makeAsyncIterator() }

    /// The next event; `nil` when the server has ended the watch.
    ///
    /// - Throws: ``KubernetesError``; ``KubernetesError/expired`` when the server no longer has what happened since.
    package mutating func next() async throws(KubernetesError) -> KubernetesEvent? {
        while true {
            if let line = lines.next() { return try Self.event(in: line) }
            let piece: [UInt8]?
            do throws(HTTPClientError) { piece = try await pieces.next() } catch { throw .unreachable(error) }
            guard let piece else { return nil }
            guard lines.append(piece) else { throw .malformedAnswer }
        }
    }

    /// Reads a WatchEvent (Kubernetes API Concepts, "Efficient detection of changes").
    private static func event(in line: [UInt8]) throws(KubernetesError) -> KubernetesEvent {
        guard let root = try? JSONDocument(line).root, let type = root["type"]?.string(),
            let object = root["object"]
        else { throw .malformedAnswer }
        if type == "ERROR" {
            throw KubernetesError(status: Int(object["code"]?.integer() ?? 0), object)
        }
        let version = try KubernetesMetadata(of: object).resourceVersion
        // A watch that went on from nowhere could miss what happened.
        guard !version.isEmpty else { throw .malformedAnswer }
        switch type {
        case "ADDED", "MODIFIED": return .put(object, resourceVersion: version)
        case "DELETED": return .removed(object, resourceVersion: version)
        case "BOOKMARK": return .bookmark(resourceVersion: version)
        default: throw .malformedAnswer
        }
    }
}

/// Bytes that come in pieces and are read as lines.
struct LineBuffer {
    private let maxBytes: Int
    private var bytes: [UInt8] = []
    private var start = 0
    /// Up to where there is no line feed.
    private var searched = 0

    /// A buffer for lines of at most this many bytes.
    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Takes a piece in; false when a line is longer than allowed.
    mutating func append(_ piece: [UInt8]) -> Bool {
        if start > 0 {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        bytes += piece
        return bytes.count - piece.count <= maxBytes
    }

    /// The next whole line, without its end; empty lines are passed over.
    mutating func next() -> [UInt8]? {
        while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            defer {
                start = end + 1
                searched = start
            }
            if end > start { return Array(bytes[start..<end]) }
        }
        searched = bytes.count
        return nil
    }
}
