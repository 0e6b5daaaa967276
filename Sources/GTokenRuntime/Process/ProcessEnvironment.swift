internal import Glibc

/// The process's environment.
package enum ProcessEnvironment {
    /// The number of the user that the process acts as.
    package static var userID: UInt32 { geteuid() }

    /// All variables; of one that is set twice, the first, as `getenv` has it.
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        // Invariant: read at start, before there are threads; nothing of ours changes the environment.
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "="), equals != pair.startIndex {
                let name = String(pair[..<equals])
                if variables[name] == nil { variables[name] = String(pair[pair.index(after: equals)...]) }
            }
            unsafe entry += 1
        }
        return variables
    }
}
