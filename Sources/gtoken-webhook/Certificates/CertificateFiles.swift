import GTokenCore
import GTokenNet
import GTokenRuntime

/// Why files do not make a certificate that can be served; never what is in them.
enum CertificateFileError: Error, Equatable {
    case file(FileError)
    case tls(TLSError)
    /// A certificate that is not valid now is no better than the one that is.
    case outOfDate(notBefore: UnixTime, notAfter: UnixTime)
}

extension CertificateFileError: CustomStringConvertible {
    var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .tls(let error): "\(error)"
        case .outOfDate(let notBefore, let notAfter):
            "the certificate is not valid now: \(notBefore) to \(notAfter)"
        }
    }
}

/// Files that are read again and again: what is new in them is served, and what cannot be is said, once.
///
/// Contents are compared, not times or inodes: a Secret's `..data` link, a rename and a file written in place are all the
/// same then.
final class CertificateFiles: Sendable {
    /// The largest certificate or key file: a chain of ten certificates is 20 KB.
    static let maxBytes = 1 << 20
    static let interval = Duration.seconds(10)

    private struct State {
        var served: [[UInt8]]
        var refused: [[UInt8]]?
        var refusal: CertificateFileError?
    }

    private let paths: [String]
    private let clock: any Clock
    private let logger: Logger
    private let serve: @Sendable ([[UInt8]]) throws(CertificateFileError) -> Void
    private let state: Locked<State>

    /// Files of which `served` is in use; `serve` uses others, or says why it does not.
    init(
        _ paths: [String],
        served: [[UInt8]],
        clock: any Clock,
        logger: Logger,
        serve: @escaping @Sendable ([[UInt8]]) throws(CertificateFileError) -> Void
    ) {
        self.paths = paths
        self.clock = clock
        self.logger = logger
        self.serve = serve
        state = Locked(State(served: served))
    }

    /// The contents of the files.
    static func read(_ paths: [String]) throws(FileError) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        for path in paths { contents.append(try FileReader.read(path: path, maxBytes: maxBytes)) }
        return contents
    }

    /// Reads until the task is cancelled.
    func run() async throws(CancellationError) {
        while true {
            try await clock.sleep(for: Self.interval)
            look()
        }
    }

    /// Reads once; whether something new is served.
    @discardableResult
    func look() -> Bool {
        let contents: [[UInt8]]
        do throws(FileError) {
            contents = try Self.read(paths)
        } catch {
            refuse(nil, .file(error))
            return false
        }
        let isKnown = state.withLock { state in
            if state.served == contents {
                // Put back as it was: what is refused next is new.
                (state.refused, state.refusal) = (nil, nil)
                return true
            }
            return state.refused == contents
        }
        if isKnown { return false }
        do throws(CertificateFileError) {
            try serve(contents)
        } catch {
            // What is not valid yet may become so with the same content.
            if case .outOfDate = error { refuse(nil, error) } else { refuse(contents, error) }
            return false
        }
        state.withLock { $0 = State(served: contents) }
        return true
    }

    private func refuse(_ contents: [[UInt8]]?, _ error: CertificateFileError) {
        let isNew = state.withLock { state in
            defer { (state.refused, state.refusal) = (contents, error) }
            return state.refusal != error || state.refused != contents
        }
        if isNew {
            logger.warning(
                "the new certificate files cannot be used, the old ones stay",
                LogField("files", paths.joined(separator: ", ")),
                LogField(error)
            )
        }
    }
}
