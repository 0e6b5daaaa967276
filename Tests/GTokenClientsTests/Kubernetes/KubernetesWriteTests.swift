import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// Making and changing objects, and what a lost race looks like.
final class KubernetesWriteTests: XCTestCase {
    private let path = KubernetesPath.secrets(in: "default").named("s")

    private func withClient(_ body: (KubernetesClient, KubernetesEmulator) async throws -> Void) async throws
    {
        let group = try EventLoopGroup(count: 1)
        let loop = group.next()
        let emulator = KubernetesEmulator(clock: ManualClock())
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await emulator.respond(to: $0) }
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.start())")
        let client = try KubernetesClient(access: KubernetesAccess(server: url), loop: loop)
        let serving = Task(executorPreference: loop) { try await server.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(client, emulator)) } catch { result = .failure(error) }
        serving.cancel()
        _ = await serving.result
        group.shutdown()
        try result.get()
    }

    private func secret(_ value: String) -> [UInt8] {
        Array(#"{"metadata":{"name":"s"},"data":{"k":"\#(Base64.encode(Array(value.utf8)))"}}"#.utf8)
    }

    private func error(_ body: () async throws -> JSONDocument) async -> KubernetesError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? KubernetesError
        }
    }

    func testTheFirstWhoMakesAnObjectWins() async throws {
        try await withClient { client, _ in
            let collection = KubernetesPath.secrets(in: "default")
            let made = try await client.create(secret("1"), in: collection, timeout: .seconds(5))
            XCTAssertEqual(made.root["data"]?["k"]?.string(), "MQ==")
            let second = await error {
                try await client.create(secret("2"), in: collection, timeout: .seconds(5))
            }
            XCTAssertEqual(second, .conflict)
            let nowhere = await error {
                try await client.create(secret("2"), in: .secrets(in: "none"), timeout: .seconds(5))
            }
            XCTAssertEqual(nowhere, .notFound)
        }
    }

    func testAnUpdateOfAnOldVersionIsAConflict() async throws {
        try await withClient { client, _ in
            let none = await error {
                try await client.replace(path, with: secret("1"), timeout: .seconds(5))
            }
            XCTAssertEqual(none, .notFound)
            let made = try await client.create(
                secret("1"),
                in: .secrets(in: "default"),
                timeout: .seconds(5)
            )
            let patch = JSONPatch([.add(JSONPointer(["data", "k"]), value: Array(#""Mg==""#.utf8))])
            let changed = try patch.applied(to: made)
            let updated = try await client.replace(path, with: changed, timeout: .seconds(5))
            XCTAssertEqual(updated.root["data"]?["k"]?.string(), "Mg==")
            let third = JSONPatch([.add(JSONPointer(["data", "k"]), value: Array(#""Mw==""#.utf8))])
            let late = try third.applied(to: made)
            let lost = await error { try await client.replace(path, with: late, timeout: .seconds(5)) }
            XCTAssertEqual(lost, .conflict)
        }
    }

    func testAPatchWhoseTestFailsIsAConflict() async throws {
        try await withClient { client, _ in
            let made = try await client.create(
                secret("1"),
                in: .secrets(in: "default"),
                timeout: .seconds(5)
            )
            let version = try XCTUnwrap(made.root["metadata"]?["resourceVersion"])
            let patch = JSONPatch([
                .test(JSONPointer(["metadata", "resourceVersion"]), value: Array(version.rawBytes)),
                .add(JSONPointer(["data", "k"]), value: Array(#""Mg==""#.utf8)),
            ])
            let patched = try await client.patch(path, with: patch, timeout: .seconds(5))
            XCTAssertEqual(patched.root["data"]?["k"]?.string(), "Mg==")
            let again = await error { try await client.patch(path, with: patch, timeout: .seconds(5)) }
            XCTAssertEqual(again, .conflict)
        }
    }

    func testAPatchThatTestsNothingIsNoRace() async throws {
        try await withClient { client, _ in
            _ = try await client.create(secret("1"), in: .secrets(in: "default"), timeout: .seconds(5))
            let broken = JSONPatch([.remove(JSONPointer(["data", "none"]))])
            let refused = await error { try await client.patch(path, with: broken, timeout: .seconds(5)) }
            XCTAssertEqual(refused, .refused(status: 422, reason: "Invalid"))
        }
    }
}
