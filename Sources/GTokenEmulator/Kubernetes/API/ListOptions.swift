import GTokenCore
import GTokenNet

/// What a list or watch says in its query.
struct ListOptions {
    var selection = ObjectSelection()
    var limit = 0
    var continuation: Continuation?
    /// Empty where none is given.
    var resourceVersion = ""
    var isExact = false
    var allowsBookmarks = false
    var timeoutSeconds: Int64?
    var isDryRun = false

    /// Reads a query.
    ///
    /// - Throws: a refusal with 400 for what cannot be read.
    init(_ request: HTTPRequest) throws(KubernetesRefusal) {
        let query = request.queryItems
        func text(_ name: String) -> String { query[name] ?? "" }
        do throws(LabelSelector.Mistake) {
            selection.labels = try LabelSelector(parsing: text("labelSelector"))
        } catch {
            throw .badRequest("unable to parse requirement: \(error.text)")
        }
        do throws(FieldSelector.Mistake) {
            selection.fields = try FieldSelector(parsing: text("fieldSelector"))
        } catch {
            switch error {
            case .syntax(let text): throw .badRequest("invalid selector: \"\(text)\"; can't understand it")
            case .field(let name): throw .badRequest("field label not supported: \(name)")
            }
        }
        if !text("limit").isEmpty {
            guard let number = Int(text("limit")), number >= 0 else {
                throw .badRequest("invalid limit: \"\(text("limit"))\"")
            }
            limit = number
        }
        if !text("continue").isEmpty {
            guard let token = Continuation(parsing: text("continue")) else {
                throw .badRequest("continue key is not valid: \(text("continue").prefix(64))")
            }
            continuation = token
        }
        resourceVersion = text("resourceVersion")
        guard resourceVersion.isEmpty || (Int(resourceVersion).map { $0 >= 0 } ?? false) else {
            throw .badRequest("Invalid value: \"\(resourceVersion)\": resource version is not a number")
        }
        isExact = text("resourceVersionMatch") == "Exact"
        allowsBookmarks = ["true", "1"].contains(text("allowWatchBookmarks"))
        timeoutSeconds = Int64(text("timeoutSeconds"))
        isDryRun = text("dryRun") == "All"
    }
}

/// Where a list goes on: the `continue` of its last part, which clients do not look into.
struct Continuation: Equatable {
    /// The version of the list; `nil` to go on with what is there now.
    var version: Int?
    var start: StoredObject.Key

    init(version: Int?, start: StoredObject.Key) {
        self.version = version
        self.start = start
    }

    init?(parsing token: String) {
        guard let bytes = Base64URL.decode(token), let root = try? JSONDocument(bytes).root,
            let version = root["rv"]?.integer(), let start = root["start"]?.string(),
            let slash = start.firstIndex(of: "/")
        else { return nil }
        self.version = version < 0 ? nil : Int(version)
        self.start = StoredObject.Key(
            namespace: String(start[..<slash]),
            name: String(start[start.index(after: slash)...])
        )
    }

    var token: String {
        var writer = JSONWriter()
        writer.object {
            $0.member("v", "meta.k8s.io/v1")
            $0.member("rv", version ?? -1)
            $0.member("start", "\(start.namespace)/\(start.name)")
        }
        return Base64URL.encode(writer.bytes)
    }
}
