import GTokenCore
import XCTest

@testable import GTokenNet

final class CertificateAuthorityTests: XCTestCase {
    private static let authority = try! CertificateAuthority.create(
        commonName: "gtoken CA",
        validFor: .seconds(86400 * 30)
    )
    private let day = Duration.seconds(86400)

    func testIssuesACertificateThatAClientAcceptsUnderEachName() throws {
        let issued = try Self.authority.issueServerCertificate(
            dnsNames: ["hook.gtoken.svc", "hook.gtoken.svc.cluster.local", "*.example.com"],
            ipAddresses: ["127.0.0.1", "::1"],
            validFor: day
        )
        let server = try TLSServerContext(
            certificateChainPEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM
        )
        let client = try TLSClientContext(trustedRootsPEM: Self.authority.certificatePEM)
        for host in ["hook.gtoken.svc", "hook.gtoken.svc.cluster.local", "a.example.com", "127.0.0.1", "::1"]
        {
            XCTAssertNoThrow(try TLSPair(client: client, host: host, server: server).handshake(), host)
        }
        for host in ["gtoken.svc", "example.com", "127.0.0.2"] {
            XCTAssertThrowsError(try TLSPair(client: client, host: host, server: server).handshake(), host)
        }
    }

    func testTheOpenSSLCommandAcceptsTheChainStrictly() throws {
        let issued = try Self.authority.issueServerCertificate(dnsNames: ["hook.gtoken.svc"], validFor: day)
        let output = try OpenSSLCommand.run(
            [
                "verify", "-x509_strict", "-check_ss_sig", "-purpose", "sslserver", "-verify_hostname",
                "hook.gtoken.svc", "-CAfile", "{0}", "{1}",
            ],
            files: [Self.authority.certificatePEM, issued.certificatePEM]
        )
        XCTAssertTrue(output.hasSuffix(": OK\n"), output)
    }

    func testTheAuthoritysCertificateSaysWhatItMayDo() throws {
        let text = try OpenSSLCommand.run(
            ["x509", "-noout", "-text", "-in", "{0}"],
            files: [Self.authority.certificatePEM]
        )
        for line in [
            "Version: 3 (0x2)", "Signature Algorithm: ecdsa-with-SHA256", "Issuer: CN = gtoken CA",
            "Subject: CN = gtoken CA", "ASN1 OID: prime256v1", "X509v3 Basic Constraints: critical",
            "CA:TRUE, pathlen:0", "X509v3 Key Usage: critical", "Certificate Sign, CRL Sign",
            "X509v3 Subject Key Identifier:", "X509v3 Authority Key Identifier:",
        ] {
            XCTAssertTrue(text.contains(line), "\(line) in \(text)")
        }
    }

    func testTheLeafsCertificateSaysWhatItMayDo() throws {
        let issued = try Self.authority.issueServerCertificate(
            dnsNames: ["hook.gtoken.svc"],
            ipAddresses: ["10.0.0.1", "2001:db8::1"],
            validFor: day
        )
        let text = try OpenSSLCommand.run(
            ["x509", "-noout", "-text", "-in", "{0}"],
            files: [issued.certificatePEM]
        )
        for line in [
            "Issuer: CN = gtoken CA", "Subject: CN = hook.gtoken.svc", "X509v3 Basic Constraints: critical",
            "CA:FALSE", "X509v3 Key Usage: critical", "Digital Signature\n",
            "TLS Web Server Authentication\n",
            "X509v3 Subject Alternative Name: \n",
            "DNS:hook.gtoken.svc, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1\n",
        ] {
            XCTAssertTrue(text.contains(line), "\(line) in \(text)")
        }
    }

    func testALongNameLeavesTheSubjectEmptyAndMakesTheAlternativeNameCritical() throws {
        let name = "gtoken-webhook-svc-with-a-rather-long-name.a-namespace-of-some-length.svc"
        let issued = try Self.authority.issueServerCertificate(dnsNames: [name], validFor: day)
        let text = try OpenSSLCommand.run(
            ["x509", "-noout", "-text", "-in", "{0}"],
            files: [issued.certificatePEM]
        )
        XCTAssertTrue(text.contains("Subject: \n"), text)
        XCTAssertTrue(text.contains("X509v3 Subject Alternative Name: critical\n"), text)
    }

    func testNamesThatWouldSmuggleAnotherAreRefused() {
        let names = [
            "", "a,DNS:evil", "a\nb", "a b", "*", "*.*.example.com", "a.*.com", "127.0.0.1", "::1",
            "bücher.example",
            "a\u{0}b", "http://a",
        ]
        for name in names {
            XCTAssertThrowsError(
                try Self.authority.issueServerCertificate(dnsNames: [name], validFor: day),
                name
            ) {
                XCTAssertEqual($0 as? CryptographyError, .invalidName(name))
            }
        }
        for address in ["", "a", "1.2.3", "1.2.3.4,DNS:evil", "1.2.3.4/8"] {
            XCTAssertThrowsError(
                try Self.authority.issueServerCertificate(dnsNames: [], ipAddresses: [address], validFor: day)
            ) {
                XCTAssertEqual($0 as? CryptographyError, .invalidName(address))
            }
        }
        XCTAssertThrowsError(try Self.authority.issueServerCertificate(dnsNames: [], validFor: day)) {
            XCTAssertEqual($0 as? CryptographyError, .invalidName(""))
        }
        for name in ["", "a\u{0}b", String(repeating: "a", count: 65)] {
            XCTAssertThrowsError(try CertificateAuthority.create(commonName: name, validFor: day)) {
                XCTAssertEqual($0 as? CryptographyError, .invalidName(name))
            }
        }
    }

    func testLivesBeginFiveMinutesAgoAndALeafEndsWithItsAuthority() throws {
        let now = UnixTime(seconds: 2_000_000_000)
        let authority = try CertificateAuthority.create(commonName: "CA", validFor: .seconds(1000), at: now)
        let root = try PEM.certificates(in: authority.certificatePEM)[0]
        XCTAssertEqual(root.notBefore, now - .seconds(300))
        XCTAssertEqual(root.notAfter, now + .seconds(1000))
        for (life, end) in [(400, 400), (1000, 1000), (5000, 1000)] {
            let issued = try authority.issueServerCertificate(
                dnsNames: ["a"],
                validFor: .seconds(life),
                at: now
            )
            let leaf = try PEM.certificates(in: issued.certificatePEM)[0]
            XCTAssertEqual(leaf.notBefore, now - .seconds(300))
            XCTAssertEqual(leaf.notAfter, now + .seconds(end))
        }
        let after = now + .seconds(1000)
        XCTAssertThrowsError(
            try authority.issueServerCertificate(dnsNames: ["a"], validFor: .seconds(10), at: after)
        ) {
            XCTAssertEqual($0 as? CryptographyError, .authorityExpired)
        }
    }

    func testALifeThatIsNotPositiveIsRefused() {
        for life in [Duration.zero, .seconds(-1)] {
            XCTAssertThrowsError(try CertificateAuthority.create(commonName: "CA", validFor: life)) {
                XCTAssertEqual($0 as? CryptographyError, .invalidLifetime)
            }
        }
    }

    func testLivesGoBeyond2049AndEndWithTheYear9999() throws {
        let now = UnixTime(seconds: 2_000_000_000)
        let century = Duration.seconds(3_155_760_000)
        for (life, end) in [
            (century, now + century), (.seconds(Int64.max), UnixTime(seconds: 253_402_300_799)),
        ] {
            let authority = try CertificateAuthority.create(commonName: "CA", validFor: life, at: now)
            XCTAssertEqual(try PEM.certificates(in: authority.certificatePEM)[0].notAfter, end)
        }
    }

    func testEachSerialNumberIsRandomAndOf128Bits() throws {
        let serials = try (0..<3).map { _ in
            let issued = try Self.authority.issueServerCertificate(dnsNames: ["a"], validFor: day)
            return try OpenSSLCommand.run(
                ["x509", "-noout", "-serial", "-in", "{0}"],
                files: [issued.certificatePEM]
            )
        }
        XCTAssertEqual(Set(serials).count, 3)
        for serial in serials {
            XCTAssertEqual(serial.count, "serial=\n".count + 32, serial)
        }
    }

    func testAStoredAuthorityGoesOnIssuing() throws {
        let stored = try CertificateAuthority(
            certificatePEM: Self.authority.certificatePEM,
            privateKeyPEM: Self.authority.privateKeyPEM
        )
        XCTAssertEqual(stored.certificatePEM, Self.authority.certificatePEM)
        let issued = try stored.issueServerCertificate(dnsNames: ["hook.gtoken.svc"], validFor: day)
        let pair = try TLSPair(
            client: TLSClientContext(trustedRootsPEM: Self.authority.certificatePEM),
            server: TLSServerContext(
                certificateChainPEM: issued.certificatePEM,
                privateKeyPEM: issued.privateKeyPEM
            )
        )
        XCTAssertNoThrow(try pair.handshake())
    }

    func testAStoredPairThatIsNoAuthorityIsRefused() throws {
        let leaf = try Self.authority.issueServerCertificate(dnsNames: ["a"], validFor: day)
        let other = try CertificateAuthority.create(commonName: "Other", validFor: day)
        let cases: [(certificate: [UInt8], key: [UInt8], CryptographyError)] = [
            (leaf.certificatePEM, leaf.privateKeyPEM, .notAuthority),
            (Self.authority.certificatePEM, other.privateKeyPEM, .keyMismatch),
            ([], other.privateKeyPEM, .missingCertificate),
            (Self.authority.certificatePEM, [], .missingKey),
        ]
        for (certificate, key, expected) in cases {
            XCTAssertThrowsError(try CertificateAuthority(certificatePEM: certificate, privateKeyPEM: key)) {
                XCTAssertEqual($0 as? CryptographyError, expected)
            }
        }
    }

    func testNoDescriptionShowsAKey() throws {
        let issued = try Self.authority.issueServerCertificate(dnsNames: ["a"], validFor: day)
        var dumped = ""
        dump(issued, to: &dumped)
        dump(Self.authority, to: &dumped)
        XCTAssertEqual("\(issued)", "ServerCertificate")
        XCTAssertEqual(String(reflecting: issued), "ServerCertificate")
        XCTAssertFalse(dumped.contains("UInt8"), dumped)
        XCTAssertFalse("\(Self.authority)".contains("UInt8"))
    }
}
