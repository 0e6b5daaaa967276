package import GTokenClients
import GTokenCore
import GTokenRuntime

/// The profiles of AWS's shared config and credentials files (AWS SDKs and Tools Reference Guide, "Shared config and
/// credentials files").
package struct AWSProfiles: Sendable {
    private var profiles: [String: AWSProfile] = [:]
    private var services: [String: [String: AWSConfigurationText.Value]] = [:]

    /// Reads the files that the environment names, `~/.aws/config` and `~/.aws/credentials` else.
    ///
    /// A file that is not there has no profiles. What both have, the credentials file decides.
    ///
    /// - Throws: ``AWSCredentialError/file(_:)`` or ``AWSCredentialError/malformedFile(path:line:reason:)``.
    package init(environment: [String: String]) throws(AWSCredentialError) {
        let config = try Self.text("AWS_CONFIG_FILE", "config", environment)
        for section in config {
            let words = CommandWords.split(section.name) ?? []
            switch (words.first, words.count) {
            case ("profile", 2): profiles[words[1]] = AWSProfile(name: words[1], values: section.values)
            case ("services", 2): services[words[1]] = section.values
            // The profile of this name needs no word before it.
            case _ where section.name == Self.standardName:
                profiles[section.name] = AWSProfile(name: section.name, values: section.values)
            default: break
            }
        }
        for section in try Self.text("AWS_SHARED_CREDENTIALS_FILE", "credentials", environment) {
            let known = profiles[section.name]?.values ?? [:]
            profiles[section.name] = AWSProfile(
                name: section.name,
                values: known.merging(section.values) { _, credentials in credentials }
            )
        }
    }

    /// The profile that is used unless another is named.
    package static let standardName = "default"

    /// The names of all profiles, sorted.
    package var names: [String] { profiles.keys.sorted() }

    /// The profile of a name.
    package subscript(_ name: String) -> AWSProfile? { profiles[name] }

    /// What the `services` section that a profile names says about the endpoint of a service.
    func endpointURL(of service: AWSService, in profile: AWSProfile) -> String? {
        guard let name = profile["services"], case .nested(let values) = services[name]?[service.rawValue]
        else { return nil }
        return values["endpoint_url"]
    }

    private static func text(
        _ variable: String,
        _ name: String,
        _ environment: [String: String]
    ) throws(AWSCredentialError) -> [AWSConfigurationText.Section] {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        var path = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? "~/.aws/\(name)"
        if path.hasPrefix("~/") {
            guard let home else { return [] }
            path = home + path.dropFirst()
        }
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileReader.read(path: path, maxBytes: AWSConfigurationText.maxBytes)
        } catch  where error.isNotFound {
            return []
        } catch {
            throw .file(error)
        }
        do throws(AWSConfigurationText.Malformed) {
            return try AWSConfigurationText(parsing: bytes).sections
        } catch {
            throw .malformedFile(path: path, line: error.line, reason: error.reason)
        }
    }
}

/// A profile; it prints its name alone.
package struct AWSProfile: Sendable {
    /// Its name.
    package let name: String
    let values: [String: AWSConfigurationText.Value]

    /// A setting in one text; `nil` where it is absent or empty.
    package subscript(_ name: String) -> String? {
        guard case .text(let text) = values[name], !text.isEmpty else { return nil }
        return text
    }

    /// An error about a setting of it.
    func invalid(_ setting: String, _ reason: some CustomStringConvertible) -> AWSCredentialError {
        .profile(name, .invalid(setting: setting, reason: "\(reason)"))
    }
}

extension AWSProfile: CustomStringConvertible, CustomReflectable {
    /// The name.
    package var description: String { "AWS profile \(name)" }

    /// Nothing, so that `dump` and test failures do not print a key.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
