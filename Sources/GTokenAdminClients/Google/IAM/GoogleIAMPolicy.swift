package import GTokenCore

/// Who may do what with a resource of Google's: an IAM policy (https://cloud.google.com/iam/docs/reference/rest/v1/Policy).
///
/// It is kept as it came: a changed policy has every binding, condition and field that it does not name byte for byte,
/// those that came into the API after this was written included.
package struct GoogleIAMPolicy: Sendable {
    /// The policy as JSON.
    package let document: JSONDocument
    /// Its version, to be given back when it is written; empty for a policy without.
    package let etag: String
    /// What it grants, in order.
    package let bindings: [Binding]

    /// A role, and who has it.
    package struct Binding: Sendable, Equatable {
        /// The role, such as `roles/iam.workloadIdentityUser`.
        package var role: String
        /// Who has it: `user:…`, `serviceAccount:…`, `principalSet://…`, `allUsers`.
        package var members: [String]
        /// The title and the expression of the condition under which they have it; `nil` for always.
        package var condition: Condition?

        /// Makes a binding.
        package init(role: String, members: [String], condition: Condition? = nil) {
            self.role = role
            self.members = members
            self.condition = condition
        }
    }

    /// Under which circumstances a binding holds.
    package struct Condition: Sendable, Equatable {
        /// Its name for people.
        package var title: String
        /// In the Common Expression Language.
        package var expression: String

        /// Makes a condition.
        package init(title: String, expression: String) {
            self.title = title
            self.expression = expression
        }
    }

    /// Reads a policy.
    ///
    /// - Throws: ``GoogleIAMPolicyError`` for what is none. It is not read generously, since it is written back.
    package init(_ bytes: [UInt8]) throws(GoogleIAMPolicyError) {
        do {
            document = try JSONDocument(bytes)
            let list = try document.root.uniqueMember("bindings")
            guard document.root.isObject, list?.isArray ?? true else { throw GoogleIAMPolicyError.malformed }
            etag = try document.root.uniqueMember("etag")?.string() ?? ""
            bindings = try list?.elements.map { try Binding($0) } ?? []
        } catch {
            throw .malformed
        }
    }

    /// A policy that grants nothing and has no version.
    package static let empty: GoogleIAMPolicy = {
        guard let policy = try? GoogleIAMPolicy(Array("{}".utf8)) else {
            // Invariant: an object without bindings is a policy.
            preconditionFailure()
        }
        return policy
    }()
}

extension GoogleIAMPolicy.Binding {
    fileprivate init(_ value: JSONValue) throws {
        let list = try value.uniqueMember("members")
        guard value.isObject, let role = try value.uniqueMember("role")?.string(), list?.isArray ?? true
        else {
            throw GoogleIAMPolicyError.malformed
        }
        self.role = role
        members =
            try list?.elements.map { member in
                guard let text = member.string() else { throw GoogleIAMPolicyError.malformed }
                return text
            } ?? []
        condition = try value.uniqueMember("condition").flatMap { condition in
            condition.isNull
                ? nil
                : GoogleIAMPolicy.Condition(
                    title: condition["title"]?.string() ?? "",
                    expression: condition["expression"]?.string() ?? ""
                )
        }
    }
}

/// Why something is no policy.
package enum GoogleIAMPolicyError: Error, Equatable, Sendable {
    /// It is no JSON object with a list of bindings.
    case malformed
}
