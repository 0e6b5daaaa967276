import GTokenCore
import GTokenNet
import TestSupport
import XCTest

/// Bodies that are no reviews, or reviews of what no API server sends.
final class HostileReviewTests: XCTestCase {
    func testAReviewThatIsCutAnywhereIsRefused() async throws {
        let small = HostileReview.small
        let large = HostileReview.large
        let cuts =
            (0..<small.count).map { small.prefix($0) }
            + stride(from: 0, to: large.count, by: 997).map { large.prefix($0) }
        try await HostileWebhook.run { hostile in
            for cut in cuts {
                let status = try await hostile.review(Array(cut)).status
                XCTAssertEqual(status, 400, "\(cut.count) bytes")
            }
            let whole = try await hostile.review(large)
            try APIServer.accept(whole.body, to: large, "whole")
        }
    }

    /// The length says more than comes: there is nobody left to answer.
    func testARequestThatEndsWithinItsBodyIsDropped() async throws {
        let request = HostileWebhook.post(HostileReview.small)
        try await HostileWebhook.run { hostile in
            for count in stride(from: 0, to: request.count, by: 11) {
                let answer = try await hostile.raw.answer(to: Array(request.prefix(count)))
                XCTAssertEqual(answer, [], "\(count) bytes")
            }
        }
    }

    func testNestingIsTakenUpToItsLimitAndRefusedAbove() async throws {
        // The value stands four levels deep itself, in review, request, object and spec.
        let room = JSONLimits.standard.maxDepth - 4
        try await HostileWebhook.run { hostile in
            for (opening, closing, levels) in [("[", "]", 1), (#"{"a":"#, "}", 1), (#"[{"a":"#, "}]", 2)] {
                for (count, status) in [(room / levels, 200), (room / levels + 1, 400), (500_000, 400)] {
                    let nested =
                        String(repeating: opening, count: count) + "0"
                        + String(repeating: closing, count: count)
                    let review = HostileReview.review(
                        pod:
                            #"{"spec":{"x":\#(nested),"serviceAccountName":"app","containers":[{"name":"a"}]}}"#
                    )
                    let response = try await hostile.review(review)
                    XCTAssertEqual(response.status, status, "\(opening) \(count) times")
                    if status == 200 { try APIServer.accept(response.body, to: review, opening) }
                }
                for text in [opening, opening + opening + closing, closing] {
                    let body = Array(String(repeating: text, count: 1_000_000 / text.count).utf8)
                    let response = try await hostile.review(body)
                    XCTAssertEqual(response.status, 400, text)
                }
            }
        }
    }

    func testBytesThatAreNotUTF8AreRefusedWhereverTheyStand() async throws {
        let review = HostileReview.small
        let sequences: [[UInt8]] = [
            [0xFF], [0x80], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xEF, 0xBB], [0],
        ]
        try await HostileWebhook.run { hostile in
            for (number, sequence) in sequences.enumerated() {
                for place in stride(from: number, through: review.count, by: 9) {
                    let body = review[..<place] + sequence + review[place...]
                    let status = try await hostile.review(Array(body)).status
                    XCTAssertEqual(status, 400, "\(sequence) at \(place)")
                }
            }
        }
    }

    /// A Pod's field is the API server's to refuse, in its own words; a review's own is ours.
    func testAFieldOfAnotherTypeGetsAnAnswerThatAnAPIServerTakes() async throws {
        let values = [
            "null", "true", "0", "-1.5e300", #""""#, #""text""#, "[]", "[null]", #"["a","a"]"#, "{}",
            #"{"a":1}"#,
            "[{}]",
        ]
        let document = try JSONDocument(HostileReview.full)
        let places = HostileReview.pointers(in: document.root)
        XCTAssertGreaterThan(places.count, 80)
        try await HostileWebhook.run { hostile in
            let usual = try await hostile.review(HostileReview.full)
            XCTAssertNotNil(try JSONDocument(usual.body).root["response"]?["patch"], usual.text)
            for place in places {
                for value in values {
                    let name = "\(place.joined(separator: "/")) = \(value)"
                    let patch = JSONPatch([.replace(JSONPointer(place), value: Array(value.utf8))])
                    let review = try patch.applied(to: document)
                    let response = try await hostile.review(review)
                    let isOfThePod = place.starts(with: ["request", "object"])
                    if !isOfThePod && response.status == 400 { continue }
                    XCTAssertEqual(response.status, 200, name)
                    try APIServer.accept(response.body, to: review, name)
                }
            }
        }
    }

    func testAMemberThatStandsTwiceIsOneAnswer() async throws {
        let document = try JSONDocument(HostileReview.full)
        let places = HostileReview.pointers(in: document.root).filter { Int($0.last ?? "") == nil }
        try await HostileWebhook.run { hostile in
            for place in places {
                for value in ["null", #""other""#, "[]", "{}"] {
                    let name = "\(place.joined(separator: "/")), again \(value)"
                    let parent = JSONPointer(Array(place.dropLast()))
                    let members = try XCTUnwrap(document.root.value(at: parent), name).members.map {
                        #""\#($0.name)":\#(String(decoding: $0.value.rawBytes, as: UTF8.self))"#
                    }
                    let again = #"{\#(members.joined(separator: ",")),"\#(place.last ?? "")":\#(value)}"#
                    let review =
                        place.count == 1
                        ? Array(again.utf8)
                        : try JSONPatch([.replace(parent, value: Array(again.utf8))]).applied(to: document)
                    let response = try await hostile.review(review)
                    let isOfThePod = place.starts(with: ["request", "object"]) && place.count > 2
                    if !isOfThePod && response.status == 400 { continue }
                    XCTAssertEqual(response.status, 200, name)
                    let answer = try JSONDocument(response.body).root["response"]
                    XCTAssertEqual(answer?["allowed"]?.boolean(), true, name)
                    if let patch = answer?["patch"]?.string() {
                        _ = try JSONPatch(parsing: JSONDocument(XCTUnwrap(Base64.decode(patch), name)))
                    }
                }
            }
        }
    }
}
