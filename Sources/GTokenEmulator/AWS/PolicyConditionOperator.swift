import GTokenCore

/// A condition operator of IAM, taken apart: `ForAnyValue:StringLikeIfExists` and its kind.
///
/// The rules are those of the IAM User Guide: "IAM JSON policy elements: Condition operators", "Set operators for
/// multivalued context keys", and "Evaluation logic for multiple context keys or values".
struct PolicyConditionOperator: Equatable {
    /// How several values of the request are taken together.
    enum Quantifier: Equatable {
        case none, forAnyValue, forAllValues
    }

    /// How one value of the request is compared with one of the policy.
    enum Comparison: Equatable {
        case string(ignoringCase: Bool)
        case glob
        case number(NumberRelation)
        case boolean
    }

    enum NumberRelation: Equatable {
        case equal, less, lessOrEqual, greater, greaterOrEqual
    }

    /// What the operator asks of a key.
    enum Test: Equatable {
        /// That a value fits one of the policy's, or, negated, none of them.
        case compare(Comparison, isNegated: Bool)
        /// That the key is absent or present.
        case absence
    }

    var quantifier: Quantifier
    var test: Test
    /// Whether a key that is not there fits.
    var acceptsMissingKey: Bool

    /// Reads an operator; operators' names are exact about case.
    init(parsing name: String) throws(PolicyEvaluationError) {
        var rest = name[...]
        let prefixes = [("ForAnyValue:", Quantifier.forAnyValue), ("ForAllValues:", .forAllValues)]
        let found = prefixes.first { rest.hasPrefix($0.0) }
        quantifier = found?.1 ?? .none
        rest = rest.dropFirst(found?.0.count ?? 0)
        acceptsMissingKey = rest.hasSuffix("IfExists")
        if acceptsMissingKey { rest = rest.dropLast("IfExists".count) }
        guard let test = Self.tests[String(rest)] else { throw .unknownOperator(name) }
        self.test = test
        // IAM has no NullIfExists and no set form of Null.
        guard test != .absence || (quantifier == .none && !acceptsMissingKey) else {
            throw .unknownOperator(name)
        }
    }

    private static let tests: [String: Test] = [
        "StringEquals": .compare(.string(ignoringCase: false), isNegated: false),
        "StringNotEquals": .compare(.string(ignoringCase: false), isNegated: true),
        "StringEqualsIgnoreCase": .compare(.string(ignoringCase: true), isNegated: false),
        "StringNotEqualsIgnoreCase": .compare(.string(ignoringCase: true), isNegated: true),
        "StringLike": .compare(.glob, isNegated: false),
        "StringNotLike": .compare(.glob, isNegated: true),
        "NumericEquals": .compare(.number(.equal), isNegated: false),
        "NumericNotEquals": .compare(.number(.equal), isNegated: true),
        "NumericLessThan": .compare(.number(.less), isNegated: false),
        "NumericLessThanEquals": .compare(.number(.lessOrEqual), isNegated: false),
        "NumericGreaterThan": .compare(.number(.greater), isNegated: false),
        "NumericGreaterThanEquals": .compare(.number(.greaterOrEqual), isNegated: false),
        "Bool": .compare(.boolean, isNegated: false),
        "Null": .absence,
    ]

    /// Whether a key's values in a request, `nil` where it is absent, meet a condition of this operator.
    func isMet(by found: [String]?, _ condition: PolicyCondition) throws(PolicyEvaluationError) -> Bool {
        let expected = condition.values
        switch test {
        case .absence:
            // An empty value counts as absent.
            let isAbsent = found?.isEmpty ?? true
            var isMet = false
            for value in expected {
                guard let wantsAbsence = Bool(value.lowercased()) else { throw .notABoolean(value) }
                isMet = isMet || wantsAbsence == isAbsent
            }
            return isMet
        case .compare(let comparison, let isNegated):
            guard let found, !found.isEmpty else {
                return switch quantifier {
                case .forAllValues: true
                case .forAnyValue: acceptsMissingKey
                case .none: acceptsMissingKey || isNegated
                }
            }
            let fits = { (value: String) -> Bool in
                expected.contains { comparison.fits(value, $0) } != isNegated
            }
            // IAM wants a quantifier here, and which reading is the stricter one depends on the statement's effect.
            guard found.count == 1 || quantifier != .none else { throw .severalValues(key: condition.key) }
            return quantifier == .forAnyValue ? found.contains(where: fits) : found.allSatisfy(fits)
        }
    }
}

extension PolicyConditionOperator.Comparison {
    fileprivate func fits(_ found: String, _ expected: String) -> Bool {
        switch self {
        case .string(let ignoringCase):
            // By bytes: canonically equivalent texts are equal to Swift, and are not the same identity.
            ignoringCase
                ? found.lowercased().utf8.elementsEqual(expected.lowercased().utf8)
                : found.utf8.elementsEqual(expected.utf8)
        case .glob: PolicyGlob(expected).matches(found)
        case .boolean: found.lowercased() == expected.lowercased()
        case .number(let relation):
            if let found = Double(found), let expected = Double(expected) {
                switch relation {
                case .equal: found == expected
                case .less: found < expected
                case .lessOrEqual: found <= expected
                case .greater: found > expected
                case .greaterOrEqual: found >= expected
                }
            } else {
                false
            }
        }
    }
}

/// A pattern of IAM: `*` is any text, `?` any one character.
struct PolicyGlob {
    private let pattern: [Unicode.Scalar]

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    /// Whether all of `text` fits; the time is at most the product of the two lengths.
    func matches(_ text: String) -> Bool {
        let text = Array(text.unicodeScalars)
        var (textIndex, patternIndex) = (0, 0)
        var retry: (text: Int, pattern: Int)?
        while textIndex < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                retry = (textIndex, patternIndex + 1)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == text[textIndex]
            {
                textIndex += 1
                patternIndex += 1
            } else if let last = retry {
                // The last star takes one character more.
                retry = (last.text + 1, last.pattern)
                (textIndex, patternIndex) = (last.text + 1, last.pattern)
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}
