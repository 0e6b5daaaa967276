import GTokenCore

/// What is checked of every object: its form as far as the server reads it, and its name.
enum ObjectValidation {
    private typealias Field = ObjectStoreError.InvalidField

    /// Checks that a text is an object of the kind, with metadata that can be read.
    static func check(_ resource: KubernetesResource, _ object: JSONValue) throws(ObjectStoreError) {
        guard object.isObject else { throw .malformed("the object provided is not a JSON object") }
        let kind = object.present("kind")?.string()
        let apiVersion = object.present("apiVersion")?.string()
        guard kind == nil || kind == resource.kind, apiVersion == nil || apiVersion == resource.apiVersion
        else {
            let given = "\(apiVersion ?? "")/\(kind ?? "")"
            throw .malformed(
                "the API version in the data (\(given)) does not match the expected API version "
                    + "(\(resource.apiVersion)/\(resource.kind))"
            )
        }
        guard let metadata = object.present("metadata") else { return }
        guard metadata.isObject else { throw unreadable("metadata") }
        for name in ["name", "generateName", "namespace", "uid", "resourceVersion"] {
            if let value = metadata.present(name), value.kind != .string {
                throw unreadable("metadata.\(name)")
            }
        }
        for name in ["labels", "annotations"] {
            guard let map = metadata.present(name) else { continue }
            guard map.isObject, map.members.allSatisfy({ $0.value.kind == .string || $0.value.isNull }) else {
                throw unreadable("metadata.\(name)")
            }
        }
    }

    private static func unreadable(_ field: String) -> ObjectStoreError {
        .malformed("the object provided cannot be read: \(field) is of another type")
    }

    /// The name of a new object: its own, or its `generateName` with something behind it.
    static func newName(
        _ resource: KubernetesResource,
        _ object: JSONValue,
        suffix: String
    ) throws(ObjectStoreError) -> String {
        let metadata = object.present("metadata")
        var name = metadata?.present("name")?.string() ?? ""
        if name.isEmpty, let prefix = metadata?.present("generateName")?.string(), !prefix.isEmpty {
            // The server cuts the prefix so that 63 characters are not exceeded.
            name = prefix.prefix(58) + suffix
        }
        guard !name.isEmpty else {
            throw invalid(
                resource,
                name,
                "FieldValueRequired",
                "Required value: name or generateName is required"
            )
        }
        guard isName(name, of: resource) else {
            let rule =
                resource.traits.contains(.freelyNamed)
                ? "may not contain '/' or '%'"
                : "a lowercase RFC 1123 \(resource == .namespaces ? "label" : "subdomain") must consist of lower case "
                    + "alphanumeric characters, '-'\(resource == .namespaces ? "" : " or '.'"), and must start and end "
                    + "with an alphanumeric character"
            throw invalid(resource, name, "FieldValueInvalid", "Invalid value: \"\(name)\": \(rule)")
        }
        return name
    }

    private static func invalid(
        _ resource: KubernetesResource,
        _ name: String,
        _ reason: String,
        _ problem: String
    ) -> ObjectStoreError {
        .invalid(resource, name: name, Field(reason: reason, field: "metadata.name", problem: problem))
    }

    private static func isName(_ name: String, of resource: KubernetesResource) -> Bool {
        if resource.traits.contains(.freelyNamed) {
            return !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
        }
        let isLabel = resource == .namespaces
        guard name.utf8.count <= (isLabel ? 63 : 253) else { return false }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return (labels.count == 1 || !isLabel)
            && labels.allSatisfy { label in
                guard let first = label.first, let last = label.last else { return false }
                return isAlphanumeric(first) && isAlphanumeric(last)
                    && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
