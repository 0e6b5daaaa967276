/// Takes command lines apart, in the forms of both GNU's `getopt_long` and Go's `flag` package.
///
/// - `--name=value`, `--name value`, and the same with one dash (Go makes no difference);
/// - flags: `--name`, and a value only after `=` (Go);
/// - short forms: `-o value`, `-ovalue`, `-o=value`, and flags together, `-hv`;
/// - options before and after the command; `--` ends them;
/// - of an option given twice, the last counts, except where it is one that takes several values;
/// - `--help` and `--version` end the parsing: what follows is not looked at.
package struct CommandLineParser {
    private let tool: CommandSpecification

    /// A parser for this tool's command line.
    package init(_ tool: CommandSpecification) { self.tool = tool }

    /// Takes the arguments apart, those after the tool's own name.
    ///
    /// - Throws: ``ConfigurationError`` for the first argument that the tool does not take, or the command that is
    ///   missing; values are not looked at.
    package func parse(_ arguments: [String]) throws(ConfigurationError) -> ParsedCommandLine {
        var state = State(tool: tool, rest: arguments[...])
        while let argument = state.rest.popFirst() {
            if argument == "--" {
                while let operand = state.rest.popFirst() { try state.takeWord(operand) }
            } else if argument.hasPrefix("-"), argument != "-" {
                try state.takeOption(argument)
            } else {
                try state.takeWord(argument)
            }
            if state.line.request != nil { return state.line }
        }
        try state.finish()
        return state.line
    }
}

/// The parser halfway through a command line.
private struct State {
    var line = ParsedCommandLine()
    var rest: ArraySlice<String>
    private let tool: CommandSpecification
    private var command: CommandSpecification
    private var shared: [OptionSpecification]

    init(tool: CommandSpecification, rest: ArraySlice<String>) {
        self.tool = tool
        self.rest = rest
        command = tool
        shared = tool.sharedOptions
    }

    /// An argument that is not an option: a command, or one too many.
    mutating func takeWord(_ word: String) throws(ConfigurationError) {
        if let next = command.commands.first(where: { $0.name == word }) {
            command = next
            shared += next.sharedOptions
            line.path.append(word)
        } else if word == "help" || word == "h", line.path.isEmpty {
            try takeHelp()
        } else if command.commands.isEmpty {
            throw .unexpectedArgument(word)
        } else {
            throw .unknownCommand(
                word,
                suggestion: Suggestion.nearest(to: word, in: command.commands.map(\.name))
            )
        }
    }

    /// `help` and the path of commands after it.
    private mutating func takeHelp() throws(ConfigurationError) {
        while let word = rest.popFirst(), !word.hasPrefix("-") { try takeWord(word) }
        line.request = .help(line.path)
    }

    mutating func takeOption(_ argument: String) throws(ConfigurationError) {
        let isLong = argument.hasPrefix("--")
        let body = argument.dropFirst(isLong ? 2 : 1)
        let name = String(body.prefix { $0 != "=" })
        let spelling = argument.prefix { $0 != "=" }
        let value = name.count < body.count ? String(body.dropFirst(name.count + 1)) : nil
        if let option = option(named: name) {
            try take(option, spelling: String(spelling), value: value)
        } else if !isLong, let first = body.first, self.option(short: first) != nil {
            try takeShort(body, argument: argument)
        } else {
            let known = candidates.map { "--" + $0.name }
            throw .unknownOption(
                String(spelling),
                suggestion: Suggestion.nearest(to: "--" + name, in: known)
            )
        }
    }

    /// Short forms behind one dash: flags, and a last one that may have a value.
    private mutating func takeShort(_ body: Substring, argument: String) throws(ConfigurationError) {
        var body = body
        while let letter = body.popFirst() {
            guard let option = option(short: letter) else { throw .unknownOption(argument, suggestion: nil) }
            let hasValue = body.first == "=" || (!option.isFlag && !body.isEmpty)
            if hasValue {
                let value = body.first == "=" ? body.dropFirst() : body
                try take(option, spelling: "-\(letter)", value: String(value))
                return
            }
            try take(option, spelling: "-\(letter)", value: nil)
            if line.request != nil { return }
        }
    }

    private mutating func take(
        _ option: OptionSpecification,
        spelling: String,
        value: String?
    ) throws(ConfigurationError) {
        var text = "true"
        if let value {
            text = value
        } else if !option.isFlag {
            guard let next = rest.popFirst() else {
                throw .missingValue(option: spelling, expected: option.expectation)
            }
            text = next
        }
        line.given[option.name, default: []].append(.init(spelling: spelling, text: text))
        if option == CommandSpecification.Standard.help.specification {
            try request(.help(line.path), spelling, text)
        }
        if option == CommandSpecification.Standard.version.specification {
            try request(.version, spelling, text)
        }
    }

    private mutating func request(
        _ request: ParsedCommandLine.Request,
        _ spelling: String,
        _ text: String
    ) throws(ConfigurationError) {
        let kind = OptionKind<Bool>.flag
        guard let isWanted = kind.parse(text) else {
            throw .invalidValue(.option(spelling), value: text, expected: kind.expectation)
        }
        if isWanted { line.request = request }
    }

    /// What can only be said once the command is known: whether it can be run, and has the options given.
    func finish() throws(ConfigurationError) {
        guard command.isRunnable else { throw .missingCommand(command.commands.map(\.name)) }
        let allowed = Set((command.ownOptions + shared).map(\.name))
        for (name, given) in line.given.sorted(by: { $0.key < $1.key }) where !allowed.contains(name) {
            let spelling = given.last?.spelling ?? name
            throw .misplacedOption(spelling, command: ([tool.name] + line.path).joined(separator: " "))
        }
    }

    /// The options that may stand here: before the command, those of all commands that can still follow.
    private var candidates: [OptionSpecification] {
        command.ownOptions + shared + command.commands.flatMap { $0.ownOptions + $0.sharedOptions }
    }

    private func option(named name: String) -> OptionSpecification? { candidates.first { $0.name == name } }

    private func option(short: Character) -> OptionSpecification? { candidates.first { $0.short == short } }
}
