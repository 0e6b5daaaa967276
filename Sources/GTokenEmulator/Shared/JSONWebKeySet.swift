package import GTokenCore
package import GTokenNet

/// The public keys of an issuer, by their ids: a JWK set of RSA keys (RFC 7517 section 5).
package struct JSONWebKeySet: Sendable, Equatable {
    /// The keys by their `kid`.
    package var keys: [String: RSAPublicKey]

    /// Makes a set.
    package init(_ keys: [String: RSAPublicKey]) { self.keys = keys }

    /// Reads a set from JSON; keys of other types, and those for anything but signatures, are left out.
    ///
    /// - Throws: ``JSONWebKeySetError`` where it is no set, or an RSA key in it is malformed.
    package init(parsing bytes: [UInt8]) throws(JSONWebKeySetError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes)
        } catch {
            throw .json(error)
        }
        guard let list = document.root["keys"], list.isArray else { throw .notAKeySet }
        keys = [:]
        for key in list.elements where key["kty"]?.string() == "RSA" && key["use"]?.string() ?? "sig" == "sig"
        {
            guard let id = key["kid"]?.string(), keys[id] == nil,
                let modulus = key["n"]?.string().flatMap(Base64URL.decode),
                let exponent = key["e"]?.string().flatMap(Base64URL.decode)
            else { throw .malformedKey }
            do {
                keys[id] = try RSAPublicKey(modulus: modulus, exponent: exponent)
            } catch {
                throw .malformedKey
            }
        }
    }

    /// The set as JSON, sorted by id.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.object { set in
            set.member("keys") { list in
                list.array { list in
                    for (id, key) in keys.sorted(by: { $0.key < $1.key }) {
                        list.object { object in
                            object.member("kty", "RSA")
                            object.member("alg", "RS256")
                            object.member("use", "sig")
                            object.member("kid", id)
                            object.member("n", Base64URL.encode(key.modulus))
                            object.member("e", Base64URL.encode(key.exponent))
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}

/// Why a text is no usable set of keys.
package enum JSONWebKeySetError: Error, Equatable, Sendable {
    /// It is not JSON.
    case json(JSONError)
    /// It has no list of `keys`.
    case notAKeySet
    /// An RSA key lacks `kid`, `n` or `e`, doubles another's `kid`, or is no usable key.
    case malformedKey
}
