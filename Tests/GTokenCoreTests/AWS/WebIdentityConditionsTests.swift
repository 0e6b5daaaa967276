import GTokenCore
import XCTest

final class WebIdentityConditionsTests: XCTestCase {
    func testGoogleTokensAreComparedByHolderPartyAndAudience() throws {
        for issuer in ["https://accounts.google.com", "accounts.google.com"] {
            let json = #"{"iss":"\#(issuer)","sub":"100","azp":"200","aud":"gtoken/sts"}"#
            let conditions = try XCTUnwrap(conditions(json))
            XCTAssertEqual(conditions.provider, TrustPolicy.google)
            XCTAssertEqual(
                conditions.pinned,
                [
                    PolicyCondition("StringEquals", key: "accounts.google.com:sub", values: ["100"]),
                    PolicyCondition("StringEquals", key: "accounts.google.com:aud", values: ["200"]),
                    PolicyCondition("StringEquals", key: "accounts.google.com:oaud", values: ["gtoken/sts"]),
                ]
            )
        }
    }

    func testTheTrustPolicyOfAnAccountPinsItsTokensConditions() throws {
        let uniqueID = try GoogleUniqueID(parsing: "112233445566778899001")
        let audience = TokenSourceConfiguration.defaultAudience
        let json =
            #"{"iss":"https://accounts.google.com","sub":"\#(uniqueID)","azp":"\#(uniqueID)","aud":"\#(audience)"}"#
        let policy = TrustPolicy.google(uniqueID: uniqueID, audience: audience)
        XCTAssertEqual(policy.statements.map(\.conditions), [try XCTUnwrap(conditions(json)).pinned])
    }

    func testOtherIssuersHaveNoOriginalAudience() throws {
        let json =
            #"{"iss":"https://oidc.example/a","sub":"system:serviceaccount:n:s","aud":["sts.amazonaws.com","b"]}"#
        let conditions = try XCTUnwrap(conditions(json))
        XCTAssertEqual(conditions.originalAudience, [])
        XCTAssertEqual(
            conditions.pinned,
            [
                PolicyCondition(
                    "StringEquals",
                    key: "oidc.example/a:sub",
                    values: ["system:serviceaccount:n:s"]
                ),
                PolicyCondition(
                    "StringEquals",
                    key: "oidc.example/a:aud",
                    values: ["sts.amazonaws.com", "b"]
                ),
            ]
        )
    }

    func testKeysWithoutAValueAreLeftOut() throws {
        XCTAssertEqual(try XCTUnwrap(conditions(#"{"iss":"https://a.example"}"#)).pinned, [])
    }

    func testATokenWithoutIssuerHasNoConditions() throws {
        XCTAssertNil(try conditions(#"{"sub":"100","aud":"a"}"#))
    }

    private func conditions(_ json: String) throws -> WebIdentityConditions? {
        WebIdentityConditions(try JWTClaims(JSONDocument(Array(json.utf8))))
    }
}
