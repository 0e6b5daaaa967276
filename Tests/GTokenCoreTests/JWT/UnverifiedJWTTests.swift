import GTokenCore
import XCTest

final class UnverifiedJWTTests: XCTestCase {
    // RFC 7515 appendix A.1; its payload has line breaks between the claims.
    private static let rfc7515 =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    func testReadsTheExampleOfRFC7515() throws {
        let token = try UnverifiedJWT(parsing: Self.rfc7515)
        XCTAssertEqual(token.header.algorithm, "HS256")
        XCTAssertEqual(token.header.type, "JWT")
        XCTAssertNil(token.header.keyID)
        XCTAssertEqual(token.claims.issuer, "joe")
        XCTAssertEqual(token.claims.expiresAt, UnixTime(seconds: 1_300_819_380))
        XCTAssertEqual(token.claims.raw.root["http://example.com/is_root"]?.boolean(), true)
        XCTAssertEqual(token.signature.count, 32)
        XCTAssertEqual(token.signature.first, 116)
        XCTAssertEqual(
            String(decoding: token.signingInput, as: UTF8.self),
            String(Self.rfc7515[..<(Self.rfc7515.lastIndex(of: ".") ?? Self.rfc7515.endIndex)])
        )
    }

    func testReadsTheClaimsOfAGoogleToken() throws {
        let token = try UnverifiedJWT(
            parsing: Self.token(
                header: #"{"alg":"RS256","kid":"a1","typ":"JWT"}"#,
                payload:
                    #"{"aud":"gtoken","azp":"104857601234567890123","email":"app@p.iam.gserviceaccount.com","#
                    + #""email_verified":true,"exp":1795471180,"iat":1795467580,"#
                    + #""iss":"https://accounts.google.com","sub":"104857601234567890123"}"#
            )
        )
        XCTAssertEqual(token.header.keyID, "a1")
        XCTAssertEqual(token.claims.issuer, "https://accounts.google.com")
        XCTAssertEqual(token.claims.subject, "104857601234567890123")
        XCTAssertEqual(token.claims.authorizedParty, "104857601234567890123")
        XCTAssertEqual(token.claims.audience, ["gtoken"])
        XCTAssertEqual(token.claims.email, "app@p.iam.gserviceaccount.com")
        XCTAssertEqual(token.claims.emailVerified, true)
        XCTAssertNil(token.claims.notBefore)
        XCTAssertNil(token.claims.tokenID)
        XCTAssertEqual(token.lifetime, .seconds(3600))
        XCTAssertEqual(token.timeLeft(at: UnixTime(seconds: 1_795_471_000)), .seconds(180))
        XCTAssertEqual(token.timeLeft(at: UnixTime(seconds: 1_795_471_181)), .seconds(-1))
    }

    func testReadsEachFormOfAClaim() throws {
        let audiences: [(String, [String])] = [
            ("{}", []), (#"{"aud":"a"}"#, ["a"]), (#"{"aud":["a","b"]}"#, ["a", "b"]), (#"{"aud":[]}"#, []),
        ]
        for (payload, audience) in audiences { XCTAssertEqual(try Self.claims(payload).audience, audience) }
        let dates: [(String, UnixTime)] = [
            ("0", .epoch), ("-1", UnixTime(seconds: -1)),
            ("1.5", UnixTime(seconds: 1, nanoseconds: 500_000_000)),
            ("-1.5", UnixTime(seconds: -2, nanoseconds: 500_000_000)),
            ("-0.25", UnixTime(seconds: -1, nanoseconds: 750_000_000)),
            ("1e9", UnixTime(seconds: 1_000_000_000)),
            ("1795467580.0", UnixTime(seconds: 1_795_467_580)),
            ("253402300799", UnixTime(seconds: 253_402_300_799)),
        ]
        for (number, date) in dates {
            XCTAssertEqual(try Self.claims(#"{"nbf":\#(number)}"#).notBefore, date, number)
        }
        let truths: [(String, Bool)] = [
            ("true", true), ("false", false), (#""true""#, true), (#""false""#, false),
        ]
        for (value, truth) in truths {
            XCTAssertEqual(try Self.claims(#"{"email_verified":\#(value)}"#).emailVerified, truth)
        }
    }

    func testHasNoLifetimeWithoutBothDates() throws {
        XCTAssertNil(try Self.claims(#"{"exp":1}"#).lifetime)
        XCTAssertNil(try Self.claims(#"{"iat":1}"#).lifetime)
        XCTAssertNil(try Self.claims(#"{"iat":1}"#).timeLeft(at: .epoch))
        XCTAssertEqual(try Self.claims(#"{"iat":2,"exp":1}"#).lifetime, .seconds(-1))
    }

    func testNamesEachWayOfBeingMalformed() {
        let header = Base64URL.encode(Array(#"{"alg":"RS256"}"#.utf8))
        let empty = Base64URL.encode(Array("{}".utf8))
        let cases: [(String, JWTError)] = [
            ("", .empty),
            (String(repeating: "a", count: 20_001), .tooLong(limit: 20_000)),
            ("a", .segmentCount(1)), ("a.b", .segmentCount(2)), ("a.b.c.d", .segmentCount(4)),
            ("a.b.c.d.e", .segmentCount(5)),
            ("a+b=.\(empty).AA", .encoding(.header)), ("\(header).\(empty)=.AA", .encoding(.payload)),
            ("\(header).\(empty).AB", .encoding(.signature)),
            ("\(header).\(empty).AA\n", .encoding(.signature)),
            (" \(header).\(empty).AA", .encoding(.header)),
            (".\(empty).AA", .json(.header, .unexpectedEnd)),
            ("\(header)..AA", .json(.payload, .unexpectedEnd)),
            (Self.token(header: "[]"), .notAnObject(.header)),
            (Self.token(payload: "1"), .notAnObject(.payload)),
            (Self.token(header: "{}"), .missingAlgorithm),
            (Self.token(header: #"{"alg":1}"#), .missingAlgorithm),
            (Self.token(header: #"{"alg":"RS256","kid":1}"#), .parameterType("kid")),
            (Self.token(header: #"{"alg":"RS256","typ":null}"#), .parameterType("typ")),
            (Self.token(header: #"{"alg":"RS256","crit":["x"]}"#), .criticalExtension),
            (Self.token(header: #"{"alg":"none","alg":"RS256"}"#), .duplicateName(.header, "alg")),
            (Self.token(payload: #"{"sub":"a","s\u0075b":"b"}"#), .duplicateName(.payload, "sub")),
            (Self.token(payload: #"{"secret":1,"secret":2}"#), .duplicateName(.payload, nil)),
            (Self.token(payload: #"{"iss":1}"#), .claimType("iss")),
            (Self.token(payload: #"{"sub":104857601234567890123}"#), .claimType("sub")),
            (Self.token(payload: #"{"sub":null}"#), .claimType("sub")),
            (Self.token(payload: #"{"aud":{}}"#), .claimType("aud")),
            (Self.token(payload: #"{"aud":["a",1]}"#), .claimType("aud")),
            (Self.token(payload: #"{"azp":["a"]}"#), .claimType("azp")),
            (Self.token(payload: #"{"email":true}"#), .claimType("email")),
            (Self.token(payload: #"{"email_verified":"yes"}"#), .claimType("email_verified")),
            (Self.token(payload: #"{"email_verified":1}"#), .claimType("email_verified")),
            (Self.token(payload: #"{"jti":1}"#), .claimType("jti")),
            (Self.token(payload: #"{"exp":"1795471180"}"#), .claimType("exp")),
            (Self.token(payload: #"{"iat":null}"#), .claimType("iat")),
            (Self.token(payload: #"{"exp":1e300}"#), .dateOutOfRange("exp")),
            (Self.token(payload: #"{"exp":1e999}"#), .dateOutOfRange("exp")),
            (Self.token(payload: #"{"exp":-1e18}"#), .dateOutOfRange("exp")),
            (Self.token(payload: #"{"exp":9223372036854775807}"#), .dateOutOfRange("exp")),
            (Self.token(payload: #"{"nbf":99999999999999999999}"#), .dateOutOfRange("nbf")),
            (Self.token(payload: #"{"iat":253402300800}"#), .dateOutOfRange("iat")),
            ("\(header).\(empty).", .missingSignature),
        ]
        for (text, error) in cases {
            XCTAssertThrowsError(try UnverifiedJWT(parsing: text), "\(error)") {
                XCTAssertEqual($0 as? JWTError, error)
            }
        }
    }

    func testRefusesATokenCutAtAnyByteOfItsHeaderOrPayload() {
        let dot = Self.rfc7515.lastIndex(of: ".").map {
            Self.rfc7515.distance(from: Self.rfc7515.startIndex, to: $0)
        }
        for count in 0...(dot ?? 0) {
            XCTAssertThrowsError(try UnverifiedJWT(parsing: String(Self.rfc7515.prefix(count))))
        }
    }

    func testTakesATokenOfTheGreatestLength() throws {
        let frame = Self.token(payload: #"{"x":""}"#)
        // Three bytes of payload take four characters.
        let filler = String(repeating: "x", count: (UnverifiedJWT.maxBytes - frame.utf8.count) / 4 * 3)
        let text = Self.token(payload: #"{"x":"\#(filler)"}"#)
        XCTAssertLessThanOrEqual(text.utf8.count, UnverifiedJWT.maxBytes)
        XCTAssertGreaterThan(text.utf8.count, UnverifiedJWT.maxBytes - 8)
        XCTAssertNoThrow(try UnverifiedJWT(parsing: text))
    }

    func testPrintsNothingOfTheToken() throws {
        let token = try UnverifiedJWT(parsing: Self.rfc7515)
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            XCTAssertFalse(text.contains("joe"))
            XCTAssertFalse(text.contains("116"))
        }
    }

    func testItsErrorsAreOneLineWithoutTheTokensText() {
        let errors: [JWTError] = [
            .empty, .tooLong(limit: 1), .segmentCount(1), .encoding(.header), .json(.payload, .unexpectedEnd),
            .notAnObject(.header), .duplicateName(.payload, "sub"), .duplicateName(.payload, nil),
            .missingAlgorithm,
            .parameterType("kid"), .criticalExtension, .missingSignature, .claimType("exp"),
            .dateOutOfRange("exp"),
        ]
        XCTAssertEqual(Set(errors.map(\.description)).count, errors.count)
        XCTAssertEqual("\(JWTError.segmentCount(1))", "the token has 1 part between dots, not 3")
        XCTAssertEqual("\(JWTError.claimType("exp"))", #"the token's claim "exp" has the wrong type"#)
    }

    private static func claims(_ payload: String) throws -> JWTClaims {
        try UnverifiedJWT(parsing: token(payload: payload)).claims
    }

    private static func token(header: String = #"{"alg":"RS256"}"#, payload: String = "{}") -> String {
        [Array(header.utf8), Array(payload.utf8), [1, 2, 3]].map(Base64URL.encode).joined(separator: ".")
    }
}
