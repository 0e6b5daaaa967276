import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import TestSupport
import XCTest

final class GoogleIAMClientTests: XCTestCase {
    private static let account = #"""
        {"name":"projects/my-project/serviceAccounts/uploader@my-project.iam.gserviceaccount.com",
         "projectId":"my-project","uniqueId":"104857601234567890123","etag":"MDEwMjE5MjA=",
         "email":"uploader@my-project.iam.gserviceaccount.com","displayName":"Uploader","description":"ours",
         "oauth2ClientId":"104857601234567890123"}
        """#

    private let path = "/v1/projects/-/serviceAccounts/uploader%40my-project.iam.gserviceaccount.com"

    private func email() throws -> GoogleServiceAccountEmail {
        try GoogleServiceAccountEmail(parsing: "uploader@my-project.iam.gserviceaccount.com")
    }

    func testAnAccountThatIsThereAlreadyIsTaken() async throws {
        let google = try ScriptedGoogle { number, _ in
            switch number {
            case 0: .googleFailure(409, "ALREADY_EXISTS")
            case 1: .googleFailure(404, "NOT_FOUND")
            default: .json(Self.account)
            }
        }
        let made = try await GoogleIAMClient(google.api).createServiceAccount(
            name: "uploader",
            in: try GoogleProjectID(parsing: "my-project"),
            displayName: "Uploader",
            description: "ours"
        )
        guard case .existed(let account) = made else { return XCTFail("\(made)") }
        XCTAssertEqual(account.uniqueID.description, "104857601234567890123")
        XCTAssertEqual(account.description, "ours")
        XCTAssertEqual(
            google.calls,
            ["POST /v1/projects/my-project/serviceAccounts", "GET \(path)", "GET \(path)"]
        )
    }

    func testAnAnswerWithoutAUniqueIDIsNoAccount() async throws {
        let google = try ScriptedGoogle { _, _ in
            .json(#"{"email":"uploader@my-project.iam.gserviceaccount.com","projectId":"my-project"}"#)
        }
        let email = try email()
        do throws(GoogleAPIError) {
            _ = try await GoogleIAMClient(google.api).serviceAccount(email)
            XCTFail("an account without a unique id was taken")
        } catch {
            XCTAssertEqual(error, .missingField(url: "https://iam.googleapis.com\(path)", "uniqueId"))
        }
    }

    func testTheAccountOfAnotherAddressIsNotTaken() async throws {
        let google = try ScriptedGoogle { _, _ in .json(Self.account) }
        let other = try GoogleServiceAccountEmail(parsing: "other@my-project.iam.gserviceaccount.com")
        let error = await googleError { () async throws(GoogleAPIError) in
            try await GoogleIAMClient(google.api).serviceAccount(other)
        }
        guard case .missingField(_, "email") = error else { return XCTFail("\(String(describing: error))") }
    }

    func testAPolicyIsReadAgainWhileOthersChangeIt() async throws {
        let google = try ScriptedGoogle { number, request in
            let isRead = request.url.target.contains(":getIamPolicy")
            return number < 7 && !isRead
                ? .googleFailure(409, "ABORTED")
                : .json(
                    isRead
                        ? #"{"etag":"e\#(number)","bindings":[{"role":"r","members":["user:\#(number)"],"new":{}}]}"#
                        : #"{"etag":"last"}"#
                )
        }
        let change = try await GoogleIAMClient(google.api).changePolicy(of: email()) {
            $0.granting("role", to: "member")
        }
        XCTAssertTrue(change.isChanged)
        XCTAssertEqual(change.policy.etag, "last")
        XCTAssertEqual(google.requests.count, 8)
        XCTAssertEqual(
            google.calls[0],
            "POST \(path):getIamPolicy?options.requestedPolicyVersion=3"
        )
        let written = try XCTUnwrap(google.requests.last)
        XCTAssertEqual(
            String(decoding: written.body, as: UTF8.self),
            #"{"policy":{"etag":"e6","bindings":[{"role":"r","members":["user:6"],"new":{}},"#
                + #"{"role":"role","members":["member"]}]}}"#
        )
    }

    func testAMemberThatNobodyIsIsNotWaitedForLong() async throws {
        let google = try ScriptedGoogle { _, request in
            request.url.target.contains(":getIamPolicy")
                ? .json("{}")
                : .json(
                    #"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Service account x does not exist."}}"#,
                    status: 400
                )
        }
        let email = try email()
        let error = await googleError { () async throws(GoogleAPIError) in
            try await GoogleIAMClient(google.api).changePolicy(of: email) {
                $0.granting("r", to: "serviceAccount:x")
            }
        }
        XCTAssertEqual(error?.status?.status, "INVALID_ARGUMENT")
        XCTAssertLessThanOrEqual(google.clock.elapsed, .seconds(30))
        XCTAssertGreaterThan(google.requests.count, 4)
    }

    func testAPolicyThatIsRightIsNotWritten() async throws {
        let google = try ScriptedGoogle { _, _ in
            .json(#"{"etag":"a","bindings":[{"role":"role","members":["member"]}]}"#)
        }
        let change = try await GoogleIAMClient(google.api).changePolicy(of: email()) {
            $0.granting("role", to: "member")
        }
        XCTAssertFalse(change.isChanged)
        XCTAssertEqual(google.requests.count, 1)
    }

    func testADeletedAccountIsNoError() async throws {
        let google = try ScriptedGoogle { number, _ in
            number == 0 ? .json("{}") : .googleFailure(404, "NOT_FOUND")
        }
        let iam = GoogleIAMClient(google.api)
        let first = try await iam.deleteServiceAccount(email())
        let second = try await iam.deleteServiceAccount(email())
        let account = try await iam.serviceAccount(email())
        XCTAssertEqual([first, second], [true, false])
        XCTAssertNil(account)
    }
}
