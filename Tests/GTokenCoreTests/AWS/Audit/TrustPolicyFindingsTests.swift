import XCTest

@testable import GTokenCore

final class TrustPolicyFindingsTests: XCTestCase {
    private static let issuer = "container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/main"
    private static let provider = "arn:aws:iam::123456789012:oidc-provider/\(issuer)"
    private static let google = #"{"Federated":"accounts.google.com"}"#
    private static let cluster = #"{"Federated":"\#(provider)"}"#

    /// A statement for one action, with this principal and this condition.
    private func policy(
        _ principal: String,
        _ condition: String,
        action: String = "sts:AssumeRoleWithWebIdentity"
    ) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":\#(principal),"Action":"\#(action)","#
            + #""Condition":\#(condition)}]}"#
    }

    private func flaws(_ text: String, line: UInt = #line) throws -> [TrustPolicyFlaw] {
        TrustPolicyFindings(try PolicyDocument(parsing: Array(text.utf8))).findings.map(\.flaw)
    }

    /// The conditions on Google's keys, by which operators.
    private func onGoogle(_ keys: [(operatorName: String, key: String, values: String)]) -> String {
        let members = keys.map { #""\#($0.operatorName)":{"accounts.google.com:\#($0.key)":\#($0.values)}"# }
        return "{\(members.joined(separator: ","))}"
    }

    func testEachPlantedFlawIsFoundByItsName() throws {
        let equal = #""accounts.google.com:aud":"1","accounts.google.com:oaud":"us""#
        let cases: [(policy: String, flaws: [TrustPolicyFlaw])] = [
            (policy(#""*""#, "{}"), [.everyone]),
            (policy(#"{"AWS":"*"}"#, "{}", action: "sts:*"), [.everyone]),
            (policy(#"{"Federated":"*"}"#, "{}"), [.everyone]),
            (
                #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"#
                    + #""Action":"sts:AssumeRoleWithWebIdentity"}}"#, [.notPrincipal]
            ),
            (policy(Self.google, "{}"), [.noSubject, .noOriginalAudience]),
            (policy(Self.google, "{}", action: "sts:*"), [.noSubject, .noOriginalAudience]),
            (policy(Self.google, "{}", action: "STS:assume*identity"), [.noSubject, .noOriginalAudience]),
            (
                policy(Self.google, onGoogle([("StringEquals", "aud", #""1""#)])),
                [.audienceAlone, .noOriginalAudience]
            ),
            (policy(Self.google, onGoogle([("StringEquals", "oaud", #""us""#)])), [.audienceAlone]),
            (
                policy(Self.google, #"{"StringEquals":{"accounts.google.com:sub":"1"}}"#),
                [.noAudience, .noOriginalAudience]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{"accounts.google.com:sub":"1","accounts.google.com:aud":"1"}}"#
                ),
                [.noOriginalAudience]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"StringLike":{"accounts.google.com:sub":"1*"}}"#
                ),
                [.subjectWildcard]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"StringLike":{"accounts.google.com:SUB":"10?"}}"#
                ),
                [.subjectWildcard]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal),"accounts.google.com:sub":"${accounts.google.com:sub}"}}"#
                ), [.subjectWildcard]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"StringEqualsIfExists":{"accounts.google.com:sub":"1"}}"#
                ),
                [.subjectOptional]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"ForAllValues:StringEquals":{"accounts.google.com:sub":"1"}}"#
                ), [.subjectOptional]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"ForAnyValue:StringEquals":{"accounts.google.com:sub":"1"}}"#
                ), [.setOperator]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"StringNotEquals":{"accounts.google.com:sub":"2"}}"#
                ),
                [.audienceAlone]
            ),
            (
                policy(
                    Self.google,
                    #"{"StringEquals":{\#(equal)},"Null":{"accounts.google.com:sub":"false"}}"#
                ),
                [.audienceAlone]
            ),
            (
                policy(Self.google, #"{"StringEquals":{\#(equal),"accounts.google.com:sub":["1","2"]}}"#),
                [.severalSubjects]
            ),
            (
                policy(
                    Self.google,
                    onGoogle([
                        ("StringEquals", "sub", #""1""#), ("StringLike", "oaud", #""https://*""#),
                        ("StringEqualsIfExists", "aud", #""1""#),
                    ])
                ), [.audienceOptional, .audienceWildcard]
            ),
            (
                policy(
                    #"{"Federated":"arn:aws:iam::123456789012:oidc-provider/accounts.google.com"}"#,
                    #"{"StringEquals":{\#(equal),"accounts.google.com:sub":"1"}}"#
                ), [.googleProvider]
            ),
            (policy(Self.cluster, "{}"), [.noSubject]),
            (
                policy(Self.cluster, #"{"StringEquals":{"\#(Self.issuer):aud":"sts.amazonaws.com"}}"#),
                [.audienceAlone]
            ),
            (
                policy(
                    Self.cluster,
                    #"{"StringLike":{"\#(Self.issuer):sub":"system:serviceaccount:shop:*"},"#
                        + #""StringEquals":{"\#(Self.issuer):aud":"sts.amazonaws.com"}}"#
                ), [.subjectWildcard]
            ),
            (
                policy(
                    Self.cluster,
                    #"{"StringEquals":{"\#(Self.issuer):sub":"system:serviceaccount:shop:orders"}}"#
                ), [.noAudience]
            ),
        ]
        for (text, expected) in cases { XCTAssertEqual(try flaws(text), expected, text) }
        let planted = Set(cases.flatMap(\.flaws))
        XCTAssertEqual(planted, Set(TrustPolicyFlaw.allCases), "every flaw is planted once")
    }

    func testGoodPoliciesHaveNone() throws {
        let uniqueID = try GoogleUniqueID(parsing: "104387266351829007741")
        let email = try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com")
        let account = try KubernetesServiceAccountName(namespace: "shop", name: "orders")
        let provider = try OpenIDConnectProviderARN(parsing: Self.provider)
        let made = [
            TrustPolicy.google(uniqueID: uniqueID, audience: "us"),
            TrustPolicy.google(uniqueID: uniqueID, audience: "a${b", keySource: email),
            TrustPolicy.cluster(provider: provider, serviceAccount: account),
        ].map { String(decoding: $0.encoded, as: UTF8.self) }
        let all = #"{"\#(Self.issuer):sub":"system:serviceaccount:shop:orders","\#(Self.issuer):aud":"a"}"#
        let written = [
            policy(Self.cluster, #"{"StringLike":\#(all)}"#),
            policy(Self.cluster, #"{"StringEqualsIgnoreCase":\#(all)}"#),
            policy(
                Self.google,
                onGoogle([
                    ("StringEquals", "sub", #"["1"]"#), ("StringLike", "aud", #""1""#),
                    ("StringEqualsIgnoreCase", "oaud", #"["a","b"]"#),
                ])
            ),
            // What else is loose does no harm beside what is strict.
            policy(
                Self.google,
                #"{"StringEquals":{"accounts.google.com:sub":"1","accounts.google.com:aud":"1","#
                    + #""accounts.google.com:oaud":"us"},"StringLike":{"accounts.google.com:sub":"*"}}"#
            ),
            policy(
                Self.google,
                #"{"StringLike":{"accounts.google.com:sub":"1","accounts.google.com:aud":"1","#
                    + #""accounts.google.com:oaud":"a${*}b"}}"#
            ),
            // Not about Pods on GKE.
            policy(#"{"Service":"ec2.amazonaws.com"}"#, "{}", action: "sts:AssumeRole"),
            policy(#"{"AWS":"*"}"#, "{}", action: "sts:AssumeRole"),
            policy(
                #"{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}"#,
                "{}"
            ),
            #"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*"}}"#,
        ]
        for text in made + written { XCTAssertEqual(try flaws(text), [], text) }
    }

    func testTheCorrectedPolicyHasNoFlawAndTrustsWhatWasPinned() throws {
        let subjectOnly = TrustPolicy.subjectOnly(
            uniqueID: try GoogleUniqueID(parsing: "104387266351829007741")
        )
        let corrected = TrustPolicyCorrection(subjectOnly, TrustPolicyFindings(subjectOnly)).policy
        XCTAssertEqual(
            corrected,
            TrustPolicy.google(
                uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
                audience: RoleAnnotations.Identity.google.standardAudience
            )
        )
        let texts = [
            policy(#""*""#, "{}"), policy(Self.google, "{}"), policy(Self.cluster, "{}"),
            policy(
                #"{"Federated":["accounts.google.com","cognito-identity.amazonaws.com"],"AWS":"*"}"#,
                "{}"
            ),
            policy(
                Self.google,
                #"{"StringEqualsIfExists":{"accounts.google.com:sub":["1","2"]},"#
                    + #""StringLike":{"accounts.google.com:oaud":"*"},"Bool":{"aws:SecureTransport":"true"}}"#
            ),
            policy(Self.google, #"{"StringEquals":{"accounts.google.com:sub":["1","2"]}}"#),
        ]
        for text in texts {
            let policy = try PolicyDocument(parsing: Array(text.utf8))
            let corrected = TrustPolicyCorrection(policy, TrustPolicyFindings(policy), googleSubjects: ["7"])
                .policy
            XCTAssertEqual(TrustPolicyFindings(corrected).findings, [], text)
            XCTAssertFalse(corrected.statements.isEmpty, text)
            XCTAssertNoThrow(try PolicyDocument(parsing: corrected.encoded), text)
        }
        let several = try PolicyDocument(parsing: Array(texts[5].utf8))
        let split = TrustPolicyCorrection(several, TrustPolicyFindings(several)).policy
        XCTAssertEqual(
            split.statements.map { $0.conditions.prefix(2).map(\.values) },
            [[["1"], ["1"]], [["2"], ["2"]]]
        )
        let kept = try PolicyDocument(parsing: Array(texts[4].utf8))
        let secure = TrustPolicyCorrection(kept, TrustPolicyFindings(kept)).policy
        XCTAssertEqual(secure.statements.first?.conditions.last?.key, "aws:SecureTransport")
    }
}
