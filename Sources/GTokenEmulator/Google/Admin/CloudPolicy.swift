import GTokenCore

/// An IAM policy as the stand-in keeps it: as it was written, with a version of its own.
struct CloudPolicy: Sendable {
    struct Binding: Sendable {
        var role: String
        var members: [String]
        var isConditional: Bool
        /// The whole binding as written.
        var written: [UInt8]
    }

    private(set) var bindings: [Binding] = []
    /// The fields besides bindings, etag and version, as written.
    private var others: [(name: String, value: [UInt8])] = []
    /// How often it was written: its etag.
    private var generation: UInt64 = 0

    init() {}

    /// Google's for a policy that was never written is `ACAB`; the others begin with `Bw`.
    var etag: String {
        guard generation > 0 else { return "ACAB" }
        let number = (0..<6).map { UInt8(truncatingIfNeeded: generation >> (8 * (5 - $0))) }
        return Base64.encode([0x07] + number)
    }

    var hasConditions: Bool { bindings.contains(where: \.isConditional) }

    /// Whether a member has a permission by it; what a condition says is not looked at, so it gives nothing.
    func allows(_ member: String, _ permission: String) -> Bool {
        bindings.contains { binding in
            !binding.isConditional && CloudRole.allows(binding.role, permission)
                && (binding.members.contains(member) || binding.members.contains("allUsers"))
        }
    }

    /// Grants a role, as somebody at the console would.
    mutating func grant(_ role: String, to member: String) {
        var writer = JSONWriter()
        writer.object { object in
            object.member("role", role)
            object.member("members") { $0.array { $0.value(member) } }
        }
        bindings.append(Binding(role: role, members: [member], isConditional: false, written: writer.bytes))
        generation += 1
    }

    /// Counts as written by somebody else.
    mutating func touch() { generation += 1 }

    /// Takes over what a caller wrote.
    ///
    /// - Throws: how IAM refuses it.
    mutating func replace(with policy: JSONValue) throws(GoogleFailure) {
        if let etag = policy["etag"]?.string(), !etag.isEmpty, etag != self.etag {
            throw GoogleFailure(
                code: 409,
                status: "ABORTED",
                message:
                    "There were concurrent policy changes. Please retry the whole read-modify-write with "
                    + "exponential backoff. The request's ETag '\(etag)' did not match the current policy's ETag "
                    + "'\(self.etag)'."
            )
        }
        var new: [Binding] = []
        for value in policy["bindings"]?.elements.map({ $0 }) ?? [] { new.append(try Self.binding(value)) }
        let version = Int(policy["version"]?.integer() ?? 1)
        if hasConditions || new.contains(where: \.isConditional) {
            guard version == 3, policy["etag"] != nil else {
                throw .invalid(
                    "Conditions are supported only in policies with version 3 and an etag; specified \(version)."
                )
            }
        }
        bindings = new.filter { !$0.members.isEmpty }
        others = policy.members
            .filter { !["bindings", "etag", "version"].contains($0.name) }
            .map { ($0.name, Array($0.value.rawBytes)) }
        generation += 1
    }

    private static func binding(_ value: JSONValue) throws(GoogleFailure) -> Binding {
        guard let role = value["role"]?.string(), role.hasPrefix("roles/") || role.contains("/roles/") else {
            throw .invalid("Role name must be in the form roles/{role}, or of a custom role.")
        }
        let members = value["members"]?.elements.compactMap { $0.string() } ?? []
        if let member = members.first(where: { $0 != "allUsers" && !$0.contains(":") }) {
            throw .invalid("Invalid member '\(member)': it has no type.")
        }
        return Binding(
            role: role,
            members: members,
            isConditional: value["condition"].map { !$0.isNull } ?? false,
            written: Array(value.rawBytes)
        )
    }

    /// Writes `deleted:…` for a member that is no more.
    mutating func forget(_ member: String, uniqueID: String) {
        for (index, binding) in bindings.enumerated() where binding.members.contains(member) {
            let gone = "deleted:\(member)?uid=\(uniqueID)"
            guard let document = try? JSONDocument(binding.written) else { continue }
            let operations = binding.members.indices.filter { binding.members[$0] == member }.map { place in
                var writer = JSONWriter()
                writer.value(gone)
                return JSONPatchOperation.replace(
                    JSONPointer(["members", "\(place)"]),
                    value: writer.bytes
                )
            }
            guard let written = try? JSONPatch(operations).applied(to: document) else { continue }
            bindings[index].written = written
            bindings[index].members = binding.members.map { $0 == member ? gone : $0 }
            generation += 1
        }
    }

    /// The policy as a caller gets it who asked for a version: below 3 conditions are not shown, and the roles under
    /// one have another name (https://cloud.google.com/iam/docs/policies#versions).
    func json(requestedVersion: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            if generation > 0 { object.member("version", hasConditions && requestedVersion >= 3 ? 3 : 1) }
            object.member("etag", etag)
            if !bindings.isEmpty {
                object.member("bindings") { list in
                    list.array { list in
                        for binding in bindings { Self.write(binding, requestedVersion, to: &list) }
                    }
                }
            }
            for (name, value) in others {
                object.member(name) { $0.raw(value) }
            }
        }
        return writer.bytes
    }

    private static func write(_ binding: Binding, _ requestedVersion: Int, to list: inout JSONWriter) {
        guard binding.isConditional, requestedVersion < 3 else { return list.raw(binding.written) }
        list.object { object in
            object.member("role", binding.role + "_withcond_" + String(binding.written.count, radix: 16))
            object.member("members") { members in
                members.array { members in
                    for member in binding.members { members.value(member) }
                }
            }
        }
    }
}
