import GTokenCore

/// A JSON Merge Patch (RFC 7396).
enum MergePatch {
    /// The target with the patch applied: members of the patch replace, add and, where they are `null`, remove.
    static func apply(_ patch: JSONValue, to target: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        merge(patch, into: target, &writer)
        return writer.bytes
    }

    private static func merge(_ patch: JSONValue, into target: JSONValue?, _ writer: inout JSONWriter) {
        guard patch.isObject else { return writer.raw(patch.rawBytes) }
        writer.object { object in
            if let target, target.isObject {
                for member in target.members where patch[member.name] == nil {
                    object.member(member.name) { $0.raw(member.value.rawBytes) }
                }
            }
            for member in patch.members where !member.value.isNull {
                object.member(member.name) { merge(member.value, into: target?[member.name], &$0) }
            }
        }
    }
}
