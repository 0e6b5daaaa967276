import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenRuntime

/// The proof: a token as the Pods get it, and the role assumed with it.
extension Patient {
    func prove(_ need: Checked<(IAMRole, Void)>) async {
        await examination.check("proof with a token", after: need.and(ways.aws)) { need, aws in
            let token: String
            switch binding.identity {
            case .google: token = try await googleToken()
            case .cluster: token = try await clusterToken()
            }
            let sts = STSClient(aws.access.endpoint(.sts), clock: access.clock, http: access.http)
            do throws(AWSQueryError) {
                let assumed = try await sts.assumeRoleWithWebIdentity(
                    WebIdentityExchange(
                        role: need.0.arn,
                        sessionName: Self.sessionName,
                        token: token,
                        duration: .seconds(900)
                    )
                )
                return .ok((), "assumed \(assumed.arn)")
            } catch {
                throw CheckFailure("AWS does not take the token: \(error)", hint: Self.apply)
            }
        }
    }

    private static let sessionName: RoleSessionName = {
        guard let name = try? RoleSessionName(parsing: "gtokenctl-doctor") else {
            // Invariant: letters and a hyphen.
            preconditionFailure()
        }
        return name
    }()

    private func googleToken() async throws -> String {
        guard let google = ways.google.value, let email = binding.googleServiceAccount else {
            throw CheckSkipped("because of: \(ways.google.name)")
        }
        do throws(IDTokenError) {
            return try await IAMCredentialsIDTokens(
                of: { () throws(IDTokenError) in email },
                audience: binding.audience,
                by: google.api
            ).idToken().text
        } catch {
            throw CheckFailure(
                "no ID token of \(email): \(error)",
                hint:
                    "you need roles/iam.serviceAccountOpenIdTokenCreator on it, for the proof alone: gcloud iam "
                    + "service-accounts add-iam-policy-binding \(email) "
                    + "--role=roles/iam.serviceAccountOpenIdTokenCreator --member=user:YOU"
            )
        }
    }

    private func clusterToken() async throws -> String {
        guard let kubectl = ways.kubernetes.value else {
            throw CheckSkipped("because of: \(ways.kubernetes.name)")
        }
        let account = binding.serviceAccount
        var request = JSONWriter()
        request.object { object in
            object.member("apiVersion", "authentication.k8s.io/v1")
            object.member("kind", "TokenRequest")
            object.member("spec") { spec in
                spec.object { spec in
                    spec.member("audiences") { $0.array { $0.value(binding.audience) } }
                    spec.member("expirationSeconds", 600)
                }
            }
        }
        // A TokenRequest as a kubelet makes it, which kubectl passes on as it is.
        let path = "/api/v1/namespaces/\(account.namespace)/serviceaccounts/\(account.name)/token"
        let printed = try await kubectl.run(
            ["create", "--raw=\(path)", "--filename=-"],
            manifests: request.bytes
        )
        guard let token = try? JSONDocument(printed).root["status"]?["token"]?.string() else {
            throw CheckFailure(
                "the Kubernetes API gave no token of \(account)",
                hint: "you need create on serviceaccounts/token in \(account.namespace), for the proof alone"
            )
        }
        return token
    }
}
