package import GTokenCore

/// What every object of the Kubernetes API says about itself.
package struct KubernetesMetadata: Sendable, Equatable {
    /// The name; empty where the object has none.
    package let name: String
    /// The namespace; empty for objects of the cluster.
    package let namespace: String
    /// The version for updates and watches; opaque.
    package let resourceVersion: String
    /// The annotations.
    package let annotations: [String: String]

    /// Reads an object's `metadata`.
    ///
    /// - Throws: ``KubernetesError/malformedAnswer`` where a name stands twice, or is of another type than the API's: whom
    ///   an annotation is about must not depend on the reader.
    package init(of object: JSONValue) throws(KubernetesError) {
        do throws(JSONError) {
            let metadata = try object.uniqueMember("metadata")
            func text(_ name: String) throws(JSONError) -> String? {
                guard let value = try metadata?.uniqueMember(name), !value.isNull else { return "" }
                return value.string()
            }
            guard let name = try text("name"), let namespace = try text("namespace"),
                let resourceVersion = try text("resourceVersion")
            else { throw JSONError.duplicateMember("metadata") }
            (self.name, self.namespace, self.resourceVersion) = (name, namespace, resourceVersion)
            annotations = try InjectionRules.annotations(of: object)
        } catch {
            throw .malformedAnswer
        }
    }
}
