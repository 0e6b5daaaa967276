import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class GoogleAPIClientTests: XCTestCase {
    private let request = GoogleAPIRequest(.iam, "GET", ["v1", "projects", "example.com:my-project"])

    func testACallHasItsTokenAndItsQuotaProject() async throws {
        let project = try GoogleProjectID(parsing: "quota-project")
        let google = try ScriptedGoogle(quotaProject: project) { _, _ in .json("{}") }
        var request = GoogleAPIRequest(.iam, "POST", ["v1", "projects", "a/b"], verb: "getIamPolicy")
        request.query = ["a": "b c"]
        _ = try await google.api.call(request)
        let sent = try XCTUnwrap(google.requests.first)
        XCTAssertEqual(sent.url.host, "iam.googleapis.com")
        XCTAssertEqual(sent.url.scheme, .https)
        XCTAssertEqual(sent.url.target, "/v1/projects/a%2Fb:getIamPolicy?a=b%20c")
        XCTAssertEqual(sent.headers["Authorization"], "Bearer \(ScriptedGoogle.token)-1")
        XCTAssertEqual(sent.headers["X-Goog-User-Project"], "quota-project")
    }

    func testWhatMayPassIsAskedAgain() async throws {
        for status in [408, 429, 500, 502, 503, 504] {
            let google = try ScriptedGoogle { number, _ in
                number < 3 ? .googleFailure(status, "UNAVAILABLE") : .json(#"{"a":1}"#)
            }
            let answer = try await google.api.call(request)
            XCTAssertEqual(answer.root["a"]?.integer(), 1)
            XCTAssertEqual(google.requests.count, 4, "\(status)")
        }
        let google = try ScriptedGoogle { number, request throws(HTTPClientError) in
            guard number > 1 else { throw .closedEarly(url: request.url.description) }
            return .json("{}")
        }
        _ = try await google.api.call(request)
        XCTAssertEqual(google.requests.count, 3)
    }

    func testWhatWillNotPassIsNotAskedAgain() async throws {
        for (code, status) in [
            (400, "INVALID_ARGUMENT"), (403, "PERMISSION_DENIED"), (404, "NOT_FOUND"),
            (409, "ALREADY_EXISTS"),
        ] {
            let google = try ScriptedGoogle { _, _ in .googleFailure(code, status, reason: "WHY") }
            let error = await self.error(of: google)
            XCTAssertEqual(
                error,
                .refused(
                    url: "https://iam.googleapis.com/v1/projects/example.com%3Amy-project",
                    GoogleErrorStatus(
                        code: code,
                        status: status,
                        message: "words of \(status)",
                        details: [.init(reason: "WHY")]
                    )
                )
            )
            XCTAssertEqual(google.requests.count, 1, status)
        }
    }

    func testAnOutageEndsWithTheLastErrorAndInTime() async throws {
        let google = try ScriptedGoogle { _, _ in .googleFailure(503, "UNAVAILABLE") }
        let error = await self.error(of: google)
        XCTAssertEqual(error?.status?.code, 503)
        XCTAssertLessThanOrEqual(google.clock.elapsed, .seconds(120))
        XCTAssertLessThanOrEqual(google.requests.count, 10)
        XCTAssertGreaterThan(google.requests.count, 4)
    }

    func testTheServiceSaysWhenToComeBack() async throws {
        let google = try ScriptedGoogle { number, _ in
            guard number == 0 else { return .json("{}") }
            var response = HTTPResponse.googleFailure(429, "RESOURCE_EXHAUSTED")
            response.headers.add("Retry-After", "37")
            return response
        }
        _ = try await google.api.call(request)
        XCTAssertEqual(google.clock.sleeps.first, .seconds(37))

        let patient = try ScriptedGoogle { number, _ in
            number > 0
                ? .json("{}")
                : .json(
                    #"{"error":{"code":503,"status":"UNAVAILABLE","details":[{"retryDelay":"12.5s"}]}}"#,
                    status: 503
                )
        }
        _ = try await patient.api.call(request)
        XCTAssertEqual(patient.clock.sleeps.first, .seconds(12.5))
    }

    func testATokenThatIsNotTakenIsReplacedOnce() async throws {
        let google = try ScriptedGoogle { _, request in
            request.headers["Authorization"]?.hasSuffix("-1") == true
                ? .googleFailure(401, "UNAUTHENTICATED") : .json("{}")
        }
        _ = try await google.api.call(request)
        XCTAssertEqual(google.requests.count, 2)

        let stubborn = try ScriptedGoogle { _, _ in .googleFailure(401, "UNAUTHENTICATED") }
        let error = await self.error(of: stubborn)
        XCTAssertEqual(error?.status?.isUnauthenticated, true)
        XCTAssertEqual(stubborn.requests.count, 2)
    }

    func testAnAnswerThatIsNotTheAPIsIsSaidToBeSo() async throws {
        let google = try ScriptedGoogle { _, _ in .text("<html>hello</html>") }
        let error = await self.error(of: google)
        XCTAssertEqual(
            error,
            .malformedAnswer(url: "https://iam.googleapis.com/v1/projects/example.com%3Amy-project")
        )
        let proxy = try ScriptedGoogle { _, _ in .text("<html>\nnot here\u{7}</html>", status: 404) }
        let refusal = await self.error(of: proxy)
        XCTAssertEqual(refusal?.isNotFound, false, "a proxy's 404 says nothing about a service account")
        XCTAssertEqual(refusal?.status?.message, "<html> not here </html>")
    }

    func testAnErrorThatQuotesTheTokenDoesNotShowIt() async throws {
        let google = try ScriptedGoogle { _, request in
            let token = request.headers["Authorization"] ?? ""
            return .json(
                #"{"error":{"code":400,"status":"X","message":"bad header: \#(token)"}}"#,
                status: 400
            )
        }
        let error = await self.error(of: google)
        XCTAssertEqual(error?.status?.message, "bad header: Bearer ***")
        XCTAssertFalse("\(String(describing: error))".contains("nobody-may-see"))
    }

    func testPagesAreReadToTheLast() async throws {
        let google = try ScriptedGoogle { number, _ in
            number < 2 ? .json(#"{"nextPageToken":"p\#(number) "}"#) : .json(#"{"nextPageToken":""}"#)
        }
        let pages = try await google.api.pages(request)
        XCTAssertEqual(pages.count, 3)
        XCTAssertEqual(
            google.requests.map { $0.url.target.dropFirst("/v1/projects/example.com%3Amy-project".count) },
            ["", "?pageToken=p0%20", "?pageToken=p1%20"]
        )
        let endless = try ScriptedGoogle { _, _ in .json(#"{"nextPageToken":"again"}"#) }
        do {
            _ = try await endless.api.pages(request, maxPages: 5)
            XCTFail("a list without an end was read to its end")
        } catch {
            XCTAssertEqual(endless.requests.count, 5)
        }
    }

    func testEndpointsAreOverriddenAsGcloudDoes() throws {
        let endpoints = try GoogleEndpoints(environment: [
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": "http://127.0.0.1:8080/",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER": "https://proxy.example/gke/",
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE": "",
        ])
        XCTAssertEqual(endpoints[.iam].description, "http://127.0.0.1:8080/")
        XCTAssertEqual(
            endpoints[.container].appending(path: "v1").description,
            "https://proxy.example/gke/v1"
        )
        XCTAssertEqual(endpoints[.serviceUsage].description, "https://serviceusage.googleapis.com/")
        for (text, expected) in [
            (
                "http://iam.example/",
                GoogleEndpointError.plainText(variable: "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM")
            ),
            (
                "iam.example",
                .invalid(variable: "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", .missingScheme)
            ),
            (
                "https://iam.example/?key=1",
                .invalid(variable: "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", .invalidTarget)
            ),
        ] {
            XCTAssertThrowsError(
                try GoogleEndpoints(environment: ["CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": text]),
                text
            ) { XCTAssertEqual($0 as? GoogleEndpointError, expected) }
        }
    }

    private func error(of google: ScriptedGoogle) async -> GoogleAPIError? {
        do throws(GoogleAPIError) {
            _ = try await google.api.call(request)
            return nil
        } catch {
            return error
        }
    }
}
