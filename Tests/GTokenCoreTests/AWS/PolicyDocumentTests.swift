import GTokenCore
import XCTest

final class PolicyDocumentTests: XCTestCase {
    func testReadsAndWritesEveryElement() throws {
        let json =
            #"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a","Effect":"Allow","#
            + #""Principal":{"Federated":["accounts.google.com","cognito-identity.amazonaws.com"],"AWS":"*"},"#
            + #""Action":"sts:*","Condition":{"StringEquals":{"k:a":["1","2"],"k:b":"3"},"Null":{"k:c":"true"}}},"#
            + #"{"Effect":"Deny","NotPrincipal":{"Service":"ec2.amazonaws.com"},"NotAction":["s3:Get*","s3:List*"],"#
            + #""NotResource":"arn:aws:s3:::a/*"},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}"#
        let policy = try PolicyDocument(parsing: Array(json.utf8))
        XCTAssertEqual(policy.id, "x")
        XCTAssertEqual(policy.statements.count, 3)
        let first = policy.statements[0]
        XCTAssertEqual(first.id, "a")
        XCTAssertEqual(first.effect, .allow)
        XCTAssertEqual(
            first.principals,
            .only([
                .federated("accounts.google.com"), .federated("cognito-identity.amazonaws.com"),
                PolicyPrincipal(type: "AWS", id: "*"),
            ])
        )
        XCTAssertEqual(
            first.conditions,
            [
                PolicyCondition("StringEquals", key: "k:a", values: ["1", "2"]),
                PolicyCondition("StringEquals", key: "k:b", values: ["3"]),
                PolicyCondition("Null", key: "k:c", values: ["true"]),
            ]
        )
        XCTAssertEqual(policy.statements[1].actions, .allExcept(["s3:Get*", "s3:List*"]))
        XCTAssertEqual(policy.statements[1].resources, .allExcept(["arn:aws:s3:::a/*"]))
        XCTAssertEqual(policy.statements[2].principals, .only([.everyone]))
        XCTAssertEqual(String(decoding: policy.encoded, as: UTF8.self), json)
    }

    func testSaysTheSameWhateverTheOrderOfItsConditions() throws {
        func policy(_ conditions: String) throws -> PolicyDocument {
            try PolicyDocument(
                parsing: Array(
                    #"{"Statement":{"Effect":"Allow","Action":"*","Condition":{\#(conditions)}}}"#.utf8
                )
            )
        }
        let one = try policy(#""StringEquals":{"a":["1","2"],"b":"3"},"Null":{"c":"true"}"#)
        XCTAssertEqual(one, try policy(#""Null":{"c":"true"},"StringEquals":{"b":"3","a":["2","1"]}"#))
        for other in [
            #""StringEquals":{"a":["1","2"],"b":"3"}"#,
            #""Null":{"c":"true"},"StringEquals":{"a":["1"],"b":"3"}"#,
            #""Null":{"c":"true"},"StringEquals":{"a":["1","2"]},"StringLike":{"b":"3"}"#,
            #""Null":{"c":"true"},"StringEquals":{"a":"3","b":["1","2"]}"#,
        ] { XCTAssertNotEqual(one, try policy(other), other) }
    }

    func testTakesOneStatementWithoutAListAndAnOldVersion() throws {
        let policy = try PolicyDocument(
            parsing: Array(#"{"Statement":{"Effect":"Allow","Action":"*"}}"#.utf8)
        )
        XCTAssertEqual(policy.version, "2008-10-17")
        XCTAssertEqual(policy.statements, [PolicyStatement(effect: .allow, actions: .only(["*"]))])
    }

    func testTakesNumbersAndBooleansInConditionsAsText() throws {
        let policy = try PolicyDocument(
            parsing: Array(
                #"{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Null":{"a":true},"NumericEquals":{"b":[1.50]}}}}"#
                    .utf8
            )
        )
        XCTAssertEqual(policy.statements[0].conditions.map(\.values), [["true"], ["1.50"]])
    }

    func testNamesTheElementThatIsWrong() {
        func with(_ element: String) -> String {
            #"{"Statement":[{"Effect":"Allow","Action":"*",\#(element)}]}"#
        }
        let cases: [(String, PolicyDocumentError)] = [
            ("", .json(.unexpectedEnd)), ("[]", .type("the document")), ("{}", .missing("Statement")),
            (#"{"Statement":[]}"#, .value("Statement")), (#"{"Statement":1}"#, .type("Statement[0]")),
            (#"{"Version":"2024-01-01","Statement":[]}"#, .value("Version")),
            (#"{"Version":1,"Statement":[]}"#, .type("Version")),
            (#"{"statement":[]}"#, .unknown("statement")),
            (#"{"Statement":[],"Statement":[]}"#, .duplicate("Statement")),
            (#"{"Statement":[{"Action":"*"}]}"#, .missing("Statement[0].Effect")),
            (#"{"Statement":[{"Effect":"allow","Action":"*"}]}"#, .value("Statement[0].Effect")),
            (#"{"Statement":[{"Effect":"Allow"}]}"#, .missing("Statement[0].Action")),
            (#"{"Statement":[{"Effect":"Allow","Action":[]}]}"#, .value("Statement[0].Action")),
            (#"{"Statement":[{"Effect":"Allow","Action":[1]}]}"#, .type("Statement[0].Action")),
            (with(#""NotAction":"x""#), .duplicate("Statement[0].NotAction")),
            (with(#""Sid":1"#), .type("Statement[0].Sid")),
            (with(#""Actions":"*""#), .unknown("Statement[0].Actions")),
            (with(#""Principal":"accounts.google.com""#), .type("Statement[0].Principal")),
            (with(#""Principal":{}"#), .value("Statement[0].Principal")),
            (with(#""Principal":{"Google":"x"}"#), .unknown("Statement[0].Principal.Google")),
            (with(#""Principal":{"AWS":{}}"#), .type("Statement[0].Principal.AWS")),
            (with(#""Condition":[]"#), .type("Statement[0].Condition")),
            (with(#""Condition":{"StringEquals":"x"}"#), .type("Statement[0].Condition.StringEquals")),
            (
                with(#""Condition":{"StringEquals":{"k":null}}"#),
                .type("Statement[0].Condition.StringEquals.k")
            ),
            (
                with(#""Condition":{"StringEquals":{"k":[]}}"#),
                .value("Statement[0].Condition.StringEquals.k")
            ),
            (
                with(#""Condition":{"StringEquals":{"k":"a","k":"b"}}"#),
                .duplicate("Statement[0].Condition.StringEquals.k")
            ),
        ]
        for (json, error) in cases {
            XCTAssertThrowsError(try PolicyDocument(parsing: Array(json.utf8)), json) {
                XCTAssertEqual($0 as? PolicyDocumentError, error, json)
            }
        }
    }

    func testAnErrorIsOneLineWhateverTheNames() {
        XCTAssertThrowsError(try PolicyDocument(parsing: Array(#"{"a\n\u001b[31m":1}"#.utf8))) { error in
            XCTAssertEqual("\(error)", "the policy document has an unknown element a\u{FFFD}\u{FFFD}[31m")
        }
    }

    func testRefusesMoreThanIAMTakes() {
        let json = [UInt8](repeating: UInt8(ascii: " "), count: PolicyDocument.maxBytes + 1)
        XCTAssertThrowsError(try PolicyDocument(parsing: json)) {
            XCTAssertEqual($0 as? PolicyDocumentError, .json(.tooLarge(limit: PolicyDocument.maxBytes)))
        }
    }
}

final class TrustPolicyTests: XCTestCase {
    private let audience = "gtoken/sts/assume-role-with-web-identity"

    func testPinsSubjectPartyAndAudience() throws {
        let policy = TrustPolicy.google(uniqueID: try Self.uniqueID(), audience: audience)
        XCTAssertEqual(
            String(decoding: policy.encoded, as: UTF8.self),
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"#
                + #""Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"#
                + #""accounts.google.com:sub":"104857601234567890123","accounts.google.com:aud":"104857601234567890123","#
                + #""accounts.google.com:oaud":"gtoken/sts/assume-role-with-web-identity"}}}]}"#
        )
        XCTAssertEqual(try PolicyDocument(parsing: policy.encoded), policy)
    }

    func testAddsTheEmailForTokensMadeWithAKey() throws {
        let policy = TrustPolicy.google(
            uniqueID: try Self.uniqueID(),
            audience: audience,
            keySource: try GoogleServiceAccountEmail(parsing: "app@my-project.iam.gserviceaccount.com")
        )
        XCTAssertEqual(
            policy.statements[0].conditions[1].values,
            ["104857601234567890123", "app@my-project.iam.gserviceaccount.com"]
        )
    }

    func testPinsAServiceAccountOfAClusterAndTheAudience() throws {
        let issuer = "container.googleapis.com/v1/projects/p/locations/l/clusters/c"
        let arn = "arn:aws:iam::123456789012:oidc-provider/\(issuer)"
        let policy = TrustPolicy.cluster(
            provider: try OpenIDConnectProviderARN(parsing: arn),
            serviceAccount: try KubernetesServiceAccountName(namespace: "reports", name: "app")
        )
        XCTAssertEqual(
            String(decoding: policy.encoded, as: UTF8.self),
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"\#(arn)"},"#
                + #""Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"#
                + #""\#(issuer):sub":"system:serviceaccount:reports:app","#
                + #""\#(issuer):aud":"sts.amazonaws.com"}}}]}"#
        )
        XCTAssertEqual(try PolicyDocument(parsing: policy.encoded), policy)
    }

    func testAnAudienceIsNoPolicyVariable() throws {
        let cases = [
            ("sts.amazonaws.com", "sts.amazonaws.com"), ("${aws:username}", "${$}{aws:username}"),
            ("a$b{c}", "a$b{c}"), ("$", "$"), ("$${", "$${$}{"), ("${${", "${$}{${$}{"), ("${$}", "${$}{$}"),
        ]
        let provider = try OpenIDConnectProviderARN(parsing: "arn:aws:iam::123456789012:oidc-provider/a.b")
        let account = try KubernetesServiceAccountName(namespace: "reports", name: "app")
        for (audience, value) in cases {
            for policy in [
                TrustPolicy.google(uniqueID: try Self.uniqueID(), audience: audience),
                TrustPolicy.cluster(provider: provider, serviceAccount: account, audience: audience),
            ] {
                XCTAssertEqual(policy.statements[0].conditions.last?.values, [value])
            }
        }
    }

    func testTheGuidesOwnPolicyPinsTheSubjectAlone() throws {
        let policy = TrustPolicy.subjectOnly(uniqueID: try Self.uniqueID())
        XCTAssertEqual(
            policy.statements[0].conditions,
            [
                PolicyCondition(
                    "StringEquals",
                    key: "accounts.google.com:sub",
                    values: ["104857601234567890123"]
                )
            ]
        )
    }

    private static func uniqueID() throws -> GoogleUniqueID {
        try GoogleUniqueID(parsing: "104857601234567890123")
    }
}
