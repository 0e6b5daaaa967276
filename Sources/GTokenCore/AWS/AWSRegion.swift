/// An AWS region's code, such as `eu-west-1` or `us-gov-west-1`.
///
/// It is checked for its shape, not against a list: AWS opens regions faster than lists are updated.
public struct AWSRegion: Sendable, Hashable {
    /// The code.
    public let description: String

    /// Reads a region: two to four letters, one to three words of letters, a number of one or two digits, with
    /// hyphens between them.
    ///
    /// - Throws: ``NameError`` where it does not look like a region; an availability zone (`eu-west-1a`) does
    ///   not.
    public init(parsing text: String) throws(NameError) {
        try NameRule.checkLength(text, 6...32, .awsRegion)
        let parts = text.utf8.split(separator: .minus, omittingEmptySubsequences: false)
        guard 3...5 ~= parts.count, 2...4 ~= parts[0].count, let number = parts.last,
            1...2 ~= number.count, number.allSatisfy(\.isDigit),
            parts.dropLast().allSatisfy({ !$0.isEmpty && $0.allSatisfy(NameRule.isLowercaseLetter) })
        else { throw NameError(.awsRegion, .shape) }
        description = text
    }

    /// The partition that the region is in, by the beginning of its code.
    public var partition: AWSPartition {
        AWSPartition.known.first { $0.regionPrefix.map(description.hasPrefix) ?? false } ?? .aws
    }

    /// The host of the region's Security Token Service, such as `sts.eu-west-1.amazonaws.com`.
    public var stsHost: String { "sts.\(description).\(partition.dnsSuffix)" }
}

extension AWSRegion: CustomStringConvertible {}
