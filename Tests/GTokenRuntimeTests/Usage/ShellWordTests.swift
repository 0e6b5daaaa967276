import GTokenRuntime
import TestSupport
import XCTest

final class ShellWordTests: XCTestCase {
    func testAShellReadsTheTextBack() throws {
        let folder = try TemporaryDirectory()
        let texts = [
            "", "plain", "user:o'neill@example.com; rm -rf /", "'", "''", "a b", "$HOME `id` \"x\" \\",
            "*?[a]", "~",
            "#x", "a\nb", "=ls", "ü", "projects/a-b_c.d@e,f:9",
        ]
        let words = texts.map(\.shellQuoted).joined(separator: " ")
        let shell = try ChildProcess(
            ["/bin/sh", "-c", "printf '%s|' \(words)"],
            environment: [:],
            standardOutput: .file(folder.file("words.log"))
        )
        XCTAssertEqual(shell.waitBlocking(), 0)
        XCTAssertEqual(folder.text("words.log"), texts.map { $0 + "|" }.joined())
    }

    func testWhatMeansNothingToAShellIsNotQuoted() {
        XCTAssertEqual("roles/owner".shellQuoted, "roles/owner")
        XCTAssertEqual("a b".shellQuoted, "'a b'")
        XCTAssertEqual("=a".shellQuoted, "'=a'", "the Z shell would look for a command")
        XCTAssertEqual("".shellQuoted, "''")
    }
}
