import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import Foundation
import XCTest

/// One account, one role and the stand-ins that know them, on a clock that stands still.
struct EmulatorFixture {
    static let audience = "gtoken/sts/assume-role-with-web-identity"

    let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
    let google: GoogleEmulator
    let aws: AWSEmulator
    let role: RoleARN
    let uniqueID: GoogleUniqueID

    init(behaviour: GoogleBehaviour = GoogleBehaviour()) throws {
        uniqueID = try GoogleUniqueID(parsing: "104857601234567890123")
        let configuration = GoogleEmulatorConfiguration(
            email: try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
            uniqueID: uniqueID,
            project: try GoogleProjectID(parsing: "demo-project"),
            serviceAccount: try KubernetesServiceAccountName(namespace: "default", name: "app")
        )
        let google = try GoogleEmulator(configuration, behaviour: behaviour, clock: clock)
        self.google = google
        aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        role = try RoleARN(parsing: "arn:aws:iam::123456789012:role/team/app-role")
        try aws.register(role, trustPolicy: TrustPolicy.google(uniqueID: uniqueID, audience: Self.audience))
    }

    /// Asks the metadata server.
    func metadata(_ path: String, headers: HTTPHeaders = ["Metadata-Flavor": "Google"]) async -> HTTPResponse
    {
        await google.respond(
            to: HTTPRequest(method: "GET", target: "/computeMetadata/v1/\(path)", headers: headers)
        )
    }

    /// An ID token as a Pod gets it.
    func token(audience: String = audience) async throws -> String {
        let query = HTTPForm([.init(name: "audience", value: audience)]).encoded
        let response = await metadata(
            "instance/service-accounts/default/identity?" + String(decoding: query, as: UTF8.self)
        )
        XCTAssertEqual(response.status, 200)
        return response.text
    }

    /// Asks STS with the parameters of a form; `nil` leaves one out.
    func assumeRole(_ changes: [String: String?] = [:]) async throws -> HTTPResponse {
        var form: HTTPForm = [
            "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": role.description,
            "RoleSessionName": "pod-1",
        ]
        if changes["WebIdentityToken"] == nil { form["WebIdentityToken"] = try await token() }
        for (name, value) in changes { form[name] = value }
        return await aws.respond(to: Self.post(form))
    }

    static func post(_ form: HTTPForm) -> HTTPRequest {
        HTTPRequest(
            method: "POST",
            target: "/",
            headers: [
                "Host": "sts.amazonaws.com",
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            ],
            body: form.encoded
        )
    }

    /// The text of the first element of a name.
    static func element(_ name: String, in response: HTTPResponse) -> String? {
        let text = response.text
        guard let start = text.range(of: "<\(name)>"), let end = text.range(of: "</\(name)>"),
            start.upperBound <= end.lowerBound
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }
}
