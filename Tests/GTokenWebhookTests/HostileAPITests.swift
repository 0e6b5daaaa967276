import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import XCTest

final class HostileAPITests: XCTestCase {
    /// What a refusal says goes into a log and into the answer to the API server.
    func testAReasonThatIsNoneIsLeftOut() async throws {
        let api = try TestAPI()
        let long = String(repeating: "a", count: 1 << 20)
        let cases = [("Forbidden", "Forbidden"), (long, ""), ("two\\nlines", ""), ("", "")]
        for (reason, expected) in cases {
            let body = Array(#"{"kind":"Status","reason":"\#(reason)"}"#.utf8)
            api.emulator.change { $0.script = [ScriptedAnswer(.json(body, status: 500))] }
            do {
                _ = try await api.client.clusterFacts(timeout: .seconds(5))
                XCTFail("refused nothing")
            } catch {
                XCTAssertEqual(error, .refused(status: 500, reason: expected))
            }
        }
        await api.stop()
    }
}
