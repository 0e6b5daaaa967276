extension OptionKind where Value == ListenAddress {
    /// An address to listen at, as ``ListenAddress/init(parsing:)`` reads it.
    package static var listenAddress: OptionKind {
        OptionKind("ADDRESS", expecting: "[IP]:PORT, such as :8443 or 127.0.0.1:8443") {
            ListenAddress(parsing: $0)
        }
    }
}

extension OptionKind where Value == MinimumTLSVersion {
    /// Our own form and that of Kubernetes's components, `VersionTLS12`.
    package static var minimumTLSVersion: OptionKind {
        OptionKind("VERSION", expecting: "1.2 or 1.3") { text in
            switch text {
            case "VersionTLS12": .v1_2
            case "VersionTLS13": .v1_3
            default: MinimumTLSVersion(rawValue: text)
            }
        }
    }
}

extension OptionKind where Value == ResourceQuantity {
    /// A Kubernetes quantity of at least this much.
    package static func quantity(atLeast least: Double, such example: String) -> OptionKind {
        let unit = least < 1 ? "0.001" : "\(Int(least) / 1024)Ki"
        return OptionKind("QUANTITY", expecting: "a quantity of at least \(unit), such as \(example)") {
            text in
            ResourceQuantity(parsing: text).flatMap { $0.amount >= least ? $0 : nil }
        }
    }
}

extension OptionKind where Value == String {
    /// An HTTP URL with a host, and nothing that a request to it could not carry.
    package static var plainHTTPURL: OptionKind {
        OptionKind("URL", expecting: "a plain HTTP URL, such as http://127.0.0.1:8001") { text in
            let scheme = "http://"
            guard text.hasPrefix(scheme), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
            let host = text.dropFirst(scheme.utf8.count).prefix { $0 != "/" }
            return host.isEmpty || text.contains("?") || text.contains("#") || host.contains("@") ? nil : text
        }
    }

    /// A container image's name, loosely: the registry knows its own rules.
    package static var image: OptionKind {
        OptionKind("IMAGE", expecting: "an image's name, such as registry.example/gtoken:1.0") { text in
            let isPlain = text.utf8.allSatisfy {
                NameRule.isLetter($0) || $0.isDigit || "._-/:@".utf8.contains($0)
            }
            return isPlain && text.utf8.count <= 1024 ? text : nil
        }
    }

    /// A volume's name: a label of RFC 1123.
    package static var volumeName: OptionKind { label("a volume's name") }

    /// A name that is one label of RFC 1123.
    package static func label(_ what: String) -> OptionKind {
        OptionKind("NAME", expecting: "\(what) (1 to 63 of a-z, 0-9 and -, no - at the ends)") { text in
            isLabel(text[...]) && text.utf8.count <= 63 ? text : nil
        }
    }

    /// A name that is a subdomain of RFC 1123, as most objects of the Kubernetes API have one.
    package static func objectName(_ what: String) -> OptionKind {
        OptionKind(
            "NAME",
            expecting: "\(what) (1 to 253 of a-z, 0-9, - and ., a letter or digit around each .)"
        ) {
            isSubdomain($0) ? $0 : nil
        }
    }

    /// An absolute path in a container, without the colon that Kubernetes refuses; slashes at the end are dropped.
    package static var mountPath: OptionKind {
        OptionKind("PATH", expecting: "an absolute path without ':' or '..'") { text in
            var path = text[...]
            while path.hasSuffix("/") { path.removeLast() }
            let isPlain = path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") }
            guard path.hasPrefix("/"), isPlain, !path.split(separator: "/").contains("..") else { return nil }
            return String(path)
        }
    }

    /// The name of a file in a directory.
    package static var fileName: OptionKind {
        OptionKind("NAME", expecting: "a file's name without a slash") { text in
            let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != .slash }
            return isPlain && text != "." && text != ".." && text.utf8.count <= 200 ? text : nil
        }
    }

    /// The prefix of annotations, a DNS name, with or without the slash after it; read with the slash.
    package static var annotationPrefix: OptionKind {
        OptionKind("PREFIX", expecting: "a domain name such as amazonaws.com") { text in
            let domain = text.hasSuffix("/") ? String(text.dropLast()) : text
            return isSubdomain(domain) ? domain + "/" : nil
        }
    }

    private static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabel(_ text: Substring) -> Bool {
        !text.isEmpty && text.first != "-" && text.last != "-"
            && text.utf8.allSatisfy { NameRule.isLowercaseAlphanumeric($0) || $0 == .minus }
    }
}
