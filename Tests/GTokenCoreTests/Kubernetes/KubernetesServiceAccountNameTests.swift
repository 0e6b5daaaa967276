import GTokenCore
import XCTest

final class KubernetesServiceAccountNameTests: XCTestCase {
    func testTakesWhatTheAPITakes() throws {
        let label = String(repeating: "a", count: 63)
        let cases = [
            ("default", "default"), ("a", "1"), ("0-1", "a.b"), ("team--a", "app-1.v2"),
            (label, label + "." + label),
        ]
        for (namespace, name) in cases {
            let account = try KubernetesServiceAccountName(namespace: namespace, name: name)
            XCTAssertEqual(account.description, "\(namespace)/\(name)")
            XCTAssertEqual(account.subject, "system:serviceaccount:\(namespace):\(name)")
        }
    }

    func testSaysWhatIsWrongWithTheNamespace() {
        let cases: [(String, NameProblem)] = [
            ("", .empty), (String(repeating: "a", count: 64), .tooLong(64)), ("-a", .character(offset: 0)),
            ("a-", .character(offset: 1)), ("a.b", .character(offset: 1)), ("Aa", .character(offset: 0)),
            ("a_b", .character(offset: 1)), ("a/b", .character(offset: 1)), ("ä", .character(offset: 0)),
            ("-", .character(offset: 0)), ("a\n", .character(offset: 1)),
        ]
        for (namespace, problem) in cases {
            XCTAssertThrowsError(try KubernetesServiceAccountName(namespace: namespace, name: "app")) {
                XCTAssertEqual($0 as? NameError, NameError(.kubernetesNamespace, problem), namespace)
            }
        }
    }

    func testSaysWhatIsWrongWithTheName() {
        let cases: [(String, NameProblem)] = [
            ("", .empty), (String(repeating: "a", count: 254), .tooLong(254)), (".a", .character(offset: 0)),
            ("a.", .character(offset: 1)), ("a..b", .character(offset: 1)), ("a.-b", .character(offset: 1)),
            ("a-.b", .character(offset: 1)), ("a:b", .character(offset: 1)), ("../x", .character(offset: 0)),
            ("a%2fb", .character(offset: 1)), ("a?b", .character(offset: 1)),
        ]
        for (name, problem) in cases {
            XCTAssertThrowsError(try KubernetesServiceAccountName(namespace: "ns", name: name)) {
                XCTAssertEqual($0 as? NameError, NameError(.kubernetesServiceAccount, problem), name)
            }
        }
    }
}
