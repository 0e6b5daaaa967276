import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class KubernetesScaleTests: XCTestCase {
    /// The size of the largest clusters that a webhook's cache is made for.
    func testHoldsAHundredThousandServiceAccountsAndListsThemInPages() async throws {
        let emulator = KubernetesEmulator(clock: ManualClock())
        for index in 0..<100_000 {
            emulator.apply(
                try .init(namespace: "team-\(index / 1000)", name: "app-\(index)"),
                annotations: index % 20 == 0
                    ? ["amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app-\(index)"] : [:]
            )
        }
        let accept: HTTPHeaders = [
            "Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
        ]
        var count = 0
        var pages = 0
        var token = ""
        repeat {
            let target = "/api/v1/serviceaccounts?limit=500" + (token.isEmpty ? "" : "&continue=\(token)")
            let response = await emulator.respond(
                to: HTTPRequest(method: "GET", target: target, headers: accept)
            )
            let root = try JSONDocument(response.body).root
            count += root["items"].map { Array($0.elements).count } ?? 0
            token = root["metadata"]?["continue"]?.string() ?? ""
            pages += 1
        } while !token.isEmpty && pages < 1000
        XCTAssertEqual(count, 100_000)
        XCTAssertEqual(pages, 200)
    }
}
