internal import GTokenCore

extension GoogleIAMPolicy {
    /// Whether a member has a role, whatever the circumstances.
    package func grants(_ role: String, to member: String) -> Bool {
        bindings.contains { $0.isUnconditional(role) && $0.members.contains(member) }
    }

    /// The policy with a role granted to a member; itself where it is already.
    ///
    /// A binding under a condition is left alone: it grants less.
    package func granting(_ role: String, to member: String) -> GoogleIAMPolicy {
        guard !grants(role, to: member) else { return self }
        let quoted = Self.json { $0.value(member) }
        if let index = bindings.firstIndex(where: { $0.isUnconditional(role) }) {
            let isThere = bindingValue(at: index)?["members"] != nil
            return isThere
                ? patched([.add(JSONPointer(["bindings", "\(index)", "members", "-"]), value: quoted)])
                : patched([
                    .add(
                        JSONPointer(["bindings", "\(index)", "members"]),
                        value: Self.json { $0.array { $0.raw(quoted) } }
                    )
                ])
        }
        let binding = Self.json { writer in
            writer.object { object in
                object.member("role", role)
                object.member("members") { $0.array { $0.raw(quoted) } }
            }
        }
        return document.root["bindings"] == nil
            ? patched([.add(JSONPointer(["bindings"]), value: Self.json { $0.array { $0.raw(binding) } })])
            : patched([.add(JSONPointer(["bindings", "-"]), value: binding)])
    }

    /// The policy without the grant of a role to a member; itself where there is none.
    ///
    /// A binding that has nobody left goes too. One under a condition is left alone: it was not made by us.
    package func revoking(_ role: String, from member: String) -> GoogleIAMPolicy {
        var operations: [JSONPatchOperation] = []
        // From the end, so that what is removed does not move what is still to be.
        for (index, binding) in bindings.enumerated().reversed()
        where binding.isUnconditional(role) && binding.members.contains(member) {
            if binding.members.allSatisfy({ $0 == member }) {
                operations.append(.remove(JSONPointer(["bindings", "\(index)"])))
                continue
            }
            for (place, other) in binding.members.enumerated().reversed() where other == member {
                operations.append(.remove(JSONPointer(["bindings", "\(index)", "members", "\(place)"])))
            }
        }
        return patched(operations)
    }

    private func bindingValue(at index: Int) -> JSONValue? {
        document.root["bindings"]?.elements.dropFirst(index).first { _ in true }
    }

    private func patched(_ operations: [JSONPatchOperation]) -> GoogleIAMPolicy {
        guard !operations.isEmpty else { return self }
        guard let bytes = try? JSONPatch(operations).applied(to: document),
            let policy = try? GoogleIAMPolicy(bytes)
        else {
            // Invariant: the places come from the document itself, and what is put there is a binding or a member.
            preconditionFailure()
        }
        return policy
    }

    private static func json(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        return writer.bytes
    }
}

extension GoogleIAMPolicy.Binding {
    /// Whether it is for this role and always holds.
    package func isUnconditional(_ role: String) -> Bool { self.role == role && condition == nil }
}

extension GoogleIAMPolicy: Equatable {
    /// Whether the two are the same JSON, order and etag included.
    package static func == (left: GoogleIAMPolicy, right: GoogleIAMPolicy) -> Bool {
        left.document.root.isEqual(to: right.document.root)
    }
}
