import GTokenCore

/// What the webhook would answer to a review, worked out without a webhook or a cluster.
struct PatchBuilder {
    private let rules: InjectionRules

    /// A builder for clusters with native sidecars, with every setting but the image at its default.
    init(image: String) {
        rules = InjectionRules(
            configuration: InjectionConfiguration(image: image),
            cluster: ClusterFacts(supportsNativeSidecars: true)
        )
    }

    /// Decides about the Pod of an AdmissionReview.
    ///
    /// - Parameters:
    ///   - review: the JSON of the AdmissionReview, as the API server sends it.
    ///   - serviceAccount: the JSON of the Pod's ServiceAccount, as `kubectl get -o json` prints it.
    /// - Returns: the decision, the patch, and what the Pod's author should be told.
    /// - Throws: `JSONError` or `AdmissionReviewError` where one of them is not what it should be.
    func outcome(review: [UInt8], serviceAccount: [UInt8]) throws -> InjectionOutcome {
        let review = try AdmissionReview(parsing: JSONDocument(review))
        let annotations = try InjectionRules.annotations(of: JSONDocument(serviceAccount).root)
        guard let pod = review.createdPod else { return .left(.notAPodCreation) }
        return rules.decide(pod: pod, annotations: annotations)
    }
}
