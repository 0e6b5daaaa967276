import GTokenCore

/// The parameters of an action of IAM, within the limits of its API reference.
struct IAMParameters: Sendable {
    private let parameters: AWSQueryParameters
    let caller: IAMStore.Caller
    let now: UnixTime

    init(_ parameters: AWSQueryParameters, caller: IAMStore.Caller, now: UnixTime) {
        self.parameters = parameters
        self.caller = caller
        self.now = now
    }

    /// A parameter that need not be there.
    subscript(_ name: String) -> String? { parameters[name] }

    /// A parameter that must be there, with a length in characters.
    func text(_ name: String, _ lengths: ClosedRange<Int> = 1...2048) throws(AWSFailure) -> String {
        guard let value = parameters[name] else {
            throw Self.invalid(name, "Value null", "Member must not be null")
        }
        let count = value.unicodeScalars.count
        guard count >= lengths.lowerBound else {
            throw Self.invalid(
                name,
                "Value '\(value)'",
                "Member must have length greater than or equal to \(lengths.lowerBound)"
            )
        }
        guard count <= lengths.upperBound else {
            throw Self.invalid(
                name,
                "Value",
                "Member must have length less than or equal to \(lengths.upperBound)"
            )
        }
        return value
    }

    /// A name of letters, digits and `_+=,.@-`.
    func name(_ parameter: String, atMost length: Int) throws(AWSFailure) -> String {
        let name = try text(parameter, 1...length)
        let isName = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_+=,.@-".utf8.contains($0)
            }
        }
        guard isName else {
            throw AWSFailure.validation(
                "The specified value for \(Self.member(parameter)) is invalid. It must contain only alphanumeric "
                    + "characters and/or the following: +=,.@_-"
            )
        }
        return name
    }

    /// The name of a role.
    func roleName() throws(AWSFailure) -> String { try name("RoleName", atMost: 64) }

    /// A whole number within bounds; `nil` where it is not given.
    func number(_ name: String, _ range: ClosedRange<Int64>) throws(AWSFailure) -> Int64? {
        guard let text = parameters[name] else { return nil }
        guard let number = Int64(text) else {
            throw AWSFailure(status: 400, code: "MalformedInput", message: "\(name) is not a number")
        }
        guard number >= range.lowerBound else {
            throw Self.invalid(
                name,
                "Value '\(number)'",
                "Member must have value greater than or equal to \(range.lowerBound)"
            )
        }
        guard number <= range.upperBound else {
            throw Self.invalid(
                name,
                "Value '\(number)'",
                "Member must have value less than or equal to \(range.upperBound)"
            )
        }
        return number
    }

    /// The members of a list.
    func list(_ name: String) -> [String] {
        var members: [String] = []
        while let member = parameters["\(name).member.\(members.count + 1)"] { members.append(member) }
        return members
    }

    /// Tags, each with a name that stands once.
    func tags() throws(AWSFailure) -> [String: String] {
        var tags: [String: String] = [:]
        var number = 1
        while let key = parameters["Tags.member.\(number).Key"] {
            let value = parameters["Tags.member.\(number).Value"] ?? ""
            guard 1...128 ~= key.unicodeScalars.count, value.unicodeScalars.count <= 256 else {
                throw .validation("A tag's key has 1 to 128 characters, its value at most 256")
            }
            guard tags.updateValue(value, forKey: key) == nil else {
                throw AWSFailure(
                    status: 400,
                    code: "InvalidInput",
                    message: "Duplicate tag keys found. Please note that Tag keys are case insensitive."
                )
            }
            number += 1
        }
        return tags
    }

    /// A policy document.
    func document(_ name: String) throws(AWSFailure) -> (text: String, policy: PolicyDocument) {
        let text = try text(name, 1...131_072)
        do throws(PolicyDocumentError) {
            return (text, try PolicyDocument(parsing: Array(text.utf8)))
        } catch {
            throw .malformedPolicy("Syntax errors in policy.", because: "\(error)")
        }
    }

    private static func invalid(_ name: String, _ value: String, _ rule: String) -> AWSFailure {
        .validation(
            "1 validation error detected: \(value) at '\(member(name))' failed to satisfy constraint: \(rule)"
        )
    }

    private static func member(_ name: String) -> String {
        name.prefix(1).lowercased() + name.dropFirst()
    }
}

extension AWSFailure {
    static func noSuchEntity(_ message: String) -> AWSFailure {
        AWSFailure(status: 404, code: "NoSuchEntity", message: message)
    }

    static func alreadyExists(_ message: String) -> AWSFailure {
        AWSFailure(status: 409, code: "EntityAlreadyExists", message: message)
    }

    static func deleteConflict(_ message: String) -> AWSFailure {
        AWSFailure(status: 409, code: "DeleteConflict", message: message)
    }

    static func limitExceeded(_ message: String) -> AWSFailure {
        AWSFailure(status: 409, code: "LimitExceeded", message: message)
    }

    static func malformedPolicy(_ message: String, because detail: String) -> AWSFailure {
        AWSFailure(status: 400, code: "MalformedPolicyDocument", message: message, detail: detail)
    }
}
