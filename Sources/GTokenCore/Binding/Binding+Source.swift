extension Binding {
    /// Puts together what a command line or a file says.
    ///
    /// - Throws: ``ConfigurationError``, which names the option, the variable or the member.
    package init(_ source: some BindingSource) throws(ConfigurationError) {
        let identity = try source.required(BindingFields.identity)
        self.identity = identity
        cluster = try Self.cluster(source)
        serviceAccount = try Self.serviceAccount(source)
        switch identity {
        case .google: googleServiceAccount = try Self.googleServiceAccount(source)
        case .cluster:
            // A variable of the guide may be left in the environment; what it names is not wanted.
            googleServiceAccount = nil
        }
        role = try RoleSettings(source)
        audience = try source.value(BindingFields.audience) ?? identity.standardAudience
        usesIAMCredentials = try source.value(BindingFields.usesIAMCredentials) ?? false
        allowsKeySource = try source.value(BindingFields.allowsKeySource) ?? false
        podSettings = try PodSettings(source)
    }

    static func cluster(_ source: some BindingSource) throws(ConfigurationError) -> GKECluster {
        let project = try source.required(BindingFields.project)
        let location = try source.required(BindingFields.clusterLocation)
        let name = try source.required(BindingFields.clusterName)
        return try reading(source, BindingFields.clusterName, name) { () throws(NameError) in
            try GKECluster(project: project, location: location, name: name)
        }
    }

    static func serviceAccount(
        _ source: some BindingSource
    ) throws(ConfigurationError) -> KubernetesServiceAccountName {
        let namespace = try source.required(BindingFields.namespace)
        let name = try source.required(BindingFields.serviceAccount)
        return try reading(source, BindingFields.serviceAccount, name) { () throws(NameError) in
            try KubernetesServiceAccountName(namespace: namespace, name: name)
        }
    }

    static func googleServiceAccount(
        _ source: some BindingSource
    ) throws(ConfigurationError) -> GoogleServiceAccountEmail {
        let reference = try source.required(BindingFields.googleServiceAccount)
        if case .email(let email) = reference { return email }
        let project = try source.required(BindingFields.project)
        return try reading(source, BindingFields.googleServiceAccount, "\(reference)") {
            () throws(NameError) in try reference.email(in: project)
        }
    }

    private static func reading<Value, Field>(
        _ source: some BindingSource,
        _ field: BindingField<Field>,
        _ text: String,
        _ body: () throws(NameError) -> Value
    ) throws(ConfigurationError) -> Value {
        do throws(NameError) {
            return try body()
        } catch {
            throw .invalidValue(
                .option(source.name(of: field).name),
                value: text,
                expected: "\(error.expected)"
            )
        }
    }
}

extension Binding.RoleSettings {
    init(_ source: some BindingSource) throws(ConfigurationError) {
        name = try source.required(BindingFields.role)
        policies = try source.values(BindingFields.policies)
        inlinePolicies = try source.inlinePolicies()
        let duration = try source.required(BindingFields.maxSessionDuration)
        maxSessionSeconds = Int(duration.components.seconds)
        permissionsBoundary = try source.value(BindingFields.permissionsBoundary)
        tags = Dictionary(
            try source.values(BindingFields.tags).map { ($0.key, $0.value) },
            uniquingKeysWith: { _, last in last }
        )
    }
}

extension Binding.PodSettings {
    init(_ source: some BindingSource) throws(ConfigurationError) {
        region = try source.value(BindingFields.region)
        usesRegionalSTS = try source.value(BindingFields.usesRegionalSTS)
        sessionName = try source.value(BindingFields.sessionName)
        tokenExpirationSeconds = try source.value(BindingFields.tokenExpiration).map {
            Int($0.components.seconds)
        }
    }
}
