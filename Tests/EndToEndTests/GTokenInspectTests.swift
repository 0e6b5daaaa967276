import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The built `gtoken inspect`, with tokens whose signature is a text that must not be printed.
final class GTokenInspectTests: XCTestCase {
    private static let signature = "bm90IGEgcmVhbCBzaWduYXR1cmU"

    private func token(_ claims: String) -> String {
        let parts = [#"{"alg":"RS256","kid":"key-1"}"#, claims].map { Base64URL.encode(Array($0.utf8)) }
        return (parts + [Self.signature]).joined(separator: ".")
    }

    private func inspect(_ text: String, _ arguments: [String] = []) async throws -> Program.Result {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let loop = group.next()
        let program = Program([BuiltTool.path("gtoken"), "inspect"] + arguments, input: Array(text.utf8))
        let result = try await withTaskExecutorPreference(loop) { try await program.run(on: loop) }
        PrintedOutput.keep(result.output, as: "inspect")
        XCTAssertFalse(String(decoding: result.output, as: UTF8.self).contains(Self.signature))
        return result
    }

    func testShowsWhatAWSCompares() async throws {
        let cases: [(claims: String, conditions: String, note: String?)] = [
            (
                #"{"iss":"https://accounts.google.com","sub":"123","azp":"123","aud":"our-audience","exp":4102444800}"#,
                #"{"accounts.google.com:sub":["123"],"accounts.google.com:aud":["123"],"accounts.google.com:oaud":["our-audience"]}"#,
                nil
            ),
            (
                #"{"iss":"https://accounts.google.com","sub":"123","azp":"a@p.iam.gserviceaccount.com","aud":"x","exp":4102444800}"#,
                #"{"accounts.google.com:sub":["123"],"accounts.google.com:aud":["a@p.iam.gserviceaccount.com"],"accounts.google.com:oaud":["x"]}"#,
                "azp is an e-mail"
            ),
            (
                #"{"iss":"https://container.googleapis.com/v1/projects/p","sub":"system:serviceaccount:n:a","aud":["sts.amazonaws.com"],"exp":1}"#,
                #"{"container.googleapis.com/v1/projects/p:sub":["system:serviceaccount:n:a"],"container.googleapis.com/v1/projects/p:aud":["sts.amazonaws.com"]}"#,
                "the token has expired"
            ),
        ]
        for (claims, conditions, note) in cases {
            let result = try await inspect(token(claims) + "\n", ["--output=json"])
            XCTAssertEqual(result.status, 0)
            let root = try JSONDocument(result.output).root
            XCTAssertTrue(
                try XCTUnwrap(root["conditions"]).isEqual(to: JSONDocument(Array(conditions.utf8)).root)
            )
            XCTAssertTrue(try XCTUnwrap(root["claims"]).isEqual(to: JSONDocument(Array(claims.utf8)).root))
            let notes = root["notes"]?.elements.compactMap { $0.string() } ?? []
            XCTAssertEqual(notes.isEmpty, note == nil)
            if let note { XCTAssertTrue(notes[0].hasPrefix(note), notes[0]) }
        }
    }

    func testReadsWellWhateverATokenSays() async throws {
        let claims =
            #"{"iss":"https://accounts.google.com","sub":"1\u001b[31m","aud":"a","exp":4102444800,"google":{"x":1}}"#
        let folder = try TemporaryDirectory()
        let path = try folder.write("token", Array(token(claims).utf8))
        let result = try await inspect("", ["--file=\(path)"])
        XCTAssertEqual(result.status, 0)
        let text = String(decoding: result.output, as: UTF8.self)
        for line in [
            "  iss          https://accounts.google.com\n", "  sub          1\u{FFFD}[31m\n",
            "  google       {\"x\":1}\n", "  signed with  RS256, key key-1; not verified\n",
            "  exp          4102444800  2100-01-01T00:00:00Z, in ", "\n  accounts.google.com:oaud  a\n",
        ] { XCTAssertTrue(text.contains(line), text) }
    }

    func testWhatIsNoTokenIsNotWell() async throws {
        for text in ["", "x", "a.b.c", String(repeating: "a", count: 30_000)] {
            let result = try await inspect(text)
            XCTAssertEqual(result.status, 1, text.prefix(10).description)
            XCTAssertEqual(result.output, [])
            XCTAssertTrue(
                String(decoding: result.errors, as: UTF8.self).hasPrefix("gtoken: error: standard input")
            )
        }
        let missing = try await inspect("", ["--file=/nowhere/token"])
        XCTAssertEqual(missing.status, 1)
    }
}
