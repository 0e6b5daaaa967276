import GTokenCore

/// A report of an audit as it is printed.
struct AuditText {
    let style: Style

    /// For people.
    func text(_ report: Audit.Report) -> String {
        var lines: [String] = []
        for finding in report.findings {
            let place = finding.object + (finding.statement.map { ", Statement[\($0)]" } ?? "")
            lines.append("\(severity(finding.severity)) \(style.bold(place)): \(finding.flaw)")
            lines.append("         what: \(finding.what)")
            lines.append("         why:  \(finding.why)")
            lines.append("         hint: \(finding.hint)")
        }
        for (role, policy) in report.corrections {
            lines.append(style.bold("corrected trust policy of \(role):"))
            if let document = try? JSONDocument(policy.encoded) {
                lines.append(PrettyJSONText.text(document.root))
            }
        }
        lines += report.notes.map { style.dim("note: \($0)".inOneLine) }
        lines.append(style.bold(summary(report)))
        return lines.joined(separator: "\n") + "\n"
    }

    private func severity(_ severity: FindingSeverity) -> String {
        let name = severity.rawValue + String(repeating: " ", count: 8 - severity.rawValue.count)
        return switch severity {
        case .critical, .high: style.red(name)
        case .medium: style.yellow(name)
        case .low: style.dim(name)
        }
    }

    private func summary(_ report: Audit.Report) -> String {
        let counts = FindingSeverity.allCases.compactMap { severity -> String? in
            let count = report.findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)"
        }
        return "\(report.roleCount) roles, \(report.concernedRoleCount) for Pods on GKE: "
            + (counts.isEmpty ? "nothing unsafe" : counts.joined(separator: ", "))
    }

    /// One JSON document, for programs.
    static func json(_ report: Audit.Report) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("roles", report.roleCount)
            object.member("rolesForPods", report.concernedRoleCount)
            object.member("findings") { list in
                list.array { list in
                    for finding in report.findings { write(finding, to: &list) }
                }
            }
            object.member("corrections") { list in
                list.array { list in
                    for (role, policy) in report.corrections {
                        list.object { correction in
                            correction.member("role", "\(role)")
                            correction.member("trustPolicy") { policy.write(to: &$0) }
                        }
                    }
                }
            }
            object.member("notes") { list in
                list.array { list in
                    for note in report.notes { list.value(note) }
                }
            }
            object.member("isComplete", report.failures.isEmpty)
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private static func write(_ finding: AuditFinding, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("severity", finding.severity.rawValue)
            object.member("flaw", finding.flaw)
            object.member("object", finding.object)
            if let role = finding.role { object.member("role", "\(role)") }
            if let statement = finding.statement { object.member("statement", statement) }
            object.member("what", finding.what)
            object.member("why", finding.why)
            object.member("hint", finding.hint)
        }
    }
}
