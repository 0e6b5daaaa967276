@testable import GTokenCore

extension FuzzTarget {
    /// The JSON of an IAM policy.
    static let policy = FuzzTarget(name: "policy", run: PolicyFuzz.run)
}

/// A policy is the same after it was written and read again, and what we write is a policy.
private enum PolicyFuzz {
    static func run(_ bytes: [UInt8]) {
        let policy: PolicyDocument
        do throws(PolicyDocumentError) {
            policy = try PolicyDocument(parsing: bytes)
        } catch {
            require(!"\(error)".contains("\n"), "an error is one line")
            return
        }
        let written = policy.encoded
        do throws(PolicyDocumentError) {
            let again = try PolicyDocument(parsing: written)
            require(again.encoded == written, "written twice it is the same")
            require(again == policy, "and so is what it says: \(written.text)")
        } catch {
            require(
                written.count > PolicyDocument.maxBytes,
                "what we write is a policy: \(error) \(written.text)"
            )
        }
    }
}
