/// A file of a Terraform configuration.
struct TerraformFile: Sendable {
    /// Where it is, from the configuration's folder.
    let path: String
    let text: String

    /// What each file begins with, and what may be replaced begins with.
    static let mark = "# Made by gtokenctl terraform; what is changed here is lost when it runs again.\n"

    /// A file with the mark, its parts a line apart.
    init(_ path: String, _ parts: [String]) {
        self.path = path
        text = ([Self.mark] + parts).joined(separator: "\n")
    }
}

/// A variable of a module.
struct TerraformVariable: Sendable {
    let name: String
    let description: String
    let type: String
    /// What it is when nobody says; without it, somebody has to.
    var fallback: HCLValue?
    /// What else has to hold, as a block.
    var validation: String?

    var text: String {
        var attributes = [
            HCLMember("description", .text(description)), HCLMember("type", .verbatim(type)),
        ]
        if let fallback { attributes.append(HCLMember("default", fallback)) }
        return
            "variable \"\(name)\" {\n\(attributes.written(margin: "  "))\(validation.map { "\n\($0)" } ?? "")}\n"
    }
}

/// An output of a module.
struct TerraformOutput: Sendable {
    let name: String
    let description: String
    let value: String

    var text: String {
        let attributes = [
            HCLMember("description", .text(description)), HCLMember("value", .verbatim(value)),
        ]
        return "output \"\(name)\" {\n\(attributes.written(margin: "  "))}\n"
    }
}

/// The versions that a module works with.
enum TerraformVersions {
    /// `startswith` is of Terraform 1.3.
    static func text(provider name: String, since version: String) -> String {
        """
        terraform {
          required_version = ">= 1.3"

          required_providers {
            \(name) = {
              source  = "hashicorp/\(name)"
              version = ">= \(version)"
            }
          }
        }

        """
    }
}
