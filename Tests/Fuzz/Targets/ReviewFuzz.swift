import Foundation

@testable import GTokenCore

extension FuzzTarget {
    /// The whole way from the body of a request to that of its answer, under any annotations and options.
    static let review = FuzzTarget(name: "review", run: ReviewFuzz.run, answer: ReviewFuzz.answer)
}

/// An answer is one that an API server takes; a patch applies, adds and nothing else, and is complete.
private enum ReviewFuzz {
    static func run(_ bytes: [UInt8]) {
        guard let input = ReviewInput(bytes), let document = try? JSONDocument(input.body) else { return }
        let review: AdmissionReview
        do throws(AdmissionReviewError) {
            review = try AdmissionReview(parsing: document)
        } catch {
            require(!"\(error)".isEmpty, "an error says something")
            return
        }
        let outcome = decide(review, input)
        let isFault = if case .notInjected(let reason) = outcome.decision { reason.isFault } else { false }
        require(outcome.patch.isEmpty == (outcome.decision != .injected), "a patch is what injection is")
        require(!isFault || !outcome.warnings.isEmpty, "what is expected and not done has a warning")
        for onInvalid in InjectionConfiguration.OnInvalid.allCases {
            let response = outcome.response(onInvalid: onInvalid)
            require(response.isAllowed == !(isFault && onInvalid == .deny), "only a fault is refused")
            AnswerCheck.check(response.encoded(for: review), to: review, patch: outcome.patch)
        }
        guard let pod = review.createdPod, !outcome.patch.isEmpty else { return }
        require(outcome == decide(review, input), "the same Pod has the same outcome")
        // An API server sends what it has parsed, in which no name stands twice.
        guard !hasDoubles(pod) else { return }
        checkPatched(pod, outcome, input)
    }

    /// As the webhook does it, with an answer from the API at hand.
    private static func decide(_ review: AdmissionReview, _ input: ReviewInput) -> InjectionOutcome {
        guard let pod = review.createdPod else { return .left(.notAPodCreation) }
        guard let name = try? InjectionRules.serviceAccountName(of: pod),
            (try? KubernetesServiceAccountName(namespace: review.namespace, name: name)) != nil
        else { return .left(.malformedPod) }
        let outcome = input.rules.decide(pod: pod, annotations: input.annotations)
        if let reason = InjectionRules.exemption(of: pod) {
            require(outcome == .left(reason), "an exemption does not hang on the ServiceAccount")
        }
        return outcome
    }

    private static func checkPatched(_ pod: JSONValue, _ outcome: InjectionOutcome, _ input: ReviewInput) {
        let isAdding = outcome.patch.operations.allSatisfy { if case .add = $0 { true } else { false } }
        require(isAdding, "a patch only adds")
        guard let before = try? JSONDocument(Array(pod.rawBytes)) else { fail("a Pod is a document") }
        let bytes: [UInt8]
        do throws(JSONPatchError) {
            bytes = try outcome.patch.applied(to: before)
        } catch {
            fail("our patch applies: \(error)")
        }
        guard let patched = try? JSONDocument(bytes).root else { fail("a patched Pod is JSON") }
        var model: Tree? = Tree(pod)
        for operation in outcome.patch.operations { model = model?.applying(operation) }
        require(model == Tree(patched), "a second implementation makes the same Pod")
        require(Survival.survives(pod, in: patched), "what we do not add stays as it was")
        PodCheck.check(patched, was: pod, input.rules.configuration)
        let second = input.rules.decide(pod: patched, annotations: input.annotations)
        require(
            second.decision == .alreadyInjected,
            "a second call adds nothing, but: \(second.decision) \(second.patch.encoded.text) \(second.warnings)"
        )
        require(
            second.warnings == outcome.warnings,
            "a second call warns of the same: \(second.warnings) \(outcome.warnings)"
        )
    }

    private static func hasDoubles(_ value: JSONValue) -> Bool {
        var names: Set<[UInt8]> = []
        return value.members.contains { !names.insert(Array($0.name.utf8)).inserted || hasDoubles($0.value) }
            || value.elements.contains(where: hasDoubles)
    }

    /// The answer's body, and the Pod that it leads to.
    static func answer(_ bytes: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { answer in
            guard let input = ReviewInput(bytes), let document = try? JSONDocument(input.body),
                let review = try? AdmissionReview(parsing: document)
            else { return answer.member("input", false) }
            let outcome = decide(review, input)
            answer.member("response") { $0.raw(outcome.response(onInvalid: .allow).encoded(for: review)) }
            guard let pod = review.createdPod, let before = try? JSONDocument(Array(pod.rawBytes)),
                let patched = try? outcome.patch.applied(to: before)
            else { return }
            answer.member("pod") { $0.raw(pod.rawBytes) }
            answer.member("patched") { $0.raw(patched) }
        }
        return writer.bytes
    }
}
