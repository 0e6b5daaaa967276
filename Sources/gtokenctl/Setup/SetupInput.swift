import GTokenCore
import GTokenRuntime

/// Reads what a command line names: the fleet's file, and policies of a role.
struct SetupInput {
    private let configuration: SetupConfiguration
    /// A fleet of some thousand bindings.
    private static let maxFleetBytes = 16 << 20
    /// IAM takes 10,240 characters of a role's own policies; white space does not count.
    private static let maxPolicyBytes = 64 << 10

    init(_ configuration: SetupConfiguration) { self.configuration = configuration }

    /// The bindings, at least one.
    ///
    /// - Throws: `ToolError`, which names the file and what in it is wrong.
    func bindings() throws(ToolError) -> [Binding] {
        if let path = configuration.fleetFile {
            let text = try read(path, Self.maxFleetBytes)
            do throws(FleetDocumentError) {
                return try FleetDocument(text).bindings
            } catch {
                throw ToolError("\(path): \(error)", exitCode: .configuration)
            }
        }
        guard var binding = configuration.binding else { return [] }
        for file in configuration.inlinePolicyFiles {
            let text = try read(file.path, Self.maxPolicyBytes)
            guard let document = try? JSONDocument(JSONComments.blanked(text)),
                let policy = InlinePolicy(document.root)
            else {
                throw ToolError(
                    "\(file.path): expected a policy document, a JSON object",
                    exitCode: .configuration
                )
            }
            binding.role.inlinePolicies[file.name] = policy
        }
        return [binding]
    }

    private func read(_ path: String, _ maxBytes: Int) throws(ToolError) -> [UInt8] {
        do throws(FileError) {
            return path == "-"
                ? try StandardInput.read(maxBytes: maxBytes)
                : try FileReader.read(path: path, maxBytes: maxBytes)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
    }
}
