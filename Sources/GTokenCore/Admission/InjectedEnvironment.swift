/// The environment variables that make an AWS SDK find the token and the role, each as a Kubernetes EnvVar.
///
/// They are written once, for any number of Pods.
final class InjectedEnvironment: Sendable {
    /// The token's file in a container.
    let tokenPath: String
    private let all: VariableList
    /// What adds all of them to a container without any, as to most.
    private let allAsFirst: [UInt8]

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
        all = list
        allAsFirst = list.asFirst(list.variables)
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
    func asFirst(_ variables: AWSVariables) -> [UInt8] {
        variables == all.variables ? allAsFirst : all.asFirst(variables)
    }

    /// Takes up what adds each of some of them behind those that a container has, from the container's path on.
    func forEach(of variables: AWSVariables, _ body: (ArraySlice<UInt8>) -> Void) {
        for place in all.places where variables.contains(place.variable) { body(all.bytes[place.range]) }
    }

    /// What adding them takes at most, besides the containers' paths.
    var maxBytes: Int { all.bytes.count + 64 * all.places.count }
}

/// Variables, each in the operation that adds it behind those that a container has.
private struct VariableList {
    /// What of the operations follows the container's path, one behind the other.
    private(set) var bytes: [UInt8] = []
    /// Where each stands there, and in which order.
    private(set) var places: [(variable: AWSVariables, range: Range<Int>)] = []
    /// Which these are.
    private(set) var variables: AWSVariables = []

    private static let start: StaticString = #"/env/-","value":"#

    /// What of an operation that adds some of them as a container's first follows its path.
    func asFirst(_ variables: AWSVariables) -> [UInt8] {
        let values = places.filter { variables.contains($0.variable) }.map {
            // Between the operation's start and its brace.
            bytes[$0.range.lowerBound + Self.start.utf8CodeUnitCount..<$0.range.upperBound - 1]
        }
        return Array(#"/env","value":["#.utf8) + values.joined(separator: [.comma]) + Array("]}".utf8)
    }

    /// Writes a variable from its beginning and its value.
    mutating func add(_ variable: AWSVariables, _ start: StaticString, _ value: String) {
        note(variable) { bytes in
            bytes.append(start)
            JSONWriter.appendQuoted(value.literalInContainer, to: &bytes)
            bytes.append(.closeBrace)
        }
    }

    private mutating func note(_ variable: AWSVariables, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes.append(Self.start)
        write(&bytes)
        bytes.append(.closeBrace)
        places.append((variable, start..<bytes.count))
        variables.insert(variable)
    }

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
