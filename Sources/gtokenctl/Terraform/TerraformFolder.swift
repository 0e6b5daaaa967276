import GTokenRuntime

/// The folder of a Terraform configuration that gtokenctl writes.
struct TerraformFolder {
    private let path: String
    /// A file of ours has a fleet of some thousand bindings at most, of somebody else the mark is not looked for further.
    private static let maxFileBytes = 64 << 20

    init(_ path: String) { self.path = path }

    /// Writes the files, each as a whole; none where one of them is somebody else's.
    func write(_ files: [TerraformFile]) throws(ToolError) {
        for file in files { try checkOwner("\(path)/\(file.path)") }
        for file in files {
            do throws(FileError) {
                try AtomicFile.replace(path: "\(path)/\(file.path)", contents: Array(file.text.utf8))
            } catch {
                throw ToolError("\(error)", exitCode: .unavailable)
            }
        }
    }

    private func checkOwner(_ path: String) throws(ToolError) {
        let present: [UInt8]
        do throws(FileError) {
            present = try FileReader.read(path: path, maxBytes: Self.maxFileBytes)
        } catch  where error.isNotFound {
            return
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        guard present.starts(with: TerraformFile.mark.utf8) else {
            throw ToolError(
                "\(path): gtokenctl did not write the file that is there",
                hint: "name another folder with --output-dir",
                exitCode: .configuration
            )
        }
    }
}
