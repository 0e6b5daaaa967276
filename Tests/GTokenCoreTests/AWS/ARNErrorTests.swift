import GTokenCore
import XCTest

final class ARNErrorTests: XCTestCase {
    func testIsOneLineAndSaysWhatWasExpected() {
        let problems: [ARNProblem] = [
            .length(1), .notAnARN, .partition, .service, .region, .accountID, .resource, .path, .roleName,
            .issuer(.shape),
        ]
        let expectations: [(ExpectedARN, String)] = [
            (.role, "expected a role ARN (arn:aws:iam::123456789012:role/NAME): "),
            (
                .openIDConnectProvider,
                "expected the ARN of an OpenID Connect provider "
                    + "(arn:aws:iam::123456789012:oidc-provider/HOST/PATH): "
            ),
        ]
        for (expected, prefix) in expectations {
            let texts = problems.map { ARNError(expected, $0).description }
            for text in texts {
                XCTAssertTrue(text.hasPrefix(prefix), text)
                XCTAssertFalse(text.contains("\n"), text)
            }
            XCTAssertEqual(Set(texts).count, texts.count)
        }
    }
}
