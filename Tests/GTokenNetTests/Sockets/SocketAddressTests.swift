import GTokenNet
import XCTest

final class SocketAddressTests: XCTestCase {
    func testReadsLiteralAddresses() {
        let cases = [
            ("127.0.0.1", "127.0.0.1:80"),
            ("255.255.255.255", "255.255.255.255:80"),
            ("::1", "[::1]:80"),
            ("[::1]", "[::1]:80"),
            ("FD00:EC2::23", "[fd00:ec2::23]:80"),
            ("::ffff:10.0.0.1", "[::ffff:10.0.0.1]:80"),
            ("fe80::1%7", "[fe80::1%7]:80"),
        ]
        for (host, text) in cases {
            XCTAssertEqual(SocketAddress(host: host, port: 80)?.description, text, host)
        }
    }

    func testRefusesWhatIsNoLiteralAddress() {
        let hosts = [
            "", "localhost", "1.2.3", "1.2.3.4.5", "01.2.3.4", "0x7f.1", "256.1.1.1", "1.2.3.4 ", "[1.2.3.4]",
            "[::1",
            "::1]", "[]", ":", ":::", "1::2::3", "fe80::1%", "fe80::1%nothere", "::1%0",
            "127.0.0.1\0.example.org",
            "12345::", "/tmp/socket",
        ]
        for host in hosts { XCTAssertNil(SocketAddress(host: host, port: 80), host) }
    }

    func testReadsListenAddresses() throws {
        let cases = [
            (":8443", "[::]:8443"),
            ("0.0.0.0:8443", "0.0.0.0:8443"),
            ("[::]:8443", "[::]:8443"),
            ("[::1]:0", "[::1]:0"),
            ("127.0.0.1:65535", "127.0.0.1:65535"),
            ("localhost:80", "127.0.0.1:80"),
        ]
        for (text, address) in cases {
            XCTAssertEqual(try SocketAddress(listening: text).description, address, text)
        }
    }

    func testRefusesWhatIsNoListenAddress() {
        let texts = [
            "", ":", "8443", "127.0.0.1", "127.0.0.1:", ":65536", ":-1", ":+80", ": 80", ":80 ", ":http",
            "::1:80",
            "[::1]", "[::1]80", "[::1]:", "example.org:80", "1.2.3:80", "[127.0.0.1]:80",
        ]
        for text in texts {
            XCTAssertThrowsError(try SocketAddress(listening: text), text) {
                XCTAssertEqual($0 as? NetError, .invalidAddress(text))
            }
        }
    }
}
