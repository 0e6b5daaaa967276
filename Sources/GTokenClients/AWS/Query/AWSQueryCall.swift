package import GTokenNet

/// A call of an action of the Query protocol.
package struct AWSQueryCall: Sendable {
    /// The action, such as `CreateRole`.
    package var action: String
    /// Its parameters.
    package var parameters: HTTPForm
    /// Whether it changes nothing.
    package var isRead: Bool
    /// Texts of the request that must not be told on, as services quote what they were sent.
    package var secrets: [String]

    /// Makes a call.
    package init(
        _ action: String,
        _ parameters: HTTPForm = [:],
        isRead: Bool = false,
        secrets: [String] = []
    ) {
        self.action = action
        self.parameters = parameters
        self.isRead = isRead
        self.secrets = secrets
    }
}

extension HTTPForm {
    /// Adds a list as the Query protocol writes it: as `name.member.1`, `name.member.2` and so on.
    package mutating func add(list name: String, _ values: [String]) {
        for (index, value) in values.enumerated() { add("\(name).member.\(index + 1)", value) }
    }

    /// Adds names with values, such as tags, sorted by name: as `name.member.1.Key`, `name.member.1.Value` and so on.
    package mutating func add(tags name: String, _ tags: [String: String]) {
        for (index, tag) in tags.sorted(by: { $0.key < $1.key }).enumerated() {
            add("\(name).member.\(index + 1).Key", tag.key)
            add("\(name).member.\(index + 1).Value", tag.value)
        }
    }
}
