/// A name and the file that belongs to it: `NAME=PATH`.
package struct NamedFile: Sendable, Equatable {
    /// What stands before the first `=`.
    package let name: String
    /// What stands after it.
    package let path: String

    /// Reads both; `nil` where one is missing or the name is no policy's.
    init?(parsing text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let (name, path) = (String(text[..<equals]), String(text[equals...].dropFirst()))
        guard case .name? = try? PolicyReference(parsing: name), !path.isEmpty, !path.utf8.contains(0) else {
            return nil
        }
        self.name = name
        self.path = path
    }
}
