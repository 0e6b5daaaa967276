import XCTest

@testable import GTokenNet

final class RSAKeyTests: XCTestCase {
    private static let key = try! RSAPrivateKey.generate()
    private let message = Array("header.payload".utf8)

    func testSignsWhatItsPublicKeyVerifies() throws {
        let signature = try Self.key.signSHA256(message)
        XCTAssertEqual(signature.count, 256)
        XCTAssertTrue(Self.key.publicKey.isValidSHA256Signature(signature, for: message))
    }

    func testAChangedSignatureMessageOrKeyIsNotValid() throws {
        let signature = try Self.key.signSHA256(message)
        let publicKey = Self.key.publicKey
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            XCTAssertFalse(publicKey.isValidSHA256Signature(changed, for: message), "byte \(index)")
        }
        let shapes: [[UInt8]] = [
            [], [0], signature.dropLast(), [0] + signature, signature + [0], signature + signature,
            [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0xFF, count: 256),
        ].map { Array($0) }
        for shape in shapes {
            XCTAssertFalse(publicKey.isValidSHA256Signature(shape, for: message))
        }
        XCTAssertFalse(publicKey.isValidSHA256Signature(signature, for: message + [0]))
        XCTAssertFalse(publicKey.isValidSHA256Signature(signature, for: []))
        let other = try RSAPrivateKey.generate().publicKey
        XCTAssertFalse(other.isValidSHA256Signature(signature, for: message))
    }

    func testVerifiesTheExampleOfJWS() throws {
        // RFC 7515 appendix A.2.
        let publicKey = try RSAPublicKey(
            modulus: bytes(
                "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
                    + "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-"
                    + "KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco"
                    + "9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
            ),
            exponent: bytes("AQAB")
        )
        let input =
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
            + "Ijp0cnVlfQ"
        let signature = bytes(
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF"
                + "5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK"
                + "5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
                + "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
                + "p0igcN_IoypGlUPQGe77Rw"
        )
        XCTAssertTrue(publicKey.isValidSHA256Signature(signature, for: Array(input.utf8)))
    }

    func testJWKNumbersGoOutAndIn() throws {
        let key = Self.key.publicKey
        XCTAssertEqual(key.modulus.count, 256)
        XCTAssertEqual(key.exponent, [1, 0, 1])
        let copy = try RSAPublicKey(modulus: [0] + key.modulus, exponent: [0, 0] + key.exponent)
        XCTAssertEqual(copy, key)
        XCTAssertTrue(copy.isValidSHA256Signature(try Self.key.signSHA256(message), for: message))
    }

    func testRefusesNumbersThatAreNoSoundKey() {
        let modulus = Self.key.publicKey.modulus
        let cases: [(modulus: [UInt8], exponent: [UInt8])] = [
            ([], [1, 0, 1]), (modulus, []), (modulus, [0]), (modulus, [1]), (modulus, [2]),
            (modulus, [UInt8](repeating: 0xFF, count: 9)), ([UInt8](modulus.dropLast()), [1, 0, 1]),
            ([UInt8](modulus.dropLast()) + [modulus[255] & 0xFE], [1, 0, 1]),
            ([UInt8](repeating: 0xFF, count: 1025), [1, 0, 1]),
            ([UInt8](repeating: 0xFF, count: 128), [1, 0, 1]),
        ]
        for (modulus, exponent) in cases {
            XCTAssertThrowsError(try RSAPublicKey(modulus: modulus, exponent: exponent)) {
                XCTAssertEqual($0 as? CryptographyError, .unsupportedKey)
            }
        }
    }

    func testPEMGoesOutAndIn() throws {
        let copy = try RSAPrivateKey(pem: Self.key.pem)
        XCTAssertEqual(copy.publicKey, Self.key.publicKey)
        XCTAssertEqual(try copy.signSHA256(message), try Self.key.signSHA256(message))
        XCTAssertEqual(try RSAPublicKey(pem: Self.key.publicKey.pem), Self.key.publicKey)
    }

    func testRefusesPEMOfOtherKindsAndSizes() throws {
        let weak = try TestIdentity.KeyKind.rsa1024.generate()
        let curve = try AsymmetricKey.generateP256()
        let cases: [([UInt8], CryptographyError)] = [
            ([], .missingKey), (Array("text".utf8), .missingKey), (Self.key.publicKey.pem, .missingKey),
            (weak.privatePEM, .unsupportedKey), (curve.privatePEM, .unsupportedKey),
        ]
        for (pem, expected) in cases {
            XCTAssertThrowsError(try RSAPrivateKey(pem: pem)) {
                XCTAssertEqual($0 as? CryptographyError, expected)
            }
        }
        XCTAssertThrowsError(try RSAPublicKey(pem: curve.publicPEM)) {
            XCTAssertEqual($0 as? CryptographyError, .unsupportedKey)
        }
        XCTAssertThrowsError(try RSAPrivateKey.generate(bits: 1024)) {
            XCTAssertEqual($0 as? CryptographyError, .unsupportedKey)
        }
        for length in stride(from: 30, to: Self.key.pem.count - 30, by: 50) {
            XCTAssertThrowsError(try RSAPrivateKey(pem: Array(Self.key.pem.prefix(length))))
        }
    }

    func testTheOpenSSLCommandVerifiesOurSignatureAndWeItsOwn() throws {
        let signature = try Self.key.signSHA256(message)
        let verified = try OpenSSLCommand.run(
            ["dgst", "-sha256", "-verify", "{0}", "-signature", "{1}", "{2}"],
            files: [Self.key.publicKey.pem, signature, message]
        )
        XCTAssertEqual(verified, "Verified OK\n")
        let theirs = try OpenSSLCommand.run(
            ["dgst", "-sha256", "-sign", "{0}", "-hex", "-r", "{1}"],
            files: [Self.key.pem, message]
        )
        let digits = Array(theirs.prefix { $0 != " " })
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        XCTAssertEqual(bytes, signature)
    }

    func testNoDescriptionShowsAKey() {
        var dumped = ""
        dump(Self.key, to: &dumped)
        for text in ["\(Self.key)", String(reflecting: Self.key), dumped, "\([Self.key])"] {
            XCTAssertFalse(text.contains("PRIVATE KEY"), text)
            XCTAssertFalse(text.contains("publicKey"), text)
        }
        XCTAssertEqual("\(Self.key)", "RSAPrivateKey(2048 bits)")
    }

    private func bytes(_ base64URL: String) -> [UInt8] {
        let text = base64URL.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { Array($0) } ?? []
    }
}
