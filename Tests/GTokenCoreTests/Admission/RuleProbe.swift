import GTokenCore
import XCTest

/// The rules with a ServiceAccount that opts in, to be changed by the test that asks them.
struct RuleProbe {
    var configuration = InjectionConfiguration(image: "image", version: "1")
    var cluster = ClusterFacts(supportsNativeSidecars: true)
    var annotations = [
        "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app",
        "iam.gke.io/gcp-service-account": "app@project-id.iam.gserviceaccount.com",
    ]

    /// A ServiceAccount of identity `cluster`, with no Google account at all.
    static func cluster(_ more: [String: String] = [:]) -> RuleProbe {
        var probe = RuleProbe()
        probe.annotations = [
            "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app",
            "amazonaws.com/identity": "cluster",
        ].merging(more) { $1 }
        return probe
    }

    /// The same with some of it changed.
    func with(_ change: (inout RuleProbe) -> Void) -> RuleProbe {
        var probe = self
        change(&probe)
        return probe
    }

    func decide(_ pod: JSONValue) -> InjectionOutcome {
        InjectionRules(configuration: configuration, cluster: cluster)
            .decide(pod: pod, annotations: annotations)
    }

    /// The Pod that is stored in the end.
    func patched(_ pod: JSONValue) throws -> JSONValue {
        try JSONDocument(decide(pod).patch.applied(to: JSONDocument(Array(pod.rawBytes)))).root
    }

    /// A Pod named `pod-1` with this spec, and with more in its metadata.
    static func pod(
        _ spec: String = #""containers":[{"name":"a"}]"#,
        metadata: String = ""
    ) throws -> JSONValue {
        let more = metadata.isEmpty ? "" : ",\(metadata)"
        return try JSONDocument(Array(#"{"metadata":{"name":"pod-1"\#(more)},"spec":{\#(spec)}}"#.utf8)).root
    }

    /// A Pod with one container and these annotations.
    static func pod(
        annotations: [String: String],
        spec: String = #""containers":[{"name":"a"}]"#
    ) throws
        -> JSONValue
    {
        var writer = JSONWriter()
        writer.object { object in
            for (key, value) in annotations.sorted(by: { $0.key < $1.key }) { object.member(key, value) }
        }
        return try pod(spec, metadata: #""annotations":\#(String(decoding: writer.bytes, as: UTF8.self))"#)
    }
}

extension JSONValue {
    /// The values of a list, such as `spec.containers`; none where there is no list.
    func list(_ path: String...) -> [JSONValue] {
        value(at: JSONPointer(path)).map { Array($0.elements) } ?? []
    }

    /// The names of what a list has.
    func names(_ path: String...) -> [String] {
        value(at: JSONPointer(path))?.elements.compactMap { $0["name"]?.string() } ?? []
    }

    /// The element of a list with this name.
    func named(_ name: String, in path: String...) -> JSONValue? {
        value(at: JSONPointer(path))?.elements.first { $0["name"]?.isString(name) == true }
    }

    /// A container's variables that have a value.
    var variables: [String: String] {
        var values: [String: String] = [:]
        for entry in self["env"].map({ Array($0.elements) }) ?? [] {
            values[entry["name"]?.string() ?? ""] = entry["value"]?.string() ?? ""
        }
        return values
    }
}
