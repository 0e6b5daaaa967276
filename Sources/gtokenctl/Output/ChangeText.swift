import GTokenCore

/// A change as people read it: the object's line, and below it what differs.
struct ChangeText {
    let style: Style

    /// The lines, without a line feed at the end.
    func text(_ change: ObjectChange) -> String {
        ([head(change)] + change.details.flatMap(lines)).joined(separator: "\n")
    }

    private func head(_ change: ObjectChange) -> String {
        switch change.action {
        case .keep: style.dim("  \(change.object)")
        case .create: style.green("+ \(change.object)")
        case .update: style.yellow("~ \(change.object)")
        case .delete: style.red("- \(change.object)")
        case .leave: style.dim("  \(change.object): stays")
        }
    }

    private func lines(_ detail: ObjectChange.Detail) -> [String] {
        switch detail {
        case .add(let name, let value): [style.green("    + \(name): \(value.shown)")]
        case .remove(let name, let value):
            [style.red("    - \(name)" + (value.isEmpty ? "" : ": \(value.shown)"))]
        case .change(let name, let from, let to):
            [style.yellow("    ~ \(name): \(from.shown) -> \(to.shown)")]
        case .note(let text): ["    \(text.shown)"]
        case .document(let name, let from, let to): document(name, Self.lines(of: from), Self.lines(of: to))
        }
    }

    /// The lines that differ, with those that do not.
    private func document(_ name: String, _ before: [String], _ after: [String]) -> [String] {
        let difference = after.difference(from: before)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        let mark = before.isEmpty ? "+" : after.isEmpty ? "-" : "~"
        var lines = ["    \(mark) \(name):"]
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if removed.contains(old) {
                lines.append(style.red("      - \(before[old])"))
                old += 1
            } else if inserted.contains(new) {
                lines.append(style.green("      + \(after[new])"))
                new += 1
            } else {
                lines.append("        \(after[new])")
                old += 1
                new += 1
            }
        }
        return lines
    }

    private static func lines(of document: JSONDocument?) -> [String] {
        guard let document else { return [] }
        return PrettyJSONText.text(document.root).split(separator: "\n").map(String.init)
    }
}

extension String {
    /// What a terminal may be shown.
    fileprivate var shown: String { inOneLine }
}
