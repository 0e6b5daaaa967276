import GTokenAdminClients
import GTokenClients
import XCTest

final class GoogleErrorStatusTests: XCTestCase {
    private func refusal(
        _ status: String,
        _ message: String,
        _ details: GoogleErrorStatus.Detail...
    ) -> GoogleErrorStatus {
        GoogleErrorStatus(code: 403, status: status, message: message, details: details)
    }

    func testEveryFormOfARefusalIsRead() {
        let long = String(repeating: "x", count: 5000)
        let cases: [(body: String, expected: GoogleErrorStatus, line: UInt)] = [
            (
                #"{"error":{"code":403,"message":"no\nway","status":"PERMISSION_DENIED","details":[{"reason":"R"}]}}"#,
                refusal("PERMISSION_DENIED", "no way", .init(reason: "R")), #line
            ),
            (
                #"{"error":{"code":403,"message":"m","errors":[{"reason":"accessNotConfigured"},{"reason":"b"}]}}"#,
                refusal("", "m", .init(reason: "accessNotConfigured")), #line
            ),
            (
                #"{"error":"invalid_grant","error_description":"Bad Request"}"#,
                refusal("invalid_grant", "Bad Request"), #line
            ),
            ("", refusal("", ""), #line),
            ("<h1>\u{1B}[31mno</h1>", refusal("", "<h1> [31mno</h1>"), #line),
            ("[1]", refusal("", "[1]"), #line),
            (
                #"{"error":{"message":5,"status":"two words","details":{"a":1}}}"#,
                refusal("", ""), #line
            ),
            (
                #"{"error":{"message":"\#(long)","status":"\#(long)"}}"#,
                refusal("", String(long.prefix(1000))), #line
            ),
            (
                #"{"error":{"status":"S","details":[{"retryDelay":"1e99s"},{"retryDelay":"-1s"},{"retryDelay":"2s"}]}}"#,
                refusal(
                    "S",
                    "",
                    .init(reason: ""),
                    .init(reason: ""),
                    .init(reason: "", retryDelay: .seconds(2))
                ),
                #line
            ),
        ]
        for (body, expected, line) in cases {
            XCTAssertEqual(GoogleErrorStatus(code: 403, body: Array(body.utf8)), expected, line: line)
        }
    }

    func testWhatCanBeMendedHasAHint() {
        let create = ["permission": "iam.serviceAccounts.create"]
        let disabled = ["service": "iam.googleapis.com", "consumer": "projects/123456789012"]
        let cases: [(status: GoogleErrorStatus, hint: String?, line: UInt)] = [
            (
                refusal("PERMISSION_DENIED", "", .init(reason: "IAM_PERMISSION_DENIED", metadata: create)),
                "ask for roles/iam.serviceAccountAdmin, which has the permission iam.serviceAccounts.create",
                #line
            ),
            (
                refusal(
                    "PERMISSION_DENIED",
                    "Required \"container.clusters.get\" permission(s) for \"projects/p\"."
                ),
                "ask for roles/container.clusterViewer, which has the permission container.clusters.get",
                #line
            ),
            (
                refusal(
                    "PERMISSION_DENIED",
                    "Permission 'iam.roles.create' denied on resource (or it may not exist)."
                ),
                "ask for a role with the permission iam.roles.create", #line
            ),
            (
                refusal("PERMISSION_DENIED", "", .init(reason: "SERVICE_DISABLED", metadata: disabled)),
                "gcloud services enable iam.googleapis.com --project=123456789012", #line
            ),
            (refusal("PERMISSION_DENIED", "The caller does not have permission"), nil, #line),
            (GoogleErrorStatus(code: 404, status: "NOT_FOUND", message: ""), nil, #line),
        ]
        for (status, hint, line) in cases { XCTAssertEqual(status.hint, hint, line: line) }
        let expired = GoogleErrorStatus(code: 401, status: "UNAUTHENTICATED", message: "")
        XCTAssertTrue(expired.hint?.contains("gcloud auth login") ?? false)
    }
}
