/// Collects what is wrong with parameters, which AWS reports together.
struct STSValidation {
    private let parameters: AWSQueryParameters
    private var problems: [String] = []

    init(_ parameters: AWSQueryParameters) { self.parameters = parameters }

    /// A parameter that must be there, with a length within limits.
    mutating func text(_ name: String, _ lengths: ClosedRange<Int>, isSecret: Bool = false) -> String {
        let member = name.prefix(1).lowercased() + name.dropFirst()
        guard let value = parameters[name] else {
            complain("Value null at '\(member)'", "Member must not be null")
            return ""
        }
        let subject = "Value \(isSecret ? "" : "'\(value.prefix(200))' ")at '\(member)'"
        let count = value.unicodeScalars.count
        if count < lengths.lowerBound {
            complain(subject, "Member must have length greater than or equal to \(lengths.lowerBound)")
        } else if count > lengths.upperBound {
            complain(subject, "Member must have length less than or equal to \(lengths.upperBound)")
        }
        return value
    }

    /// Adds a problem, in AWS's form.
    mutating func complain(_ subject: String, _ constraint: String) {
        problems.append("\(subject) failed to satisfy constraint: \(constraint)")
    }

    /// Throws what was wrong, if anything was.
    func finish() throws(AWSFailure) {
        guard !problems.isEmpty else { return }
        let count = "\(problems.count) validation error\(problems.count == 1 ? "" : "s") detected: "
        throw .validation(count + problems.joined(separator: "; "))
    }
}
