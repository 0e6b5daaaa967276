/// Some of the managed policies that AWS itself has in every account; there are more than a thousand.
enum ManagedPolicies {
    /// Names with their paths.
    private static let names = [
        "AdministratorAccess", "AmazonAthenaFullAccess", "AmazonDynamoDBFullAccess",
        "AmazonDynamoDBReadOnlyAccess", "AmazonEC2ReadOnlyAccess", "AmazonKinesisReadOnlyAccess",
        "AmazonPollyFullAccess", "AmazonPollyReadOnlyAccess", "AmazonRedshiftReadOnlyAccess",
        "AmazonS3FullAccess", "AmazonS3ReadOnlyAccess", "AmazonSNSFullAccess", "AmazonSNSReadOnlyAccess",
        "AmazonSQSFullAccess", "AmazonSQSReadOnlyAccess", "CloudWatchReadOnlyAccess", "IAMFullAccess",
        "IAMReadOnlyAccess", "PowerUserAccess", "ReadOnlyAccess", "SecretsManagerReadWrite", "SecurityAudit",
        "job-function/Billing", "job-function/ViewOnlyAccess", "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AmazonEC2RoleforSSM",
    ]

    /// Their ARNs in a partition.
    static func arns(partition: String) -> Set<String> {
        Set(names.map { "arn:\(partition):iam::aws:policy/\($0)" })
    }

    /// Those that let a role do everything in IAM.
    static func administering(partition: String) -> Set<String> {
        Set(["AdministratorAccess", "IAMFullAccess"].map { "arn:\(partition):iam::aws:policy/\($0)" })
    }
}
