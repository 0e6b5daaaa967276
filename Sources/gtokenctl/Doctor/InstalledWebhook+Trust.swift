import GTokenCore
import GTokenNet
import GTokenRuntime

extension InstalledWebhook {
    /// What API servers verify the webhook by, with words about it.
    ///
    /// - Throws: ``CheckFailure`` where one of its webhooks has no certificate that is valid.
    func trusted(at now: UnixTime) throws(CheckFailure) -> (anchors: [TrustAnchor], detail: String) {
        let hint =
            "gtoken-webhook --tls-self-managed keeps it right; with cert-manager see its cainjector; else write it again "
            + "from the certificate's authority"
        var anchors: [TrustAnchor] = []
        for entry in webhooks {
            let name = entry["name"]?.string() ?? configuration
            guard let text = entry["clientConfig"]?["caBundle"]?.string(), !text.isEmpty else {
                throw CheckFailure(
                    "caBundle of \(name) is empty: API servers trust no certificate",
                    hint: hint
                )
            }
            guard let pem = Base64.decode(text) else {
                throw CheckFailure("caBundle of \(name) is not base64", hint: hint)
            }
            do throws(CryptographyError) {
                anchors = try TrustAnchor.read(pem)
            } catch {
                throw CheckFailure("caBundle of \(name) holds no certificates: \(error)", hint: hint)
            }
            guard anchors.contains(where: { $0.facts.isValid(at: now) }) else {
                let end = anchors.map(\.facts.notAfter).max()?.rfc3339 ?? "an unknown time"
                throw CheckFailure(
                    "caBundle of \(name) has no certificate that is valid now: until \(end)",
                    hint: hint
                )
            }
        }
        let end = anchors.map(\.facts.notAfter).max()?.rfc3339 ?? "an unknown time"
        return (anchors, "\(anchors.count) certificates, until \(end)")
    }
}
