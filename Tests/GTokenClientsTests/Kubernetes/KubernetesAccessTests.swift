import Foundation
import GTokenClients
import GTokenCore
import XCTest

final class KubernetesAccessTests: XCTestCase {
    private func access(_ kubeconfig: String) throws -> KubernetesAccess {
        try KubernetesAccess(kubeconfig: JSONDocument(Array(kubeconfig.utf8)).root)
    }

    private let authority = Base64.encode(Array("PEM".utf8))

    func testAPodFindsItsServerAuthorityAndToken() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("ROOTS".utf8).write(to: folder.appendingPathComponent("ca.crt"))
        for (host, server) in [("10.0.0.1", "https://10.0.0.1:6443"), ("fd00::1", "https://[fd00::1]:6443")] {
            let access = try KubernetesAccess.inCluster(
                environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "6443"],
                folder: folder.path
            )
            XCTAssertEqual(access?.server, try KubernetesAccess.url(server))
            XCTAssertEqual(access?.trustedRootsPEM, Array("ROOTS".utf8))
            guard case .tokenFile(folder.path + "/token") = access?.credential else {
                return XCTFail("the token is not read from its file")
            }
        }
    }

    func testOutsideAClusterThereIsNoAccessFromTheEnvironment() throws {
        XCTAssertNil(try KubernetesAccess.inCluster(environment: [:]))
        XCTAssertNil(try KubernetesAccess.inCluster(environment: ["KUBERNETES_SERVICE_HOST": ""]))
    }

    func testAMissingAuthorityIsNamed() {
        XCTAssertThrowsError(
            try KubernetesAccess.inCluster(environment: ["KUBERNETES_SERVICE_HOST": "h"], folder: "/nowhere")
        ) { XCTAssertTrue("\($0)".contains("/nowhere/ca.crt"), "\($0)") }
    }

    func testAKubeconfigGivesServerAuthorityAndCredential() throws {
        let https = #""server":"https://example:6443","certificate-authority-data":"\#(authority)""#
        let cluster = #"{"cluster":{\#(https)}}"#
        let token = try access(#"{"clusters":[\#(cluster)],"users":[{"user":{"token":"T"}}]}"#)
        XCTAssertEqual(token.trustedRootsPEM, Array("PEM".utf8))
        guard case .token("T") = token.credential else { return XCTFail("no token") }
        let file = try access(#"{"clusters":[\#(cluster)],"users":[{"user":{"tokenFile":"/t"}}]}"#)
        guard case .tokenFile("/t") = file.credential else { return XCTFail("no token file") }
        let proxy = try access(#"{"clusters":[{"cluster":{"server":"http://127.0.0.1:8001"}}],"users":[]}"#)
        guard case .none = proxy.credential else { return XCTFail("a credential for a proxy") }
    }

    func testAKubeconfigThatCannotBeUsedIsRefusedWithTheReason() {
        let https = #""server":"https://example:6443","certificate-authority-data":"\#(authority)""#
        let cases = [
            ("{}", "names no server"),
            (#"{"clusters":[{"cluster":{"server":"https://example"}}]}"#, "certificate-authority-data"),
            (#"{"clusters":[{"cluster":{\#(https),"insecure-skip-tls-verify":true}}]}"#, "not to verify"),
            (#"{"clusters":[{"cluster":{\#(https)}}],"users":[{"user":{"exec":{}}}]}"#, "kubectl proxy"),
            (#"{"clusters":[{"cluster":{"server":"ftp://x"}}]}"#, "URL is invalid"),
        ]
        for (kubeconfig, reason) in cases {
            XCTAssertThrowsError(try access(kubeconfig), kubeconfig) {
                XCTAssertTrue("\($0)".contains(reason), "\($0)")
            }
        }
    }
}
