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
    /// The ARN of a managed policy.
    package static var policyARN: OptionKind {
        OptionKind(
            "ARN",
            expecting: "a managed policy's ARN such as arn:aws:iam::aws:policy/ReadOnlyAccess"
        ) { text in
            guard case .arn(let arn)? = try? PolicyReference(parsing: text) else { return nil }
            return arn
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
