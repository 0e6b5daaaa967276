extension OptionKind where Value == Bool {
    /// A flag; its value, where it is given one, is what Go's `strconv.ParseBool` takes.
    package static var flag: OptionKind {
        OptionKind("", expecting: "true or false") { text in
            switch text {
            case "1", "t", "T", "true", "TRUE", "True": true
            case "0", "f", "F", "false", "FALSE", "False": false
            default: nil
            }
        }
    }
}

extension OptionKind where Value == Bool {
    /// A truth value that has to be written: `true` or `false`.
    package static var truth: OptionKind {
        OptionKind("true|false", expecting: "true or false", choices: ["true", "false"]) {
            OptionKind.flag.parse($0)
        }
    }
}

extension OptionKind where Value == Duration {
    /// A duration in Go's form, within these limits.
    package static func duration(_ limits: ClosedRange<Duration>) -> OptionKind {
        let expectation =
            "a duration such as 30s or 1h30m, from \(limits.lowerBound.goText) to \(limits.upperBound.goText)"
        return OptionKind("DURATION", expecting: expectation) { text in
            Duration(goText: text).flatMap { limits.contains($0) ? $0 : nil }
        }
    }
}

extension OptionKind where Value == String {
    /// A path of the file system.
    package static var path: OptionKind {
        OptionKind("PATH", expecting: "a path") { $0.utf8.contains(0) ? nil : $0 }
    }

    /// A text of printable characters without white space.
    package static func word(_ placeholder: String, expecting expectation: String) -> OptionKind {
        OptionKind(placeholder, expecting: expectation) { text in
            text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? text : nil
        }
    }
}

extension OptionKind where Value == FileMode {
    /// The permission bits of a file with a token.
    package static var fileMode: OptionKind {
        let expectation =
            "an octal mode such as 0644 or 0440 that lets the owner read and only the owner write"
        return OptionKind("MODE", expecting: expectation, parse: FileMode.init(octal:))
    }
}

extension OptionKind where Value: RawRepresentable<String> & CaseIterable {
    /// One of the type's words.
    package static func choice(_ placeholder: String) -> OptionKind {
        let words = Value.allCases.map(\.rawValue)
        let expectation = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return OptionKind(placeholder, expecting: expectation, choices: words) { Value(rawValue: $0) }
    }
}

extension OptionKind {
    /// A name with a parser of its own.
    package static func name<Failure: Error>(
        _ placeholder: String,
        expecting expectation: String,
        _ parser: @escaping @Sendable (String) throws(Failure) -> Value
    ) -> OptionKind {
        OptionKind(placeholder, expecting: expectation) { text in
            do throws(Failure) {
                return try parser(text)
            } catch {
                return nil
            }
        }
    }
}
