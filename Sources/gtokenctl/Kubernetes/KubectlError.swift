import GTokenRuntime
import Glibc

/// Why `kubectl` did not do what it was asked.
enum KubectlError: Error, Equatable {
    /// It cannot be run, or does not end.
    case program(SubprocessError)
    /// The API server refused, for this reason of its own: `Forbidden`, `NotFound`, `AlreadyExists` …
    case refused(reason: String, message: String)
    /// The API server does not know who asks.
    case unauthorized(String)
    /// The API server cannot be reached.
    case unreachable(String)
    /// It failed in another way; its own words, on one line.
    case failed(String)
    /// What it printed is not what it prints.
    case output(String)

    /// Reads what it printed to standard error.
    init(errors: [UInt8], status: Int32) {
        let lines = String(decoding: errors, as: UTF8.self).split(separator: "\n").map(String.init)
        // Warnings and its own log come first; what ended it comes last.
        let line =
            lines.last { $0.hasPrefix("Error") || $0.hasPrefix("error") } ?? lines.last
            ?? "it ended with status \(status)"
        let text = String(line.prefix(1000))
        if let (reason, message) = Self.answer(in: text) {
            self =
                reason == "Unauthorized" ? .unauthorized(message) : .refused(reason: reason, message: message)
        } else if text.contains("You must be logged in")
            || text.contains("the server has asked for the client to provide credentials")
        {
            self = .unauthorized(text)
        } else if text.contains("was refused - did you specify")
            || text.contains("Unable to connect to the server")
            || text.contains("i/o timeout") || text.contains("no such host")
        {
            self = .unreachable(text)
        } else {
            self = .failed(text)
        }
    }

    /// `Error from server (REASON): MESSAGE`, with ` when creating "STDIN"` and the like after `server`.
    private static func answer(in line: String) -> (reason: String, message: String)? {
        let prefix = "Error from server ("
        guard line.hasPrefix(prefix), let end = line.firstIndex(of: ")") else { return nil }
        let reason = line[..<end].dropFirst(prefix.count)
        let rest = line[end...].dropFirst()
        guard let colon = rest.firstIndex(of: ":") else { return nil }
        return (String(reason), String(rest[colon...].dropFirst(2)))
    }
}

extension KubectlError: CustomStringConvertible {
    var description: String {
        switch self {
        case .program(let error): "\(error)"
        case .refused(let reason, let message): "the Kubernetes API refused: \(message) (\(reason))"
        case .unauthorized(let text): "the Kubernetes API does not know who asks: \(text)"
        case .unreachable(let text): "the Kubernetes API cannot be reached: \(text)"
        case .failed(let text): "kubectl: \(text)"
        case .output(let problem): "kubectl printed something else than objects: \(problem)"
        }
    }

    /// What to do about it.
    var hint: String? {
        switch self {
        case .program(.notStarted(_, ENOENT)):
            "install kubectl, or put it on PATH: https://kubernetes.io/docs/tasks/tools/"
        case .unauthorized, .unreachable:
            "fetch credentials: gcloud container clusters get-credentials CLUSTER --location LOCATION --project PROJECT"
        case .refused("Forbidden", _):
            "ask for a role that may get, create and annotate ServiceAccounts and get and create namespaces"
        default: nil
        }
    }

    var exitCode: ExitCode {
        switch self {
        case .program(.notStarted): .configuration
        case .refused, .unauthorized: .refused
        case .program, .unreachable, .failed, .output: .unavailable
        }
    }
}
