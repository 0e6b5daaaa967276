import Foundation

@testable import GTokenCore

extension FuzzTarget {
    /// A token, or with a leading space the base 64 of it alone.
    static let jwt = FuzzTarget(name: "jwt", run: JWTFuzz.run)
}

/// Our base 64 is Foundation's in its canonical form; a token's parts are its text; what is said of a token, right
/// or wrong, has nothing of it.
private enum JWTFuzz {
    static func run(_ bytes: [UInt8]) {
        for part in bytes.split(separator: .dot, maxSplits: 3, omittingEmptySubsequences: false) {
            checkBase64(Array(part))
        }
        checkToken(bytes)
        // Taken for claims, the same bytes reach what is behind the encoding.
        let header = Base64URL.encode(Array(#"{"alg":"RS256"}"#.utf8))
        checkToken(Array("\(header).\(Base64URL.encode(bytes)).c2ln".utf8))
        checkToken(Array("\(Base64URL.encode(bytes)).e30.c2ln".utf8))
    }

    private static func checkToken(_ bytes: [UInt8]) {
        let token: UnverifiedJWT
        do throws(JWTError) {
            token = try UnverifiedJWT(parsing: bytes)
        } catch {
            checkSilence(error)
            return
        }
        require(
            token.signingInput + [.dot] + Array(Base64URL.encode(token.signature).utf8) == bytes,
            "the parts are the token"
        )
        require(
            "\(token)" == "an unverified JWT" && Mirror(reflecting: token).children.isEmpty,
            "it prints nothing"
        )
        var printed = ""
        dump(token, to: &printed)
        require(!printed.contains("alg"), "nor does a dump")
        require(token.claims.raw.root.isObject && token.header.raw.root.isObject, "both parts are objects")
        checkClaims(token.claims)
        if let again = try? UnverifiedJWT(parsing: bytes.text) {
            require(
                again.signature == token.signature && again.claims.subject == token.claims.subject,
                "the same as text"
            )
        }
    }

    private static func checkClaims(_ claims: JWTClaims) {
        let bytes = claims.raw.bytes
        for name in ["iss", "sub", "azp", "email", "jti"] {
            let value = claims.raw.root[name]
            require(value == nil || value?.string() != nil, "\(name) is a text")
        }
        if let expiresAt = claims.expiresAt {
            require(UnixTime.earliest <= expiresAt && expiresAt <= .latest, "a time that can be written")
        }
        _ = (claims.lifetime, claims.timeLeft(at: .latest), claims.timeLeft(at: .earliest))
        guard ForeignJSON.readsAsUTF8(bytes), !ForeignJSON.loses(claims.raw.root) else { return }
        let foreign = require(ForeignJSON.parse(bytes) as? [String: Any], "Foundation reads the claims too")
        require(
            foreign["sub"] as? String == claims.subject && foreign["iss"] as? String == claims.issuer,
            "the same"
        )
    }

    /// An error's facts are numbers and names that we know; none is a text of the token's.
    private static func checkSilence(_ error: JWTError) {
        let known: Set<String> = [
            "iss", "sub", "aud", "azp", "exp", "iat", "nbf", "email", "email_verified", "jti", "alg", "kid",
            "typ", "crit",
        ]
        switch error {
        case .claimType(let name), .dateOutOfRange(let name), .parameterType(let name):
            require(known.contains { $0.isIdentical(to: name) }, "a name of ours")
        case .duplicateName(_, let name):
            require(
                name.map { name in known.contains { $0.isIdentical(to: name) } } ?? true,
                "a name of ours"
            )
        case .json(_, .duplicateMember): fail("an error with a name of the token's")
        case .empty, .tooLong, .segmentCount, .encoding, .json, .notAnObject, .missingAlgorithm,
            .criticalExtension, .missingSignature:
            break
        }
        require(!"\(error)".contains("\n"), "one line")
    }

    private static func checkBase64(_ text: [UInt8]) {
        let decoded = Base64URL.decode(text[...])
        let standard = text.map {
            $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
        }
        let isURL = !text.contains { [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains($0) }
        let padded = standard + Array(repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
        let foreign = isURL ? Data(base64Encoded: Data(padded)) : nil
        if let decoded {
            require(foreign.map(Array.init) == decoded, "Foundation decodes the same")
            require(Array(Base64URL.encode(decoded).utf8) == text, "and it is the canonical form")
        } else if let foreign {
            require(Array(Base64URL.encode(Array(foreign)).utf8) != text, "what we refuse is not canonical")
        }
        if let decoded = Base64.decode(text) {
            require(Data(base64Encoded: Data(text)).map(Array.init) == decoded, "the same with padding")
            require(Array(Base64.encode(decoded).utf8) == text, "and canonical")
        }
        require(Base64.encode(text) == Data(text).base64EncodedString(), "Foundation encodes the same")
    }
}
