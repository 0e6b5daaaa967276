extension OptionKind where Value == RoleARN {
    /// The ARN of a role.
    package static var roleARN: OptionKind {
        .name(
            "ARN",
            expecting: "a role's ARN such as arn:aws:iam::123456789012:role/app",
            RoleARN.init(parsing:)
        )
    }
}

extension OptionKind where Value == RoleSessionName {
    /// The name of a role's session.
    package static var roleSessionName: OptionKind {
        .name("NAME", expecting: "2 to 64 letters, digits or any of _+=,.@-", RoleSessionName.init(parsing:))
    }
}

extension OptionKind where Value == AWSRegion {
    /// An AWS region.
    package static var awsRegion: OptionKind {
        .name("REGION", expecting: "a region such as eu-west-1", AWSRegion.init(parsing:))
    }
}

extension OptionKind where Value == SessionTag {
    /// A session's tag.
    package static var sessionTag: OptionKind {
        OptionKind("KEY=VALUE", expecting: "a session tag such as team=reports") { SessionTag(parsing: $0) }
    }
}

extension OptionKind where Value == String {
    /// The ARN of a managed policy (STS API, PolicyDescriptorType: 20 to 2,048 characters).
    package static var policyARN: OptionKind {
        OptionKind(
            "ARN",
            expecting: "a managed policy's ARN such as arn:aws:iam::aws:policy/ReadOnlyAccess"
        ) { text in
            let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard 20...2048 ~= text.utf8.count, parts.count == 6, parts[0] == "arn",
                parts[1].hasPrefix("aws"),
                parts[2] == "iam", parts[5].hasPrefix("policy/"), text.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
            else { return nil }
            return text
        }
    }

    /// A text that STS limits to some characters of `[\w+=,.@-]` and these others.
    static func stsText(_ lengths: ClosedRange<Int>, also others: String) -> OptionKind {
        let expectation =
            "\(lengths.lowerBound) to \(lengths.upperBound) letters, digits or any of _+=,.@-\(others)"
        return OptionKind("TEXT", expecting: expectation) { text in
            let allowed: (UInt8) -> Bool = { NameRule.isIAMNameCharacter($0) || others.utf8.contains($0) }
            return lengths ~= text.utf8.count && text.utf8.allSatisfy(allowed) ? text : nil
        }
    }
}

extension OptionKind where Value == ListenAddress {
    /// An address that only this machine, or this Pod, can reach.
    package static var loopbackAddress: OptionKind {
        OptionKind("HOST:PORT", expecting: "a loopback address such as 127.0.0.1:9911 or [::1]:9911") {
            text in
            ListenAddress(parsing: text).flatMap { $0.isLoopback ? $0 : nil }
        }
    }
}
