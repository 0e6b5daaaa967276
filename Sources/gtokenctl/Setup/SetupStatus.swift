import GTokenCore
import GTokenRuntime

/// `gtokenctl status`: each binding, and what about it is not as it should be.
struct SetupStatus {
    private struct Line {
        let binding: Binding
        let problems: [String]
    }

    private let lines: [Line]
    private let failures: Int

    init(_ work: SetupWork, _ bindings: [Binding], _ report: SetupReport) {
        failures = report.failures.count
        let outcomes = Dictionary(uniqueKeysWithValues: report.outcomes.map { ($0.object, $0.outcome) })
        lines = bindings.map { binding in
            let problems = work.objects(of: binding).sorted().compactMap { object -> String? in
                switch outcomes[object] {
                case .done(let change) where change.action == .create: "\(object) is not there"
                case .done(let change) where change.isChange: "\(object): \(Self.words(change))"
                case .failed(let error): "\(object): \(SetupFailure(error).message.inOneLine)"
                default: nil
                }
            }
            return Line(binding: binding, problems: problems)
        }
    }

    private static func words(_ change: ObjectChange) -> String {
        change.details.compactMap { detail in
            switch detail {
            case .add(let name, let value): "no \(name) \(value)"
            case .remove(let name, let value): "\(name) \(value) too much"
            case .change(let name, let from, let to): "\(name) is \(from), not \(to)"
            case .document(let name, let from, _): from == nil ? "no \(name)" : "another \(name)"
            case .note: nil
            }
        }.joined(separator: "; ").inOneLine
    }

    /// Prints it; answers how the tool ends.
    func finish(_ output: OutputForm, _ style: Style) throws -> ExitCode {
        switch output {
        case .text:
            var text = ""
            for line in lines {
                text += line.problems.isEmpty ? style.green("ok       ") : style.red("drifted  ")
                text += "\(line.binding.title): \(line.binding.role.name)\n"
                for problem in line.problems { text += "         \(problem)\n" }
            }
            try StandardOutput.writeResult(text)
        case .json:
            var writer = JSONWriter()
            writer.array { list in
                for line in lines {
                    list.object { object in
                        object.member("serviceAccount", "\(line.binding.serviceAccount)")
                        object.member("cluster", "\(line.binding.cluster)")
                        object.member("role", "\(line.binding.role.name)")
                        object.member("isHealthy", line.problems.isEmpty)
                        object.member("problems") { problems in
                            problems.array { problems in
                                for problem in line.problems { problems.value(problem) }
                            }
                        }
                    }
                }
            }
            try StandardOutput.writeResult(String(decoding: writer.bytes, as: UTF8.self) + "\n")
        }
        return lines.allSatisfy(\.problems.isEmpty) ? .done : .unwell
    }
}
