package import GTokenNet

/// An answer that a stand-in gives once, in place of its own.
package struct ScriptedAnswer: Sendable {
    /// How the path of the request that gets it ends; any where it is empty.
    package var pathSuffix: String
    /// The answer.
    package var response: HTTPResponse

    /// Makes an answer for the next request whose path ends like this.
    package init(pathSuffix: String = "", _ response: HTTPResponse) {
        self.pathSuffix = pathSuffix
        self.response = response
    }

    /// Takes the first answer that is for a path out of a script.
    static func take(from script: inout [ScriptedAnswer], path: String) -> HTTPResponse? {
        guard let index = script.firstIndex(where: { path.hasSuffix($0.pathSuffix) }) else { return nil }
        return script.remove(at: index).response
    }
}
