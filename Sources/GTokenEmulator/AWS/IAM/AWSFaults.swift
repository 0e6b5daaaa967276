/// What is to go wrong in a stand-in for AWS, until something else is said.
package struct AWSFaults: Sendable, Equatable {
    /// Whether every request is answered with 503.
    package var isDown = false
    /// The actions that nobody may perform, such as `iam:CreateRole`.
    package var denied: Set<String> = []
    /// How long what was written in IAM is not read, neither by IAM nor by STS.
    package var consistencyDelay = Duration.zero
    /// The most requests of one second by the clock, above which they are throttled; `nil` for any number.
    package var requestsPerSecond: Int?
    /// The longest that credentials last, whatever was asked for: less than AWS ever gives, to see them renewed; `nil`
    /// for what was asked for.
    package var longestSession: Duration?

    /// Nothing goes wrong.
    package init() {}
}
