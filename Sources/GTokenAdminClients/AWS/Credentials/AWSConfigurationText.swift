/// The sections of one of AWS's shared files, as the AWS CLI reads them with Python's `configparser`.
///
/// A section's name stands in brackets; `name = value` or `name: value` follow, names in lower case; a line that is
/// indented deeper goes on with the value above; whole lines that begin with `#` or `;` are comments. A section or a
/// name that stands twice is an error. What `[DEFAULT]` has, every section has.
struct AWSConfigurationText: Equatable {
    /// A value: a text, or names and texts below it where nothing stands on its own line.
    enum Value: Equatable {
        case text(String)
        case nested([String: String])
    }

    /// A section.
    struct Section: Equatable {
        let name: String
        var values: [String: Value]
    }

    /// Why a line, counted from 1, cannot be read.
    struct Malformed: Error, Equatable {
        let line: Int
        let reason: String
    }

    /// The largest file; ten thousand profiles take half of it.
    static let maxBytes = 1 << 20

    /// In the order of the file.
    private(set) var sections: [Section] = []

    /// Reads a file's bytes.
    init(parsing bytes: [UInt8]) throws(Malformed) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Malformed(line: 1, reason: "the file is not UTF-8")
        }
        var reader = Reader()
        var number = 0
        for line in Self.lines(text) {
            number += 1
            do throws(Problem) {
                try reader.take(line, number)
            } catch {
                throw Malformed(line: number, reason: error.reason)
            }
        }
        sections = try reader.result()
    }

    /// Every way to end a line is one.
    private static func lines(_ text: String) -> [Substring.UnicodeScalarView] {
        var lines: [Substring.UnicodeScalarView] = []
        var rest = text.unicodeScalars[...]
        while let end = rest.firstIndex(where: { $0 == "\n" || $0 == "\r" }) {
            lines.append(rest[..<end])
            let isPair =
                rest[end] == "\r" && rest.index(after: end) < rest.endIndex
                && rest[rest.index(after: end)] == "\n"
            rest = rest[rest.index(end, offsetBy: isPair ? 2 : 1)...]
        }
        return lines + (rest.isEmpty ? [] : [rest])
    }

    private struct Problem: Error {
        let reason: String
    }

    /// Goes over the lines once.
    private struct Reader {
        /// A name, and the lines of its value.
        private struct Entry {
            let line: Int
            var value: [String]
        }

        private static let defaults = "DEFAULT"

        private var names: [String] = []
        private var entries: [String: [String: Entry]] = [defaults: [:]]
        private var section: String?
        private var name: String?
        private var indentation = 0

        mutating func take(_ line: Substring.UnicodeScalarView, _ number: Int) throws(Problem) {
            let text = Self.trim(line)
            if text.isEmpty {
                // Within a value an empty line may stand, for what comes after it.
                append("")
                return
            }
            if text.first == "#" || text.first == ";" { return }
            let indentation = line.prefix(while: \.properties.isWhitespace).count
            if name != nil, indentation > self.indentation {
                append(String(text))
                return
            }
            self.indentation = indentation
            if text.first == "[", let end = text.lastIndex(of: "]"), end > text.index(after: text.startIndex)
            {
                try begin(String(text[text.index(after: text.startIndex)..<end]))
            } else {
                try assign(text, number)
            }
        }

        private mutating func append(_ text: String) {
            guard let section, let name else { return }
            entries[section]?[name]?.value.append(text)
        }

        private mutating func begin(_ header: String) throws(Problem) {
            if header != Self.defaults {
                guard entries[header] == nil else {
                    throw Problem(reason: "section [\(header.prefix(100))] stands twice")
                }
                entries[header] = [:]
                names.append(header)
            }
            section = header
            name = nil
        }

        private mutating func assign(_ text: Substring.UnicodeScalarView, _ number: Int) throws(Problem) {
            guard let section else { throw Problem(reason: "there is no section above it") }
            guard let delimiter = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw Problem(reason: "expected NAME = VALUE or [SECTION]")
            }
            let name = String(Self.trim(text[..<delimiter])).lowercased()
            guard !name.isEmpty else { throw Problem(reason: "expected NAME = VALUE or [SECTION]") }
            guard entries[section]?[name] == nil else {
                throw Problem(reason: "\(name.prefix(100)) stands twice in [\(section.prefix(100))]")
            }
            let value = Self.trim(text[text.index(after: delimiter)...])
            entries[section]?[name] = Entry(line: number, value: [String(value)])
            self.name = name
        }

        func result() throws(Malformed) -> [Section] {
            let defaults = try values(of: Self.defaults)
            var sections: [Section] = []
            for name in names {
                let own = try values(of: name)
                sections.append(Section(name: name, values: defaults.merging(own) { _, own in own }))
            }
            return sections
        }

        private func values(of section: String) throws(Malformed) -> [String: Value] {
            var values: [String: Value] = [:]
            for (name, entry) in entries[section] ?? [:] {
                var lines = entry.value[...]
                while let last = lines.last, last.isEmpty { lines.removeLast() }
                if lines.count > 1, lines.first == "" {
                    values[name] = .nested(try nested(lines, entry.line))
                } else {
                    values[name] = .text(lines.joined(separator: "\n"))
                }
            }
            return values
        }

        private func nested(_ lines: ArraySlice<String>, _ number: Int) throws(Malformed) -> [String: String]
        {
            var values: [String: String] = [:]
            for line in lines where !line.isEmpty {
                guard let equals = line.unicodeScalars.firstIndex(of: "=") else {
                    throw Malformed(line: number, reason: "expected NAME = VALUE below it")
                }
                let name = String(Self.trim(line.unicodeScalars[..<equals]))
                values[name] = String(
                    Self.trim(line.unicodeScalars[line.unicodeScalars.index(after: equals)...])
                )
            }
            return values
        }

        static func trim(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
            var text = text
            while let first = text.first, first.properties.isWhitespace { text.removeFirst() }
            while let last = text.last, last.properties.isWhitespace { text.removeLast() }
            return text
        }
    }
}
