import Foundation
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// `gtokenctl completion`, read by the shells themselves.
final class CompletionTests: XCTestCase {
    private static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, text: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (stdin, stdout)
        process.standardError = stdout
        try process.run()
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static func script(_ shell: String) throws -> String {
        let result = try run([BuiltTool.path("gtokenctl"), "completion", shell])
        XCTAssertEqual(result.status, 0, result.text)
        return result.text
    }

    func testBashCompletesCommandsOptionsAndTheirWords() throws {
        let script = try Self.script("bash")
        let cases: [(words: [String], expected: Set<String>)] = [
            (["gtokenctl", "tru"], ["trust-policy"]),
            (["gtokenctl", "completion", ""], ["bash", "zsh", "fish", "--help", "--version"]),
            (["gtokenctl", "plan", "--out"], ["--output="]),
            (["gtokenctl", "plan", "--adop"], ["--adopt"]),
            (["gtokenctl", "plan", "--output", ""], ["text", "json"]),
            (["gtokenctl", "plan", "-o", "j"], ["json"]),
            (["gtokenctl", "plan", "--output", "="], ["text", "json"]),
            (["gtokenctl", "plan", "--identity", "=", "clu"], ["cluster"]),
            (["gtokenctl", "plan", "--project", "=", ""], []),
            (["gtokenctl", "emulate", "--adop"], []),
            (["gtokenctl", "manifests", "--file", "=", "/proc/cpuinf"], ["/proc/cpuinfo"]),
        ]
        for (words, expected) in cases {
            let line = words.map { "'\($0)'" }.joined(separator: " ")
            let result = try Self.run(
                ["bash", "--norc", "-euo", "pipefail"],
                input: "\(script)\nCOMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1); _gtokenctl\n"
                    + #"printf '%s\n' "${COMPREPLY[@]}""#
            )
            XCTAssertEqual(result.status, 0, result.text)
            let offered = Set(result.text.split(separator: "\n").map(String.init))
            XCTAssertTrue(
                words.last == "" && expected.isEmpty ? offered.isEmpty : offered == expected,
                "\(words): \(offered)"
            )
        }
    }

    func testBashIsToldEveryCommand() throws {
        let script = try Self.script("bash")
        let result = try Self.run(
            ["bash", "--norc"],
            input: script
                + #"COMP_WORDS=(gtokenctl ""); COMP_CWORD=1; _gtokenctl; printf '%s\n' "${COMPREPLY[@]}""#
        )
        let offered = result.text.split(separator: "\n").map(String.init)
        XCTAssertEqual(
            offered.filter { !$0.hasPrefix("--") },
            ControlCommand.specification.commands.map(\.name)
        )
    }

    /// Types lines into an interactive zsh, presses Tab, and prints what they have become.
    private static let typist = #"""
        zmodload zsh/zpty
        script=$1; shift
        zpty -b shell "TERM=dumb zsh -fi"
        zpty -w shell "PS1=; stty -echo; autoload -Uz compinit; compinit -D -u; source ${(q)script}"
        zpty -w shell 'told() { zle complete-word; print -r -- "<<$BUFFER"">>"; zle kill-buffer }; zle -N told'
        zpty -w shell 'bindkey "^I" told; print -r -- "<<ready"">>"'
        zpty -r shell output '*<<ready>>*'
        for line in "$@"; do
            zpty -w -n shell "$line"$'\t'
            zpty -r shell output '*<<*>>*'
            print -r -- "${${output##*<<}%%>>*}"
        done
        """#

    func testZshCompletesCommandsOptionsAndTheirWords() throws {
        try XCTSkipUnless(BuiltTool.isInstalled("zsh"), "zsh is not installed")
        let folder = try TemporaryDirectory()
        let script = try folder.write("completion.zsh", Array(Self.script("zsh").utf8))
        let typist = try folder.write("typist.zsh", Array(Self.typist.utf8))
        let cases = [
            ("gtokenctl tru", "gtokenctl trust-policy "),
            ("gtokenctl completion z", "gtokenctl completion zsh "),
            ("gtokenctl plan --outp", "gtokenctl plan --output="),
            ("gtokenctl plan --adop", "gtokenctl plan --adopt"),
            ("gtokenctl plan --output=j", "gtokenctl plan --output=json "),
            ("gtokenctl plan -o j", "gtokenctl plan -o json "),
            ("gtokenctl manifests --file=/proc/cpuinf", "gtokenctl manifests --file=/proc/cpuinfo "),
            ("gtokenctl emulate --adop", "gtokenctl emulate --adop"),
        ]
        let result = try Self.run(
            ["timeout", "60", "zsh", "-f", typist, script] + cases.map(\.0)
        )
        XCTAssertEqual(result.status, 0, result.text)
        XCTAssertEqual(result.text.split(separator: "\n").map(String.init), cases.map(\.1))
    }

    func testFishCompletesCommandsOptionsAndTheirWords() throws {
        try XCTSkipUnless(BuiltTool.isInstalled("fish"), "fish is not installed")
        let script = try Self.script("fish")
        for (line, expected) in [
            ("gtokenctl tru", "trust-policy"), ("gtokenctl plan --outp", "--output"),
            ("gtokenctl plan --output j", "json"),
        ] {
            let result = try Self.run(["fish", "--no-config"], input: "\(script)\ncomplete -C '\(line)'\n")
            XCTAssertEqual(result.status, 0, result.text)
            XCTAssertTrue(result.text.hasPrefix(expected), "\(line): \(result.text)")
        }
    }
}
