/// An identity provider that a trust policy names, of those that Pods on GKE can have tokens of.
package enum TrustedProvider: Hashable, Sendable {
    /// Google, which AWS knows itself; or by a provider object of the account, whose ARN it is.
    case google(object: String?)
    /// A GKE cluster's issuer, by the ARN of its provider object.
    case cluster(OpenIDConnectProviderARN)

    /// Reads a principal; `nil` for one of another kind.
    package init?(_ principal: PolicyPrincipal) {
        guard principal.type == "Federated" else { return nil }
        if principal.id == TrustPolicy.google {
            self = .google(object: nil)
            return
        }
        guard let arn = try? OpenIDConnectProviderARN(parsing: principal.id) else { return nil }
        self.init(arn)
    }

    /// The provider of an object; `nil` for an issuer that is neither Google nor a GKE cluster.
    package init?(_ arn: OpenIDConnectProviderARN) {
        if arn.issuer.name == TrustPolicy.google {
            self = .google(object: "\(arn)")
        } else if arn.issuer.name.hasPrefix(Self.clusters) {
            self = .cluster(arn)
        } else {
            return nil
        }
    }

    private static let clusters = "container.googleapis.com/"

    /// What stands before the colon of its condition keys.
    package var keyPrefix: String {
        switch self {
        case .google: TrustPolicy.google
        case .cluster(let arn): arn.issuer.name
        }
    }

    /// How a policy should name it.
    package var principal: PolicyPrincipal {
        switch self {
        case .google: .federated(TrustPolicy.google)
        case .cluster(let arn): .federated("\(arn)")
        }
    }

    /// Whether it is Google.
    package var isGoogle: Bool {
        if case .google = self { true } else { false }
    }
}

extension PolicyStatement {
    /// Whether it lets tokens be exchanged for credentials, by whomever.
    var allowsWebIdentity: Bool {
        guard effect == .allow else { return false }
        let fits = actions.listed.contains { Self.fits($0.lowercased(), TrustPolicy.action.lowercased()) }
        return switch actions {
        case .only: fits
        case .allExcept: !fits
        }
    }

    /// The providers of Pods on GKE that it names, each once.
    package var trustedProviders: [TrustedProvider] {
        guard allowsWebIdentity, case .only(let principals) = principals else { return [] }
        var seen: Set<TrustedProvider> = []
        return principals.compactMap(TrustedProvider.init).filter { seen.insert($0).inserted }
    }

    /// Whether a name fits a pattern of actions; patterns are short.
    private static func fits(_ pattern: String, _ name: String) -> Bool {
        let (pattern, name) = (Array(pattern.utf8), Array(name.utf8))
        // What of the pattern is matched by as much of the name as was read.
        var reached = Set([0])
        func skipStars() {
            for place in reached {
                var place = place
                while place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                    place += 1
                    reached.insert(place)
                }
            }
        }
        skipStars()
        for byte in name {
            var next: Set<Int> = []
            for place in reached where place < pattern.count {
                switch pattern[place] {
                case UInt8(ascii: "*"): next.insert(place)
                case UInt8(ascii: "?"), byte: next.insert(place + 1)
                default: break
                }
            }
            reached = next
            skipStars()
        }
        return reached.contains(pattern.count)
    }
}
