import GTokenCore
import GTokenEmulator
import XCTest

final class PolicyEvaluatorTests: XCTestCase {
    private static let google = PolicyPrincipal.federated("accounts.google.com")
    private static let action = "sts:AssumeRoleWithWebIdentity"

    func testComparesAsEachOperatorSays() throws {
        let cases: [(String, [String], [String: [String]], Bool)] = [
            ("StringEquals", ["a"], ["k": ["a"]], true),
            ("StringEquals", ["a"], ["K": ["a"]], true),
            ("StringEquals", ["a"], ["k": ["A"]], false),
            ("StringEquals", ["a", "b"], ["k": ["b"]], true),
            ("StringEquals", ["a*"], ["k": ["ab"]], false),
            ("StringEquals", ["é"], ["k": ["e\u{301}"]], false),
            ("StringEquals", ["a${$}{b}"], ["k": ["a${b}"]], true),
            ("StringEquals", ["a${$}{b}"], ["k": ["a${$}{b}"]], false),
            ("StringEquals", ["a"], [:], false),
            ("StringEquals", ["a"], ["k": []], false),
            ("StringEquals", [""], [:], false),
            ("StringEqualsIfExists", ["a"], [:], true),
            ("StringEqualsIfExists", ["a"], ["k": ["b"]], false),
            ("StringNotEquals", ["a"], ["k": ["b"]], true),
            ("StringNotEquals", ["a"], ["k": ["a"]], false),
            ("StringNotEquals", ["a", "b"], ["k": ["b"]], false),
            ("StringNotEquals", ["a"], [:], true),
            ("StringNotEqualsIfExists", ["a"], [:], true),
            ("StringEqualsIgnoreCase", ["a"], ["k": ["A"]], true),
            ("StringEqualsIgnoreCase", ["É"], ["k": ["e\u{301}"]], false),
            ("StringNotEqualsIgnoreCase", ["a"], ["k": ["A"]], false),
            ("StringLike", ["a*"], ["k": ["abc"]], true),
            ("StringLike", ["a?c"], ["k": ["abc"]], true),
            ("StringLike", ["a?c"], ["k": ["ac"]], false),
            ("StringLike", ["*"], ["k": [""]], true),
            ("StringLike", ["*"], [:], false),
            ("StringLike", ["A*"], ["k": ["abc"]], false),
            ("StringNotLike", ["a*"], ["k": ["abc"]], false),
            ("StringNotLike", ["a*"], [:], true),
            ("NumericEquals", ["10"], ["k": ["10.0"]], true),
            ("NumericNotEquals", ["10"], ["k": ["11"]], true),
            ("NumericNotEquals", ["10"], [:], true),
            ("NumericLessThan", ["10"], ["k": ["9"]], true),
            ("NumericLessThan", ["10"], ["k": ["10"]], false),
            ("NumericLessThanEquals", ["10"], ["k": ["10"]], true),
            ("NumericGreaterThan", ["10"], ["k": ["9"]], false),
            ("NumericGreaterThanEquals", ["10"], ["k": ["10"]], true),
            ("NumericEquals", ["10"], ["k": ["ten"]], false),
            ("Bool", ["true"], ["k": ["True"]], true),
            ("Bool", ["true"], ["k": ["false"]], false),
            ("Bool", ["false"], [:], false),
            ("Null", ["true"], [:], true),
            ("Null", ["true"], ["k": ["a"]], false),
            ("Null", ["true"], ["k": []], true),
            ("Null", ["false"], ["k": ["a"]], true),
            ("Null", ["False"], [:], false),
            ("ForAnyValue:StringEquals", ["a", "b"], ["k": ["c", "b"]], true),
            ("ForAnyValue:StringEquals", ["a"], ["k": ["c", "b"]], false),
            ("ForAnyValue:StringEquals", ["a"], [:], false),
            ("ForAnyValue:StringNotEquals", ["a"], ["k": ["a", "b"]], true),
            ("ForAnyValue:StringNotEquals", ["a"], [:], false),
            ("ForAnyValue:StringLikeIfExists", ["a"], [:], true),
            ("ForAllValues:StringEquals", ["a", "b"], ["k": ["a", "b"]], true),
            ("ForAllValues:StringEquals", ["a"], ["k": ["a", "b"]], false),
            ("ForAllValues:StringEquals", ["a"], [:], true),
            ("ForAllValues:StringLike", ["a*"], ["k": ["ab", "ac"]], true),
        ]
        for (name, expected, context, isMet) in cases {
            let policy = Self.policy([PolicyCondition(name, key: "k", values: expected)])
            let decision = try PolicyEvaluator(policy).decide(Self.request(context))
            XCTAssertEqual(decision.isAllowed, isMet, "\(name) \(expected) \(context)")
        }
    }

    func testRefusesToEvaluateWhatItDoesNotKnow() {
        let cases: [(String, String, PolicyEvaluationError)] = [
            ("StringMatches", "a", .unknownOperator("StringMatches")), ("", "a", .unknownOperator("")),
            ("stringequals", "a", .unknownOperator("stringequals")),
            ("ForAnyValue:", "a", .unknownOperator("ForAnyValue:")),
            (
                "ForAnyValue:ForAllValues:StringEquals", "a",
                .unknownOperator("ForAnyValue:ForAllValues:StringEquals")
            ),
            ("NullIfExists", "true", .unknownOperator("NullIfExists")),
            ("IfExists", "a", .unknownOperator("IfExists")),
            ("DateLessThan", "2026-01-01", .unknownOperator("DateLessThan")),
            ("Null", "yes", .notABoolean("yes")),
            ("StringEquals", "${aws:username}", .policyVariable(key: "k")),
            ("StringEquals", "${$}${*}", .policyVariable(key: "k")),
        ]
        for (name, value, error) in cases {
            let policy = Self.policy([PolicyCondition(name, key: "k", values: [value])])
            XCTAssertThrowsError(try PolicyEvaluator(policy), name) {
                XCTAssertEqual($0 as? PolicyEvaluationError, error)
            }
        }
    }

    func testDecidesNothingFromSeveralValuesWhereOneIsExpected() throws {
        for effect in [PolicyEffect.allow, .deny] {
            for name in ["StringEquals", "StringNotEquals", "StringLikeIfExists", "NumericEquals", "Bool"] {
                var policy = Self.policy([PolicyCondition(name, key: "k", values: ["1"])])
                policy.statements[0].effect = effect
                let evaluator = try PolicyEvaluator(policy)
                XCTAssertThrowsError(try evaluator.decide(Self.request(["k": ["1", "2"]])), name) {
                    XCTAssertEqual($0 as? PolicyEvaluationError, .severalValues(key: "k"))
                }
            }
        }
    }

    func testRefusesStatementsThatNoTrustPolicyHas() throws {
        var policy = Self.policy([])
        policy.statements.append(policy.statements[0])
        XCTAssertNoThrow(try PolicyEvaluator(trustPolicy: policy))
        policy.statements[1].resources = .only(["*"])
        XCTAssertThrowsError(try PolicyEvaluator(trustPolicy: policy)) {
            XCTAssertEqual($0 as? PolicyEvaluationError, .resource(statement: 1))
        }
        policy.statements[0].principals = nil
        XCTAssertThrowsError(try PolicyEvaluator(trustPolicy: policy)) {
            XCTAssertEqual($0 as? PolicyEvaluationError, .missingPrincipal(statement: 0))
        }
    }

    func testEveryoneOfAWSIsEveryone() throws {
        var policy = Self.policy([])
        var denial = policy.statements[0]
        denial.effect = .deny
        denial.principals = .only([PolicyPrincipal(type: "AWS", id: "*")])
        policy.statements.append(denial)
        XCTAssertEqual(try PolicyEvaluator(policy).decide(Self.request([:])), .denied(statement: 1))
    }

    func testAnUnknownOperatorInADenialIsNotPassedOver() {
        var policy = Self.policy([])
        policy.statements.append(
            PolicyStatement(
                effect: .deny,
                actions: .only(["*"]),
                conditions: [PolicyCondition("IpAddress", key: "aws:SourceIp", values: ["10.0.0.0/8"])]
            )
        )
        XCTAssertThrowsError(try PolicyEvaluator(policy)) {
            XCTAssertEqual($0 as? PolicyEvaluationError, .unknownOperator("IpAddress"))
        }
    }

    func testAllKeysMustFit() throws {
        let conditions = [
            PolicyCondition("StringEquals", key: "a", values: ["1"]),
            PolicyCondition("StringEquals", key: "b", values: ["2"]),
            PolicyCondition("StringLike", key: "c", values: ["3*"]),
        ]
        let evaluator = try PolicyEvaluator(Self.policy(conditions))
        XCTAssertEqual(
            try evaluator.decide(Self.request(["a": ["1"], "b": ["2"], "c": ["33"]])),
            .allowed(statement: 0)
        )
        XCTAssertEqual(
            try evaluator.decide(Self.request(["a": ["1"], "b": ["x"]])),
            .notAllowed(unmet: [conditions[1], conditions[2]])
        )
    }

    func testADenialWins() throws {
        var policy = Self.policy([])
        policy.statements.append(
            PolicyStatement(
                effect: .deny,
                principals: .only([.everyone]),
                actions: .only(["sts:Assume*"]),
                conditions: [PolicyCondition("StringEquals", key: "k", values: ["bad"])]
            )
        )
        let evaluator = try PolicyEvaluator(policy)
        XCTAssertEqual(try evaluator.decide(Self.request(["k": ["bad"]])), .denied(statement: 1))
        XCTAssertEqual(try evaluator.decide(Self.request(["k": ["good"]])), .allowed(statement: 0))
        XCTAssertEqual(try evaluator.decide(Self.request([:])), .allowed(statement: 0))
    }

    func testAStatementIsAboutItsActionsPrincipalsAndResources() throws {
        func decide(_ change: (inout PolicyStatement) -> Void) throws -> Bool {
            var statement = PolicyStatement(effect: .allow, actions: .only(["*"]))
            change(&statement)
            let request = PolicyRequest(
                principal: Self.google,
                action: Self.action,
                resource: "arn:aws:s3:::a/b",
                context: [:]
            )
            return try PolicyEvaluator(PolicyDocument(statements: [statement])).decide(request).isAllowed
        }
        let aws = PolicyPrincipal(type: "AWS", id: "accounts.google.com")
        XCTAssertTrue(try decide { $0.actions = .only(["s3:*", "STS:assumerole*"]) })
        XCTAssertFalse(try decide { $0.actions = .only(["sts:AssumeRole"]) })
        XCTAssertFalse(try decide { $0.actions = .allExcept(["sts:*"]) })
        XCTAssertTrue(try decide { $0.actions = .allExcept(["s3:*"]) })
        XCTAssertTrue(try decide { $0.principals = .only([aws, Self.google]) })
        XCTAssertTrue(try decide { $0.principals = .only([.everyone]) })
        XCTAssertFalse(try decide { $0.principals = .only([aws]) })
        XCTAssertFalse(try decide { $0.principals = .only([.federated("*.google.com")]) })
        XCTAssertFalse(try decide { $0.principals = .allExcept([Self.google]) })
        XCTAssertTrue(try decide { $0.principals = .allExcept([aws]) })
        XCTAssertTrue(try decide { $0.resources = .only(["arn:aws:s3:::a/*"]) })
        XCTAssertFalse(try decide { $0.resources = .only(["arn:aws:s3:::A/*"]) })
        XCTAssertFalse(try decide { $0.resources = .allExcept(["*"]) })
    }

    func testNothingIsAllowedByDefault() throws {
        let request = Self.request([:])
        XCTAssertEqual(
            try PolicyEvaluator(PolicyDocument(statements: [])).decide(request),
            .notAllowed(unmet: [])
        )
    }

    func testMatchesPatterns() throws {
        let cases = [
            ("", "", true), ("", "a", false), ("*", "", true), ("**", "abc", true), ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false), ("*ab", "aab", true), ("a*ab*b", "aabb", true), ("?", "", false),
            ("?", "🙂", true), ("a.c", "abc", false), ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ]
        for (pattern, text, isMatch) in cases {
            let policy = Self.policy([PolicyCondition("StringLike", key: "k", values: [pattern])])
            let decision = try PolicyEvaluator(policy).decide(Self.request(["k": [text]]))
            XCTAssertEqual(decision.isAllowed, isMatch, "\(pattern) \(text)")
        }
    }

    private static func policy(_ conditions: [PolicyCondition]) -> PolicyDocument {
        PolicyDocument(statements: [
            PolicyStatement(
                effect: .allow,
                principals: .only([google]),
                actions: .only([action]),
                conditions: conditions
            )
        ])
    }

    private static func request(_ context: [String: [String]]) -> PolicyRequest {
        PolicyRequest(principal: google, action: action, context: context)
    }
}
