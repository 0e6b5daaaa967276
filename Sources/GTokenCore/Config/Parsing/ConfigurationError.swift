/// Why a tool's arguments and environment do not make a configuration.
public enum ConfigurationError: Error, Equatable, Sendable {
    /// No option of this tool has this name; the nearest that has, where one is near.
    case unknownOption(String, suggestion: String?)
    /// No command of this tool has this name; the nearest that has, where one is near.
    case unknownCommand(String, suggestion: String?)
    /// An argument that is neither an option nor a command.
    case unexpectedArgument(String)
    /// The tool has to be told what to do: one of these commands.
    case missingCommand([String])
    /// An option of another command.
    case misplacedOption(String, command: String)
    /// An option that needs a value stands last.
    case missingValue(option: String, expected: String)
    /// A value that cannot be used.
    case invalidValue(SettingOrigin, value: String, expected: String)
    /// A setting that this command cannot do without, and the variable that can give it.
    case missingSetting(option: String, environment: String?)
    /// An option that means something only together with another.
    case incomplete(option: String, needs: String)
    /// Two options of which only one may be given.
    case exclusive(option: String, other: String)
    /// Two values, given or default, of which the first may not be above the second.
    case contradiction(option: String, value: String, other: String, otherValue: String)
    /// An option that is given more often than it can be.
    case tooMany(option: String, limit: Int)
    /// Two values of an option that exclude each other, such as one tag with two values.
    case repeated(option: String)

    /// Whether the command line is at fault, and not the environment.
    public var isUsage: Bool {
        switch self {
        case .invalidValue(.environment, _, _), .missingSetting, .incomplete, .exclusive, .contradiction,
            .tooMany, .repeated:
            false
        default: true
        }
    }
}

/// Where a value comes from.
public enum SettingOrigin: Equatable, Sendable {
    /// An option, as it was written: `--file`, `-o`.
    case option(String)
    /// An environment variable.
    case environment(String)
}

extension ConfigurationError: CustomStringConvertible {
    /// One lower-case line that names the option, the value and what was expected.
    public var description: String {
        switch self {
        case .unknownOption(let name, let suggestion):
            "unknown option \(Self.quote(name))" + Self.question(suggestion)
        case .unknownCommand(let name, let suggestion):
            "unknown command \(Self.quote(name))" + Self.question(suggestion)
        case .unexpectedArgument(let argument):
            "unexpected argument \(Self.quote(argument))"
        case .missingCommand(let commands):
            "a command is missing, expected \(commands.joined(separator: " or "))"
        case .misplacedOption(let option, let command):
            "option \(option) does not belong to '\(command)'"
        case .missingValue(let option, let expected):
            "option \(option) needs a value, expected \(expected)"
        case .invalidValue(let origin, let value, let expected):
            "\(origin): \(Self.quote(value)) cannot be used, expected \(expected)"
        case .missingSetting(let option, let environment):
            "\(option) is missing" + (environment.map { " (or \($0) in the environment)" } ?? "")
        case .incomplete(let option, let needs):
            "\(option) is given without \(needs)"
        case .exclusive(let option, let other):
            "\(option) and \(other) exclude each other"
        case .contradiction(let option, let value, let other, let otherValue):
            "\(option) \(value) is above \(other) \(otherValue)"
        case .tooMany(let option, let limit): "\(option) is given more than \(limit) times"
        case .repeated(let option): "\(option) is given twice for the same key"
        }
    }

    private static func question(_ suggestion: String?) -> String {
        suggestion.map { ", did you mean \($0)?" } ?? ""
    }

    /// The text in quotes, on one line and cut: 60 characters tell what was written, and are fewer than the
    /// header of a token that someone pasted in the wrong place.
    private static func quote(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(60) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return "'\(shown)\(text.unicodeScalars.count > 60 ? "…" : "")'"
    }
}

extension SettingOrigin: CustomStringConvertible {
    /// The option, or the variable and that it is one.
    public var description: String {
        switch self {
        case .option(let name): name
        case .environment(let name): "environment variable \(name)"
        }
    }
}
