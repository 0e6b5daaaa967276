import GTokenCore
import GTokenRuntime

/// What the reader of the demo is told: step by step as it happens, or as one JSON document at the end.
final class DemoReport {
    private let form: OutputForm
    private let usesColor = StandardOutput.isTerminal
    private var steps = 0
    private var chapters: [(name: String, facts: [(name: String, json: [UInt8])])] = []

    init(_ form: OutputForm) { self.form = form }

    /// Begins what is told about one identity; in the JSON document that is an object.
    func chapter(_ identity: RoleAnnotations.Identity, _ title: String) throws(ToolError) {
        chapters.append((identity.rawValue, []))
        try heading("Identity \(identity.rawValue): a Pod is known to AWS \(title)")
    }

    /// Begins a step.
    func step(_ title: String) throws(ToolError) {
        steps += 1
        try heading("\(steps). \(title)")
    }

    private func heading(_ text: String) throws(ToolError) {
        try line("")
        try line(usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text)
    }

    /// Says something about the step.
    func say(_ text: String) throws(ToolError) { try line("   \(text)") }

    /// Shows a JSON value as YAML.
    func show(_ value: JSONValue) throws(ToolError) {
        for text in YAMLText.lines(value, indentation: 6) { try line(text) }
    }

    /// Shows names and what they stand for, in two columns.
    func show(_ pairs: [(name: String, value: String)]) throws(ToolError) {
        let width = pairs.map(\.name.count).max() ?? 0
        for (name, value) in pairs {
            try line("      \(name)\(String(repeating: " ", count: width - name.count))  \(value)")
        }
    }

    /// Says that something is as it should be.
    func confirm(_ text: String) throws(ToolError) {
        try line(usesColor ? "   \u{1B}[32m✓\u{1B}[0m \(text)" : "   ✓ \(text)")
    }

    /// Keeps a result of the chapter for the JSON document.
    func record(_ name: String, _ json: [UInt8]) {
        guard !chapters.isEmpty else { return }
        chapters[chapters.count - 1].facts.append((name, json))
    }

    /// Keeps a result of the chapter for the JSON document.
    func record(_ name: String, _ text: String) {
        var writer = JSONWriter()
        writer.value(text)
        record(name, writer.bytes)
    }

    /// Says that everything went as documented.
    func conclude(_ outcomes: [DemoOutcome], took: Duration) throws(ToolError) {
        switch form {
        case .text:
            try heading("The Pods call AWS as")
            try show(outcomes.map { ("identity \($0.subject.identity.rawValue)", $0.callerARN) })
            let tenths = took.components.seconds * 10 + took.components.attoseconds / 100_000_000_000_000_000
            try line("(everything above in \(tenths / 10).\(tenths % 10) s, without a stored key)")
        case .json:
            var writer = JSONWriter()
            writer.object { object in
                for chapter in chapters {
                    object.member(chapter.name) { chapterObject in
                        chapterObject.object { object in
                            for fact in chapter.facts { object.member(fact.name) { $0.raw(fact.json) } }
                        }
                    }
                }
            }
            try StandardOutput.writeResult(String(decoding: writer.bytes, as: UTF8.self) + "\n")
        }
    }

    /// Says how a client of the user's own finds the emulators, as the Pod of each identity; where the result is
    /// JSON, on standard error.
    func invite(
        _ environments: [(identity: RoleAnnotations.Identity, variables: [(name: String, value: String)])]
    ) throws(ToolError) {
        var lines = ["", "The emulators stay until Ctrl-C. In another terminal,"]
        for (identity, variables) in environments {
            lines += ["", "as the Pod of identity \(identity.rawValue):", ""]
            lines += variables.map { "export \($0.name)=\($0.value)" }
            lines += ["aws sts get-caller-identity"]
        }
        for text in lines + [""] {
            if form == .text { try line(text) } else { StandardError.writeLine(text) }
        }
    }

    private func line(_ text: String) throws(ToolError) {
        if form == .text { try StandardOutput.writeResult(text + "\n") }
    }
}
