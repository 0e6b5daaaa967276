import GTokenCore

/// What a doctor found, as it is printed.
struct DoctorText {
    let style: Style

    /// For people.
    func text(_ sections: [CheckedSection]) -> String {
        var lines: [String] = []
        for section in sections where !section.results.isEmpty {
            lines.append(style.bold(section.title))
            for result in section.results {
                lines.append("\(mark(result.state)) \(result.name): \(result.detail)")
                if let hint = result.hint { lines.append("    hint: \(hint)") }
            }
            lines.append("")
        }
        let results = sections.flatMap(\.results)
        let counts = [
            (CheckResult.State.failed, "failed"), (.warning, "to look at"), (.skipped, "skipped"),
            (.ok, "well"),
        ]
        .compactMap { state, words -> String? in
            let count = results.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(words)"
        }
        lines.append(style.bold(counts.joined(separator: ", ")))
        return lines.joined(separator: "\n") + "\n"
    }

    private func mark(_ state: CheckResult.State) -> String {
        switch state {
        case .ok: style.green("√")
        case .warning: style.yellow("‼")
        case .failed: style.red("×")
        case .skipped: style.dim("-")
        }
    }

    /// One JSON document, for programs.
    static func json(_ sections: [CheckedSection]) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("isWell", sections.allSatisfy(\.isWell))
            object.member("sections") { list in
                list.array { list in
                    for section in sections where !section.results.isEmpty { write(section, to: &list) }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private static func write(_ section: CheckedSection, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("title", section.title)
            object.member("checks") { list in
                list.array { list in
                    for result in section.results {
                        list.object { check in
                            check.member("name", result.name)
                            check.member("state", result.state.rawValue)
                            check.member("detail", result.detail)
                            if let hint = result.hint { check.member("hint", hint) }
                        }
                    }
                }
            }
        }
    }
}
