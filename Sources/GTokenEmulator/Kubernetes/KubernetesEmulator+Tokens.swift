import GTokenCore
import GTokenNet
import GTokenRuntime

/// The cluster as an issuer: tokens of ServiceAccounts, and what a relying party needs to verify them.
extension KubernetesEmulator {
    /// Answers a TokenRequest, which is how a kubelet gets the token of a projected volume.
    ///
    /// The order of the checks is the API server's: form, ServiceAccount, validity, bound object.
    func token(for name: KubernetesServiceAccountName, _ request: HTTPRequest) -> HTTPResponse {
        guard let issuer else { return KubernetesStatus.unknownPath }
        do throws(KubernetesRefusal) {
            var asked = try TokenRequest(parsing: request.body)
            let key = StoredObject.Key(namespace: name.namespace, name: name.name)
            let (account, behaviour) = state.withLock {
                ($0.store.object(.serviceAccounts, key), $0.behaviour)
            }
            guard let account else {
                throw KubernetesRefusal(response: KubernetesStatus.notFound(name.name))
            }
            try asked.validate()
            let pod = try asked.boundObject.map { object throws(KubernetesRefusal) in
                try boundPod(object, of: name)
            }
            let longest = behaviour.maxTokenExpirationSeconds ?? asked.expirationSeconds
            let warning =
                asked.expirationSeconds > longest
                ? "requested expiration of \(asked.expirationSeconds) seconds shortened to \(longest) seconds"
                : nil
            asked.expirationSeconds = min(asked.expirationSeconds, longest)
            if asked.audiences.isEmpty { asked.audiences = ["\(issuer.issuer)"] }
            let claims = ServiceAccountTokenClaims(
                issuer: issuer.issuer,
                account: name,
                accountUID: account.uid,
                pod: pod,
                audiences: asked.audiences,
                issuedAt: clock.now(),
                expirationSeconds: asked.expirationSeconds,
                tokenID: Hexadecimal.uuid(Crypto.randomBytes(16))
            )
            guard let token = try? issuer.signer.sign(claims) else { return KubernetesStatus.failure(500) }
            var response = HTTPResponse.json(Self.document(token, claims, asked), status: 201)
            if let warning { response.headers.add("Warning", "299 - \"\(warning)\"") }
            return response
        } catch {
            return error.response
        }
    }

    /// The Pod that a token is to be bound to.
    private func boundPod(
        _ object: TokenRequest.BoundObject,
        of account: KubernetesServiceAccountName
    ) throws(KubernetesRefusal) -> ServiceAccountTokenClaims.Reference {
        func refuse(_ response: HTTPResponse) -> KubernetesRefusal { KubernetesRefusal(response: response) }
        guard object.kind == "Pod", object.apiVersion == "v1" else {
            throw refuse(
                KubernetesStatus.badRequest(
                    "cannot bind token for serviceaccount to type \(object.apiVersion), Kind=\(object.kind)"
                )
            )
        }
        let key = StoredObject.Key(namespace: account.namespace, name: object.name)
        guard let pod = state.withLock({ $0.store.object(.pods, key) }) else {
            throw refuse(KubernetesStatus.notFound(object.name, resource: "pods"))
        }
        guard pod.root["spec"]?.present("serviceAccountName")?.isString(account.name) == true else {
            throw refuse(
                KubernetesStatus.badRequest(
                    "cannot bind token for serviceaccount \"\(account.name)\" to pod running with "
                        + "different serviceaccount name."
                )
            )
        }
        guard object.uid.isEmpty || object.uid == pod.uid else {
            throw refuse(KubernetesStatus.conflict(object.name, resource: "pods"))
        }
        return ServiceAccountTokenClaims.Reference(name: object.name, uid: pod.uid)
    }

    private static func document(
        _ token: String,
        _ claims: ServiceAccountTokenClaims,
        _ asked: TokenRequest
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.member("kind", "TokenRequest")
            root.member("apiVersion", "authentication.k8s.io/v1")
            root.member("metadata") { metadata in
                metadata.object {
                    $0.member("name", claims.account.name)
                    $0.member("namespace", claims.account.namespace)
                    $0.member("creationTimestamp", claims.issuedAt.rfc3339)
                }
            }
            root.member("spec") { $0.object { asked.write(to: &$0) } }
            root.member("status") { status in
                status.object {
                    $0.member("token", token)
                    $0.member("expirationTimestamp", claims.expiresAt.rfc3339)
                }
            }
        }
        return writer.bytes
    }

    /// The public keys, as AWS fetches them.
    func keys() -> HTTPResponse {
        guard let issuer else { return KubernetesStatus.unknownPath }
        var response = HTTPResponse(
            status: 200,
            contentType: "application/jwk-set+json",
            body: issuer.keySet.encoded
        )
        response.headers.add("Cache-Control", Self.discoveryCaching)
        return response
    }

    /// The issuer's discovery document.
    func openIDConfiguration(keysPath: String, _ request: HTTPRequest) -> HTTPResponse {
        guard let issuer else { return KubernetesStatus.unknownPath }
        var response = OpenIDConfiguration(issuer: "\(issuer.issuer)", keysPath: keysPath).answer(to: request)
        response.headers.add("Cache-Control", Self.discoveryCaching)
        return response
    }

    private static let discoveryCaching = "public, max-age=3600"
}

extension TokenRequest {
    fileprivate func write(to spec: inout JSONWriter) {
        spec.member("audiences") { list in
            list.array { list in
                for audience in audiences { list.value(audience) }
            }
        }
        spec.member("expirationSeconds", expirationSeconds)
        guard let boundObject else { return }
        spec.member("boundObjectRef") { reference in
            reference.object {
                $0.member("kind", boundObject.kind)
                $0.member("apiVersion", boundObject.apiVersion)
                $0.member("name", boundObject.name)
                $0.member("uid", boundObject.uid)
            }
        }
    }
}
