import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class SystemTrustedRootsTests: XCTestCase {
    func testTheNamedBundleCountsBeforeTheSystems() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("roots.pem", Array("roots".utf8))
        XCTAssertEqual(try SystemTrustedRoots.pem(environment: ["SSL_CERT_FILE": path]), Array("roots".utf8))
        XCTAssertThrowsError(try SystemTrustedRoots.pem(environment: ["SSL_CERT_FILE": folder.file("none")]))
        {
            XCTAssertEqual(($0 as? FileError)?.isNotFound, true)
        }
    }

    func testTheSystemsBundleIsOneThatAClientTakes() throws {
        let pem: [UInt8]
        do throws(FileError) {
            pem = try SystemTrustedRoots.pem(environment: ["SSL_CERT_FILE": ""])
        } catch {
            throw XCTSkip("this machine has no bundle of certificate authorities (ca-certificates)")
        }
        XCTAssertNoThrow(try TLSClientContext(trustedRootsPEM: pem))
    }
}
