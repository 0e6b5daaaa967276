import GTokenCore

/// What an installation did, or would do, with the proof that it works.
struct InstallReport: Sendable {
    var changes: [ObjectChange]
    /// What was looked at afterwards; none in a dry run.
    var proof: CheckedSection?
    /// What to know, and what to run.
    var notes: [String] = []
    var isDryRun: Bool

    private var setup: SetupReport {
        var outcomes: [ObjectID: SetupOutcome] = [:]
        for change in changes { outcomes[change.object] = .done(change) }
        return SetupReport(outcomes)
    }

    /// Whether everything that was looked at is well.
    var isWell: Bool { proof?.isWell ?? true }

    /// For people.
    func text(_ style: Style) -> String {
        let text = ChangeText(style: style)
        var lines = changes.filter { isDryRun ? $0.action != .keep : $0.action == .leave }.map(text.text)
        lines += notes.map { "note: \($0)" }
        if let proof {
            let checks = DoctorText(style: style).text([proof])
            lines.append(style.bold(setup.summary(isDryRun: isDryRun)))
            return lines.joined(separator: "\n") + "\n" + checks
        }
        lines.append(style.bold(setup.summary(isDryRun: isDryRun)))
        return lines.joined(separator: "\n") + "\n"
    }

    /// One JSON document, for programs.
    func json() -> String {
        var writer = JSONWriter()
        writer.object { object in
            var documents = [setup.json(isDryRun: isDryRun)]
            if let proof { documents.append(DoctorText.json([proof])) }
            for document in documents {
                guard let root = try? JSONDocument(Array(document.utf8)).root else { continue }
                for member in root.members { object.member(member.name) { $0.raw(member.value.rawBytes) } }
            }
            object.member("notes") { list in
                list.array { list in
                    for note in notes { list.value(note) }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }
}
