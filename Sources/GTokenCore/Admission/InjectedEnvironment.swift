/// The environment variables that make an AWS SDK find the token and the role, each as a Kubernetes EnvVar.
///
/// They are written once, as a container without variables gets them.
final class InjectedEnvironment: Sendable {
    /// The token's file in a container.
    let tokenPath: String
    private let all: VariableList

    /// `podName` is the Pod's own name where AWS would not take it as a session's.
    init(_ role: RoleAnnotations, tokenPath: String, region: AWSRegion?, podName: String?) {
        self.tokenPath = tokenPath
        var list = VariableList()
        list.add(.roleARN, #"{"name":"AWS_ROLE_ARN","value":"#, role.roleARN.description)
        list.add(.tokenFile, #"{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"#, tokenPath)
        list.addSessionName(role, podName)
        if let region {
            // Some tools read only the one, some only the other.
            list.add(.region, #"{"name":"AWS_REGION","value":"#, region.description)
            list.add(.defaultRegion, #"{"name":"AWS_DEFAULT_REGION","value":"#, region.description)
        }
        if let isRegional = role.usesRegionalSTS {
            let endpoints = isRegional ? "regional" : "legacy"
            list.add(.endpoint, #"{"name":"AWS_STS_REGIONAL_ENDPOINTS","value":"#, endpoints)
        }
        list.end()
        all = list
    }

    /// What a container lacks.
    func missing(_ own: OwnVariables) -> AWSVariables {
        var missing = all.variables.subtracting(own.names)
        if own.hasOtherCredentials { missing.subtract(.credentials) }
        // SDKs that read both names prefer one of them: beside the user's, ours could win.
        if !own.names.isDisjoint(with: .regions) { missing.subtract(.regions) }
        return missing
    }

    /// What adds some of them to a container without any, from the container's path on.
    func added(_ variables: AWSVariables) -> [UInt8] {
        if variables == all.variables { return all.added }
        var chosen = VariableList()
        for place in all.places where variables.contains(place.variable) {
            chosen.note(place.variable) { $0.append(contentsOf: all.added[place.range]) }
        }
        chosen.end()
        return chosen.added
    }

    /// Takes up each of some of them as it stands in a list.
    func forEach(of variables: AWSVariables, _ body: (ArraySlice<UInt8>) -> Void) {
        for place in all.places where variables.contains(place.variable) { body(all.added[place.range]) }
    }

    /// What they take at most, besides paths.
    var maxBytes: Int { all.added.count }
}

/// Variables in the operation that adds them to a container as its first.
private struct VariableList {
    /// What of the operation follows the container's path.
    private(set) var added = Array(#"/env","value":["#.utf8)
    /// Where each stands there, and in which order.
    private(set) var places: [(variable: AWSVariables, range: Range<Int>)] = []
    /// Which these are.
    private(set) var variables: AWSVariables = []

    /// Writes a variable from its beginning and its value.
    mutating func add(_ variable: AWSVariables, _ start: StaticString, _ value: String) {
        note(variable) { bytes in
            bytes.append(start)
            JSONWriter.appendQuoted(value.literalInContainer, to: &bytes)
            bytes.append(.closeBrace)
        }
    }

    mutating func note(_ variable: AWSVariables, _ write: (inout [UInt8]) -> Void) {
        if !places.isEmpty { added.append(.comma) }
        let start = added.count
        write(&added)
        places.append((variable, start..<added.count))
        variables.insert(variable)
    }

    mutating func end() { added.append("]}") }

    /// The Pod's own name, which CloudTrail then shows, and which stays the same for the Pod's life.
    ///
    /// AWS takes 2 to 64 characters. A name that the API server generates has at most 63; one that the user
    /// chose may have 1 or 253, and is then shortened here, because a reference cannot be.
    mutating func addSessionName(_ role: RoleAnnotations, _ podName: String?) {
        let start: StaticString = #"{"name":"AWS_ROLE_SESSION_NAME","value":"#
        if let sessionName = role.sessionName {
            add(.sessionName, start, sessionName.description)
        } else if let podName {
            add(.sessionName, start, RoleSessionName.shortened(from: podName).description)
        } else {
            note(.sessionName) { bytes in
                bytes.append(#"{"name":"AWS_ROLE_SESSION_NAME","valueFrom":"#)
                bytes.append(#"{"fieldRef":{"fieldPath":"metadata.name"}}}"#)
            }
        }
    }
}
