import GTokenAdminClients
import GTokenCore
import GTokenRuntime

/// One binding, looked at from the service account to the Pods.
struct Patient: Sendable {
    let binding: Binding
    let ways: Doctor.Ways
    let webhook: Checked<InstalledWebhook>
    let objects: Checked<WorkloadObjects>
    let configuration: DoctorConfiguration
    let access: CloudAccess
    let examination: Examination

    /// What mends most of it.
    static let apply = "gtokenctl apply, with the same options, mends it"

    /// Looks at all of it.
    func examine() async {
        let role = await examineRole()
        let trust: Checked<Void>
        switch binding.identity {
        case .google:
            let account = await examineGoogleAccount()
            trust = await examineTrust(role.and(account)) { account in
                .google(account.uniqueID, audience: binding.audience)
            }
        case .cluster:
            let provider = await examineProvider()
            trust = await examineTrust(role.and(provider)) { provider in
                .cluster(provider, binding.serviceAccount, audience: binding.audience)
            }
        }
        await examinePolicies(role)
        await examineWorkload()
        if configuration.provesWithToken {
            await prove(role.and(trust))
        } else {
            await examination.check("proof with a token") { () throws -> CheckOutcome<Void> in
                throw CheckSkipped("--token asks for it")
            }
        }
    }

    // MARK: Google

    private func examineGoogleAccount() async -> Checked<GoogleServiceAccount> {
        let account = await examination.check("Google service account", after: ways.google) { google in
            guard let email = binding.googleServiceAccount else {
                throw CheckSkipped("the binding names none")
            }
            guard let account = try await GoogleIAMClient(google.api).serviceAccount(email) else {
                throw CheckFailure("there is no \(email)", hint: Self.apply)
            }
            guard !account.isDisabled else {
                throw CheckFailure(
                    "\(email) is disabled: Google makes no tokens for it",
                    hint: "gcloud iam service-accounts enable \(email)"
                )
            }
            return .ok(account, "\(email), unique id \(account.uniqueID)")
        }
        await examination.check("workloadIdentityUser", after: account.and(ways.google)) { account, google in
            let policy = try await GoogleIAMClient(google.api).policy(of: account.email)
            let member =
                "\(WorkloadPoolMember(project: binding.cluster.project, serviceAccount: binding.serviceAccount))"
            guard policy.grants("roles/iam.workloadIdentityUser", to: member) else {
                throw CheckFailure(
                    "\(member) has not roles/iam.workloadIdentityUser on \(account.email)",
                    hint: "gcloud iam service-accounts add-iam-policy-binding \(account.email) "
                        + "--role=roles/iam.workloadIdentityUser --member=\(member.shellQuoted)"
                )
            }
            return .ok((), member)
        }
        return account
    }

    // MARK: AWS

    private func examineProvider() async -> Checked<OpenIDConnectProviderARN> {
        await examination.check("identity provider", after: ways.aws) { aws in
            let arn = try OpenIDConnectProviderARN(
                partition: aws.account.partition,
                accountID: aws.account.id,
                issuer: try OpenIDConnectIssuer(binding.cluster)
            )
            guard let provider = try await aws.iam.findOpenIDConnectProvider(arn) else {
                throw CheckFailure("IAM has no identity provider for \(arn.issuer)", hint: Self.apply)
            }
            guard provider.clientIDs.contains(binding.audience) else {
                throw CheckFailure(
                    "\(binding.audience) is not among its client ids: \(provider.clientIDs.joined(separator: ", "))",
                    hint:
                        "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn \(arn) "
                        + "--client-id \(binding.audience)"
                )
            }
            return .ok(arn, "\(arn)")
        }
    }

    private func examineRole() async -> Checked<IAMRole> {
        await examination.check("AWS role", after: ways.aws) { aws in
            guard let role = try await aws.iam.findRole(binding.role.name.name) else {
                throw CheckFailure("there is no role \(binding.role.name)", hint: Self.apply)
            }
            guard role.arn.path == binding.role.name.path else {
                throw CheckFailure(
                    "its path is \(role.arn.path), not \(binding.role.name.path)",
                    hint: "name it with its path, \(role.arn.path.dropFirst())\(role.arn.roleName)"
                )
            }
            return .ok(role, "\(role.arn)")
        }
    }

    private func examineTrust<Party>(
        _ need: Checked<(IAMRole, Party)>,
        _ question: (Party) -> TrustQuestion
    ) async -> Checked<Void> {
        await examination.check("trust policy", after: need) { role, party in
            let policy: PolicyDocument
            do throws(PolicyDocumentError) {
                policy = try role.trustPolicy()
            } catch {
                throw CheckFailure("the trust policy cannot be read: \(error)", hint: Self.apply)
            }
            if let refusal = question(party).refusal(of: policy) {
                throw CheckFailure("it does not trust the token: \(refusal)", hint: Self.apply)
            }
            let flaws = TrustPolicyFindings(policy).findings.map(\.flaw.rawValue)
            guard flaws.isEmpty else {
                return .warning(
                    (),
                    "it trusts the token, and is unsafe: \(flaws.joined(separator: ", "))",
                    hint: "gtokenctl audit --fix says what to write"
                )
            }
            return .ok((), "it trusts the token, and it alone")
        }
    }

    private func examinePolicies(_ role: Checked<IAMRole>) async {
        await examination.check("policies", after: role.and(ways.aws)) { role, aws in
            let attached = try await aws.iam.listAttachedRolePolicies(role.arn.roleName)
            let own = try await aws.iam.listRolePolicies(role.arn.roleName)
            for reference in binding.role.policies {
                let arn = try await aws.iam.policyARN(reference, partition: aws.account.partition)
                guard let arn, attached.contains(arn) else {
                    throw CheckFailure("\(reference) is not attached", hint: Self.apply)
                }
            }
            for name in binding.role.inlinePolicies.keys.sorted() where !own.contains(name) {
                throw CheckFailure("there is no inline policy \(name)", hint: Self.apply)
            }
            guard !attached.isEmpty || !own.isEmpty else {
                return .warning(
                    (),
                    "the role has none: it may do nothing",
                    hint: "attach one with --aws-policy"
                )
            }
            return .ok((), "\(attached.count) attached, \(own.count) inline")
        }
    }
}
