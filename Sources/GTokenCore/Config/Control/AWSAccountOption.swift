/// The AWS account that a document is for, where nobody is to be asked.
enum AWSAccountOption {
    static let account = Option(
        "aws-account",
        OptionKind<String>("ID", expecting: "an account's 12 digits") { text in
            IAMResourceARN.isAccountID(text) ? text : nil
        },
        environment: "GTOKENCTL_AWS_ACCOUNT",
        help: "The AWS account; AWS is asked whose the credentials are when not given"
    )
}
