import Foundation
import GTokenCore
import TestSupport
import XCTest

/// One folder of `Fixtures/cases`: a review as an API server sends it and what is expected of it.
struct AdmissionCase {
    let name: String
    let reviewBytes: [UInt8]
    let annotations: [String: String]
    let rules: InjectionRules

    static func all() throws -> [AdmissionCase] {
        try Fixture.names("cases", in: .module).map(AdmissionCase.init)
    }

    init(_ name: String) throws {
        func value(_ file: String) throws -> JSONValue {
            try JSONDocument(Fixture.bytes("cases/\(name)/\(file)", in: .module)).root
        }
        self.name = name
        reviewBytes = try Fixture.bytes("cases/\(name)/review.json", in: .module)
        annotations = try InjectionRules.annotations(of: value("serviceaccount.json"))
        let options = try? value("options.json")
        let arguments = options?["arguments"].map { $0.elements.compactMap { $0.string() } } ?? []
        // As the webhook that is asked for the same cases, here without the webhook.
        let command = try WebhookCommand(
            arguments: ["server", "--image=registry.example/gtoken:1.0.0"] + arguments,
            environment: [:],
            version: "1.0.0"
        )
        guard case .server(let configuration) = command else { throw ConfigurationError.missingCommand([]) }
        let server = (options?["server"]?.string() ?? "1.33").split(separator: ".").map(String.init)
        rules = InjectionRules(
            configuration: configuration.injection,
            cluster: ClusterFacts(serverMajor: server[0], serverMinor: server[1])
        )
    }

    /// What the rules make of the review, or of the same review with another object.
    func outcome(object: [UInt8]? = nil) throws -> InjectionOutcome {
        let review = try AdmissionReview(parsing: JSONDocument(reviewBytes))
        guard var pod = review.createdPod else { return .left(.notAPodCreation) }
        if let object { pod = try JSONDocument(object).root }
        return rules.decide(pod: pod, annotations: annotations)
    }

    /// The object that is stored in the end.
    func patchedObject(_ outcome: InjectionOutcome) throws -> [UInt8] {
        let review = try AdmissionReview(parsing: JSONDocument(reviewBytes))
        guard let object = review.object else { return Array("null".utf8) }
        return try outcome.patch.applied(to: JSONDocument(Array(object.rawBytes)))
    }

    /// A file of the case as committed; `nil` where it has none.
    func expected(_ file: String) -> JSONValue? {
        (try? Fixture.bytes("cases/\(name)/\(file)", in: .module)).flatMap { try? JSONDocument($0).root }
    }
}
