import Foundation
import GTokenRuntime

/// Where terraform's providers are, on a machine that has them.
enum TerraformPlugins {
    /// A folder of terraform's plugins that has the AWS provider: `GTOKEN_TERRAFORM_PLUGINS`, or where they usually are.
    static func folder() -> String? {
        let files = FileManager.default
        let environment = ProcessEnvironment.variables
        var folders = [environment["GTOKEN_TERRAFORM_PLUGINS"], environment["TF_PLUGIN_CACHE_DIR"]].compactMap
        { $0 }
        if let home = environment["HOME"] { folders.append(home + "/.terraform.d/plugins") }
        for root in ["/opt", "/usr/local/share", "/usr/share"] {
            let names = (try? files.contentsOfDirectory(atPath: root)) ?? []
            folders += names.sorted().flatMap { ["\(root)/\($0)", "\(root)/\($0)/plugins"] }
        }
        return folders.first { files.fileExists(atPath: "\($0)/registry.terraform.io/hashicorp/aws") }
    }
}
