/// A group of AWS regions with its own accounts and its own domain.
public struct AWSPartition: Sendable, Hashable {
    /// The name as it stands in ARNs.
    public let name: String
    /// The domain of its services.
    public let dnsSuffix: String
    /// How the codes of its regions begin; `nil` for the one that has all others.
    let regionPrefix: String?

    /// The commercial regions.
    public static let aws = AWSPartition(name: "aws", dnsSuffix: "amazonaws.com", regionPrefix: nil)

    /// The partitions that AWS's SDKs know.
    public static let known: [AWSPartition] = [
        AWSPartition(name: "aws-cn", dnsSuffix: "amazonaws.com.cn", regionPrefix: "cn-"),
        AWSPartition(name: "aws-us-gov", dnsSuffix: "amazonaws.com", regionPrefix: "us-gov-"),
        AWSPartition(name: "aws-iso", dnsSuffix: "c2s.ic.gov", regionPrefix: "us-iso-"),
        AWSPartition(name: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov", regionPrefix: "us-isob-"),
        AWSPartition(name: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk", regionPrefix: "eu-isoe-"),
        AWSPartition(name: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov", regionPrefix: "us-isof-"),
        AWSPartition(name: "aws-eusc", dnsSuffix: "amazonaws.eu", regionPrefix: "eusc-"),
        .aws,
    ]

    /// The host of the partition's global Security Token Service; only the commercial partition has one.
    public var globalSTSHost: String? { self == .aws ? "sts.amazonaws.com" : nil }
}

extension RoleARN {
    /// The role's partition; `nil` for one that is not known.
    public var knownPartition: AWSPartition? { AWSPartition.known.first { $0.name == partition } }
}
