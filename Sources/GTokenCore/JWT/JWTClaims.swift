/// What a token says: the registered claims (RFC 7519 section 4.1) and those of OpenID Connect that matter here.
///
/// A claim that is absent is `nil`; one that is there with another type than its definition is an error, so
/// that nobody decides on half a claim.
public struct JWTClaims: Sendable {
    /// `iss`, such as `https://accounts.google.com`.
    public let issuer: String?
    /// `sub`: for a Google service account its unique id.
    public let subject: String?
    /// `aud`, which may be one string or a list; empty where it is absent.
    public let audience: [String]
    /// `azp`, which AWS takes as the audience where it is there.
    public let authorizedParty: String?
    /// `exp`.
    public let expiresAt: UnixTime?
    /// `iat`.
    public let issuedAt: UnixTime?
    /// `nbf`.
    public let notBefore: UnixTime?
    /// `email`.
    public let email: String?
    /// `email_verified`, also where it is written as a string.
    public let emailVerified: Bool?
    /// `jti`.
    public let tokenID: String?
    /// All of the claims.
    public let raw: JSONDocument

    /// Reads a set of claims.
    ///
    /// - Throws: ``JWTError`` for what is not an object, has a name twice, or has a claim of the wrong type.
    public init(_ document: JSONDocument) throws(JWTError) {
        let known = try document.checkedMembers(.payload, Self.names)
        issuer = try Self.text(known, "iss")
        subject = try Self.text(known, "sub")
        audience = try Self.audience(known["aud"])
        authorizedParty = try Self.text(known, "azp")
        expiresAt = try Self.date(known, "exp")
        issuedAt = try Self.date(known, "iat")
        notBefore = try Self.date(known, "nbf")
        email = try Self.text(known, "email")
        emailVerified = try Self.truth(known["email_verified"])
        tokenID = try Self.text(known, "jti")
        raw = document
    }

    private static let names: Set<String> = [
        "iss", "sub", "aud", "azp", "exp", "iat", "nbf", "email", "email_verified", "jti",
    ]

    private static func text(_ members: [String: JSONValue], _ name: String) throws(JWTError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string() else { throw .claimType(name) }
        return text
    }

    private static func audience(_ value: JSONValue?) throws(JWTError) -> [String] {
        guard let value else { return [] }
        if let text = value.string() { return [text] }
        guard value.isArray else { throw .claimType("aud") }
        var audience: [String] = []
        for element in value.elements {
            guard let text = element.string() else { throw .claimType("aud") }
            audience.append(text)
        }
        return audience
    }

    /// A NumericDate of RFC 7519 section 2: seconds, which may have a fraction.
    private static func date(_ members: [String: JSONValue], _ name: String) throws(JWTError) -> UnixTime? {
        guard let value = members[name] else { return nil }
        guard value.kind == .number else { throw .claimType(name) }
        if let seconds = value.integer() {
            guard UnixTime.firstSecond...UnixTime.lastSecond ~= seconds else { throw .dateOutOfRange(name) }
            return UnixTime(seconds: seconds)
        }
        guard let number = value.number(),
            Double(UnixTime.firstSecond)..<Double(UnixTime.lastSecond + 1) ~= number
        else { throw .dateOutOfRange(name) }
        // Not `rounded(.down)`: that is a call into libm, which nothing else here needs to be linked with.
        let towardsZero = Int64(number)
        let whole = Double(towardsZero) > number ? towardsZero - 1 : towardsZero
        let nanoseconds = (number - Double(whole)) * Double(UnixTime.nanosecondsPerSecond)
        return UnixTime(seconds: whole, nanoseconds: Int32(nanoseconds))
    }

    /// OpenID Connect has a boolean here; some issuers write it as a string.
    private static func truth(_ value: JSONValue?) throws(JWTError) -> Bool? {
        guard let value else { return nil }
        if let boolean = value.boolean() { return boolean }
        if value.isString("true") { return true }
        if value.isString("false") { return false }
        throw .claimType("email_verified")
    }
}

extension JWTClaims {
    /// From `iat` to `exp`; `nil` where one is absent, negative where they are the wrong way round.
    public var lifetime: Duration? {
        guard let expiresAt, let issuedAt else { return nil }
        return expiresAt.duration(since: issuedAt)
    }

    /// From `time` to `exp`; `nil` where there is no `exp`, negative where it has passed.
    public func timeLeft(at time: UnixTime) -> Duration? { expiresAt?.duration(since: time) }
}
