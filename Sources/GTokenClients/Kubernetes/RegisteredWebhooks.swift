package import GTokenCore
package import GTokenNet

/// What a MutatingWebhookConfiguration says of the webhooks that call our Service.
package struct RegisteredWebhooks: Sendable {
    /// One entry of the object's `webhooks`.
    package struct Entry: Sendable {
        /// Its place among all entries, ours or not.
        package let index: Int
        /// What the webhook is called.
        package let name: String
        /// What its callers trust; empty where `caBundle` is empty or cannot be read.
        package let anchors: [TrustAnchor]
        /// Whether `caBundle` holds nothing at all, for which an API server takes its system's roots.
        package let hasNoBundle: Bool

        /// Whether its callers trust these certificates and no other.
        package func trustsExactly(_ wanted: [TrustAnchor]) -> Bool { Set(anchors) == Set(wanted) }
    }

    /// The version of the object as it was read.
    package let resourceVersion: String
    /// Those that call the Service, in their order.
    package let entries: [Entry]

    /// Reads the entries that call this Service.
    package init(_ configuration: JSONValue, callingService service: String, in namespace: String) {
        resourceVersion = configuration["metadata"]?["resourceVersion"]?.string() ?? ""
        var entries: [Entry] = []
        let webhooks = configuration["webhooks"].map { Array($0.elements) }
        for (index, webhook) in (webhooks ?? []).enumerated() {
            guard let client = webhook["clientConfig"], let called = client["service"],
                called["name"]?.isString(service) == true, called["namespace"]?.isString(namespace) == true
            else { continue }
            let text = client["caBundle"]?.string() ?? ""
            let anchors = Base64.decode(text).flatMap { try? TrustAnchor.read($0) }
            entries.append(
                Entry(
                    index: index,
                    name: webhook["name"]?.string() ?? "",
                    anchors: anchors ?? [],
                    hasNoBundle: text.isEmpty
                )
            )
        }
        self.entries = entries
    }

    /// What every entry trusts.
    package var trustedByAll: [TrustAnchor] {
        guard let first = entries.first else { return [] }
        return first.anchors.filter { anchor in entries.allSatisfy { $0.anchors.contains(anchor) } }
    }

    /// What any entry trusts, each once.
    package var trustedByAny: [TrustAnchor] {
        var anchors: [TrustAnchor] = []
        for anchor in entries.flatMap(\.anchors) where !anchors.contains(anchor) { anchors.append(anchor) }
        return anchors
    }

    /// Why one of the webhooks' callers would not accept what is served; `nil` where all would.
    package func objection(
        to context: TLSServerContext,
        ignoringEmptyBundles: Bool = false,
        at now: UnixTime
    ) -> String? {
        for entry in entries where !(ignoringEmptyBundles && entry.hasNoBundle) {
            let reason: String?
            do throws(CryptographyError) {
                reason = try context.objection(byTrusting: entry.anchors, at: now)
            } catch {
                reason = "\(error)"
            }
            if let reason {
                return "caBundle of webhook \(entry.name) does not verify the certificate: \(reason)"
            }
        }
        return nil
    }

    /// Makes the entries that do not trust exactly these certificates do so, and changes nothing else.
    ///
    /// Valid for the object as it was read alone: an index means another entry as soon as somebody puts one in front,
    /// and what another replica has added meanwhile must not be taken away.
    package func patch(toTrust anchors: [TrustAnchor]) -> JSONPatch {
        var operations = [
            JSONPatchOperation.test(
                JSONPointer(["metadata", "resourceVersion"]),
                value: text(resourceVersion)
            )
        ]
        let bundle = text(Base64.encode(anchors.flatMap(\.pem)))
        for entry in entries where !entry.trustsExactly(anchors) {
            let webhook = JSONPointer(["webhooks"]).appending(entry.index)
            operations.append(.test(webhook.appending("name"), value: text(entry.name)))
            operations.append(.add(webhook.appending("clientConfig").appending("caBundle"), value: bundle))
        }
        return JSONPatch(operations)
    }

    private func text(_ value: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }
}
