import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// How a mirror of the API's objects is kept, over real connections, with a clock that does not wait.
final class KubernetesReflectorTests: XCTestCase {
    /// Notes what it is told.
    private actor Notes: KubernetesMirror {
        private(set) var lines: [String] = []
        private(set) var names: Set<String> = []
        private var seen: Set<String> = []

        private func name(_ object: JSONValue) -> String { object["metadata"]?["name"]?.string() ?? "?" }

        func listBegan() {
            lines.append("list")
            seen = []
        }
        func put(_ object: JSONValue) {
            lines.append("put \(name(object))")
            names.insert(name(object))
            seen.insert(name(object))
        }
        func remove(_ object: JSONValue) {
            lines.append("remove \(name(object))")
            names.remove(name(object))
        }
        func listEnded() {
            lines.append("listed")
            names.formIntersection(seen)
        }
        func heard() {}
        func failed(_ error: KubernetesError) { lines.append("failed: \(error)") }
    }

    private static func object(_ name: String, _ version: Int) -> String {
        #"{"kind":"PartialObjectMetadata","metadata":{"namespace":"ns","name":"\#(name)","resourceVersion":"\#(version)"}}"#
    }

    private static func list(_ objects: [String], version: Int, next: String = "") -> HTTPResponse {
        .json(
            #"{"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"\#(version)","continue":"\#(next)"},"#
                + #""items":[\#(objects.joined(separator: ","))]}"#
        )
    }

    private static func events(_ lines: (String, String)...) -> HTTPResponse {
        .json(lines.map { #"{"type":"\#($0)","object":\#($1)}"# + "\n" }.joined())
    }

    /// Runs a reflector until the server's script is over and some time has passed; what it did and asked.
    private func reflect(
        _ answers: [HTTPResponse],
        for time: Duration = .seconds(600),
        name: String? = nil
    ) async throws -> (notes: [String], names: Set<String>, targets: [String], sleeps: [Duration]) {
        let api = try ScriptedAPI { number, request in
            number < answers.count ? answers[number] : Self.events(("BOOKMARK", Self.object("", 999)))
        }
        let notes = Notes()
        let clock = ManualClock()
        clock.letSleepsPass(for: time)
        let reflector = KubernetesReflector(
            client: api.client,
            selection: KubernetesSelection(.serviceAccounts, name: name, isMetadataOnly: true),
            mirror: notes,
            clock: clock
        )
        do throws(CancellationError) { try await reflector.run() } catch {}
        let result = await (
            notes.lines, notes.names, Array(api.targets.prefix(answers.count + 1)), clock.sleeps
        )
        await api.stop()
        return result
    }

    private func query(_ target: String) -> HTTPForm { HTTPRequest(method: "GET", target: target).queryItems }

    func testListsInPagesAndWatchesFromThere() async throws {
        let result = try await reflect([
            Self.list([Self.object("a", 1), Self.object("b", 2)], version: 50, next: "token/1=="),
            Self.list([Self.object("c", 3)], version: 50),
            Self.events(
                ("ADDED", Self.object("d", 51)),
                ("MODIFIED", Self.object("a", 52)),
                ("DELETED", Self.object("b", 53)),
                ("BOOKMARK", Self.object("", 60))
            ),
        ])
        XCTAssertEqual(
            result.notes,
            ["list", "put a", "put b", "put c", "listed", "put d", "put a", "remove b"]
        )
        XCTAssertEqual(result.names, ["a", "c", "d"])
        XCTAssertEqual(query(result.targets[0])["limit"], "500")
        XCTAssertEqual(query(result.targets[1])["continue"], "token/1==")
        let watch = query(result.targets[2])
        XCTAssertEqual(watch["watch"], "true")
        XCTAssertEqual(watch["allowWatchBookmarks"], "true")
        XCTAssertEqual(watch["resourceVersion"], "50")
        let life = try XCTUnwrap(watch["timeoutSeconds"].flatMap(Int.init))
        XCTAssertTrue((300...600).contains(life), "\(life)")
        XCTAssertEqual(query(result.targets[3])["resourceVersion"], "60", "goes on after the bookmark")
    }

    func testBeginsAnewWhereTheServerNoLongerRemembers() async throws {
        let gone = #"{"kind":"Status","reason":"Expired","code":410}"#
        for ending in [Self.events(("ERROR", gone)), .failure(410, "Gone")] {
            let result = try await reflect([
                Self.list([Self.object("a", 1), Self.object("b", 2)], version: 50),
                ending,
                Self.list([Self.object("b", 2), Self.object("c", 70)], version: 70),
            ])
            XCTAssertEqual(
                result.notes,
                ["list", "put a", "put b", "listed", "list", "put b", "put c", "listed"]
            )
            XCTAssertEqual(result.names, ["b", "c"], "what the second list lacks is gone")
            XCTAssertEqual(query(result.targets[3])["resourceVersion"], "70")
        }
    }

    func testAListThatTakesTooLongBeginsAnew() async throws {
        let result = try await reflect([
            Self.list([Self.object("a", 1)], version: 50, next: "token"), .failure(410, "Expired"),
            Self.list([Self.object("b", 1)], version: 60),
        ])
        XCTAssertEqual(result.notes, ["list", "put a", "list", "put b", "listed"])
        XCTAssertNil(query(result.targets[2])["continue"])
        XCTAssertEqual(result.names, ["b"])
    }

    func testAServerThatFailsIsAskedGentlyAndWhatIsKnownStays() async throws {
        let list = Self.list([Self.object("a", 1)], version: 50)
        for status in [401, 429, 500, 503] {
            let failures = Array(repeating: HTTPResponse.failure(status, ""), count: 4)
            let result = try await reflect([list] + failures + [Self.events(("ADDED", Self.object("b", 51)))])
            XCTAssertEqual(
                result.notes,
                ["list", "put a", "listed"]
                    + Array(repeating: "failed: the Kubernetes API answered \(status)", count: 4) + ["put b"]
            )
            XCTAssertEqual(result.names, ["a", "b"])
            for (sleep, most) in zip(result.sleeps, [250, 500, 1000, 2000]) {
                XCTAssertLessThanOrEqual(sleep, .milliseconds(most))
                XCTAssertGreaterThanOrEqual(sleep, .milliseconds(50))
            }
        }
    }

    func testARightThatIsMissingIsAskedForOnceAMinute() async throws {
        let denied = Array(repeating: HTTPResponse.failure(403, "Forbidden"), count: 3)
        let result = try await reflect(denied + [Self.list([Self.object("a", 1)], version: 1)])
        XCTAssertEqual(Array(result.sleeps.prefix(3)), Array(repeating: .seconds(60), count: 3))
        XCTAssertEqual(result.names, ["a"])
    }

    func testWhatIsNoEventIsNotReadForEver() async throws {
        for line in [
            "{}\n", "[]\n", "not JSON\n", #"{"type":"ADDED"}"# + "\n", #"{"type":"X","object":{}}"# + "\n",
            #"{"type":"BOOKMARK","object":{"metadata":{}}}"# + "\n",
        ] {
            let result = try await reflect([
                Self.list([Self.object("a", 1)], version: 50), .json(line),
                Self.list([Self.object("b", 2)], version: 51),
            ])
            XCTAssertEqual(result.names, ["b"], "listed anew after \(line)")
        }
    }

    func testAListThatIsNoneIsAskedForAgain() async throws {
        for text in [
            "{}", "[]", #"{"metadata":{},"items":[]}"#, #"{"metadata":{"resourceVersion":"1"},"items":{}}"#,
        ] {
            let result = try await reflect([.json(text), Self.list([Self.object("a", 1)], version: 1)])
            XCTAssertEqual(result.names, ["a"], text)
        }
    }

    func testAnEmptyCollectionIsAList() async throws {
        let empty = #"{"metadata":{"resourceVersion":"7"},"items":null}"#
        let result = try await reflect([.json(empty)])
        XCTAssertEqual(result.notes, ["list", "listed"])
    }

    func testOneObjectIsSelectedByItsName() async throws {
        let result = try await reflect([Self.list([], version: 5)], name: "only")
        for target in result.targets {
            XCTAssertEqual(query(target)["fieldSelector"], "metadata.name=only", target)
        }
    }

    func testMetadataIsAskedForByItsMediaTypeAndTheTokenIsReadEachTime() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("token", Array("first".utf8))
        let api = try ScriptedAPI(credential: .tokenFile(path)) { number, _ in
            if number == 0 { _ = try? directory.write("token", Array("second".utf8)) }
            return number == 0 ? Self.list([], version: 5) : Self.events()
        }
        let clock = ManualClock()
        clock.letSleepsPass(for: .milliseconds(1))
        let reflector = KubernetesReflector(
            client: api.client,
            selection: KubernetesSelection(.serviceAccounts, isMetadataOnly: true),
            mirror: Notes(),
            clock: clock
        )
        do throws(CancellationError) { try await reflector.run() } catch {}
        let requests = await api.requests
        XCTAssertEqual(
            requests.map { $0.headers["Accept"] },
            ["List", ""].map {
                "application/json;as=PartialObjectMetadata\($0);g=meta.k8s.io;v=v1, application/json"
            }
        )
        XCTAssertEqual(requests.map { $0.headers["Authorization"] }, ["Bearer first", "Bearer second"])
        await api.stop()
    }
}
