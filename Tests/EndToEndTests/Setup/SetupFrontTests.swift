import XCTest

@testable import gtokenctl

/// What may begin when, and what is not to begin any more.
final class SetupFrontTests: XCTestCase {
    private static func step(_ name: String, _ needs: String...) -> SetupStep {
        SetupStep(object: id(name), needs: needs.map(id)) { ObjectChange(id(name), .keep) }
    }

    private static func id(_ name: String) -> ObjectID { ObjectID(.awsRole, name) }

    /// `d` needs `b` and `c`, which need `a`; what is not part of the work is taken for done.
    private static let diamond = [
        step("d", "b", "c", "b"), step("b", "a"), step("c", "a", "elsewhere"), step("a"),
    ]

    private func done(_ name: String) -> SetupEnd {
        SetupEnd(object: Self.id(name), outcome: .done(ObjectChange(Self.id(name), .keep)))
    }

    private func begun(_ front: inout SetupFront) -> [String] {
        var names: [String] = []
        while let step = front.next() { names.append(step.object.name) }
        return names
    }

    func testEachBeginsOnceWhenAllThatItNeedsIsDone() {
        var front = SetupFront(Self.diamond)
        for (ended, ready) in [("", ["a"]), ("a", ["b", "c"]), ("c", []), ("b", ["d"]), ("d", [])] {
            if !ended.isEmpty {
                XCTAssertEqual(front.end(done(ended)).map(\.object.name), [ended])
            }
            XCTAssertEqual(begun(&front), ready, "after \(ended)")
        }
        XCTAssertEqual(front.outcomes.count, 4)
    }

    func testWhatNeedsAFailureIsNotBegunAndNamesIt() {
        struct Failure: Error {}
        for outcome in [SetupOutcome.failed(Failure()), .stopped] {
            var front = SetupFront(Self.diamond)
            XCTAssertEqual(begun(&front), ["a"])
            _ = front.end(done("a"))
            XCTAssertEqual(begun(&front), ["b", "c"])
            let ended = front.end(SetupEnd(object: Self.id("b"), outcome: outcome))
            XCTAssertEqual(ended.map(\.object.name), ["b", "d"])
            guard case .skipped(because: Self.id("b"))? = ended.last?.outcome else {
                return XCTFail("\(ended)")
            }
            XCTAssertEqual(front.end(done("c")).count, 1)
            XCTAssertEqual(begun(&front), [])
            XCTAssertEqual(front.outcomes.count, 4)
        }
    }
}
