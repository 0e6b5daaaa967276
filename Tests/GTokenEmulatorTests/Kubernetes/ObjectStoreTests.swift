@testable import GTokenEmulator
import GTokenCore
import XCTest

final class ObjectStoreTests: XCTestCase {
    private var store = ObjectStore(historyLength: 100)

    func testEachChangeHasAVersionAndAnUnchangedObjectKeepsIts() throws {
        let first = try create("a", #"{"metadata":{"labels":{"x":"1"}}}"#)
        XCTAssertEqual(first.resourceVersion, 1001)
        let same = try update("a", #"{"metadata" : {"labels" : {"x" : "1"}}}"#)
        XCTAssertEqual(same.resourceVersion, 1001)
        let second = try update("a", #"{"metadata":{"labels":{"x":"2"}}}"#)
        XCTAssertEqual(second.resourceVersion, 1002)
        XCTAssertEqual(second.uid, first.uid)
        XCTAssertEqual(second.metadata["creationTimestamp"]?.string(), "1970-01-01T00:00:00Z")
        XCTAssertEqual(store.resourceVersion, 1002)
    }

    func testWhatIsTheServersIsNotTheClients() throws {
        let object = try create(
            "a",
            #"{"kind":"X","metadata":{"uid":"mine","selfLink":"s","managedFields":[],"annotations":{}},"data":null}"#
        )
        XCTAssertEqual(
            String(decoding: object.json, as: UTF8.self),
            #"{"metadata":{"name":"a","namespace":"n","uid":"uid-a","resourceVersion":"1001","#
                + #""creationTimestamp":"1970-01-01T00:00:00Z"}}"#
        )
    }

    func testRefusesWhatDoesNotFit() throws {
        let object = try create("a", "{}")
        XCTAssertThrowsError(try create("a", "{}")) {
            XCTAssertEqual($0 as? ObjectStoreError, .alreadyExists(.configMaps, name: "a"))
        }
        XCTAssertThrowsError(try update("b", "{}")) {
            XCTAssertEqual($0 as? ObjectStoreError, .notFound(.configMaps, name: "b"))
        }
        XCTAssertThrowsError(try update("a", #"{"metadata":{"resourceVersion":"7"}}"#)) {
            XCTAssertEqual($0 as? ObjectStoreError, .conflict(.configMaps, name: "a", .modified))
        }
        let other = ObjectStoreError.Conflict.uid(expected: "other", actual: object.uid)
        XCTAssertThrowsError(try update("a", #"{"metadata":{"uid":"other"}}"#)) {
            XCTAssertEqual($0 as? ObjectStoreError, .conflict(.configMaps, name: "a", other))
        }
        XCTAssertThrowsError(try store.delete(.configMaps, key("a"), .init(uid: "other"))) {
            XCTAssertEqual($0 as? ObjectStoreError, .conflict(.configMaps, name: "a", other))
        }
        for name in ["A", "-a", "a-", "a..b", "a/b", String(repeating: "a", count: 254)] {
            XCTAssertThrowsError(try create(name, "{}"), name) { error in
                guard case .invalid(_, _, let field)? = error as? ObjectStoreError else {
                    return XCTFail("\(error)")
                }
                XCTAssertEqual(field.field, "metadata.name")
            }
        }
    }

    func testPagesShowTheListAsItWasAtItsFirstPage() throws {
        for name in ["a", "b", "c", "d", "e"] { _ = try create(name, "{}") }
        var query = ObjectListQuery(namespace: "n")
        query.limit = 2
        let first = try store.list(.configMaps, query)
        XCTAssertEqual(first.objects.map(\.key.name), ["a", "b"])
        XCTAssertEqual(first.remaining, 3)
        _ = try store.delete(.configMaps, key("d"))
        _ = try create("bb", "{}")
        let changed = try update("c", #"{"data":{"x":"y"}}"#)
        query.start = first.next
        query.version = first.resourceVersion
        let second = try store.list(.configMaps, query)
        XCTAssertEqual(second.objects.map(\.key.name), ["c", "d"])
        XCTAssertNotEqual(second.objects.first?.resourceVersion, changed.resourceVersion)
        XCTAssertEqual(second.remaining, 1)
        query.start = second.next
        XCTAssertEqual(try store.list(.configMaps, query).objects.map(\.key.name), ["e"])
        let now = try store.list(.configMaps, ObjectListQuery())
        XCTAssertEqual(now.objects.map(\.key.name), ["a", "b", "bb", "c", "e"])
        store.history.compact(through: store.resourceVersion)
        XCTAssertThrowsError(try store.list(.configMaps, query)) {
            XCTAssertEqual($0 as? ObjectStoreError, .expired(asked: 1005, oldest: 1008))
        }
    }

    func testEventsAreThoseOfTheSelection() throws {
        var selection = ObjectSelection()
        selection.labels = try LabelSelector(parsing: "on")
        let start = store.resourceVersion
        _ = try create("a", #"{"metadata":{"labels":{"on":""}}}"#)
        _ = try update("a", #"{"metadata":{"labels":{"on":"1"}}}"#)
        _ = try update("a", "{}")
        _ = try update("a", #"{"metadata":{"labels":{"on":"2"}}}"#)
        _ = try store.delete(.configMaps, key("a"))
        _ = try create("b", "{}")
        let (events, version) = try store.events(of: .configMaps, in: "n", selection, after: start)
        XCTAssertEqual(events.map(\.kind), [.added, .modified, .deleted, .added, .deleted])
        XCTAssertEqual(events.map(\.object.resourceVersion), [1001, 1002, 1003, 1004, 1005])
        XCTAssertEqual(events.last?.object.metadata["resourceVersion"]?.string(), "1005")
        XCTAssertEqual(version, 1006)
        let elsewhere = try store.events(of: .configMaps, in: "other", selection, after: start)
        XCTAssertTrue(elsewhere.events.isEmpty)
    }

    func testTheHistoryHasTheLengthThatItIsGiven() throws {
        store.history.capacity = 3
        for name in ["a", "b", "c", "d"] { _ = try create(name, "{}") }
        XCTAssertEqual(
            try store.events(of: .configMaps, in: nil, ObjectSelection(), after: 1001).events.count,
            3
        )
        XCTAssertThrowsError(try store.events(of: .configMaps, in: nil, ObjectSelection(), after: 1000)) {
            XCTAssertEqual($0 as? ObjectStoreError, .expired(asked: 1000, oldest: 1001))
        }
    }

    func testTheGenerationCountsChangesOfWhatIsWanted() throws {
        let birth = ObjectStore.Birth(time: .epoch, uid: "u", suffix: "")
        func update(_ text: String) throws -> Int64? {
            let key = StoredObject.Key(namespace: "n", name: "d")
            return try store.update(.deployments, key, try Self.json(text)).metadata["generation"]?.integer()
        }
        let object = try Self.json(#"{"metadata":{"name":"d"},"spec":{"replicas":1}}"#)
        _ = try store.create(.deployments, in: "n", object, birth)
        XCTAssertEqual(try update(#"{"metadata":{"labels":{"a":"b"}},"spec":{"replicas":1}}"#), 1)
        XCTAssertEqual(try update(#"{"spec":{"replicas":1},"status":{"replicas":1}}"#), 1)
        XCTAssertEqual(try update(#"{"spec":{"replicas":2}}"#), 2)
    }

    func testSelectorsSelect() throws {
        let labels = try Self.json(#"{"a":"1","tier/x":"web","empty":""}"#)
        for (text, expected) in [
            ("", true), ("a", true), ("b", false), ("!b", true), ("!a", false), ("a=1", true),
            ("a==1", true), ("a=2", false), ("a!=2", true), ("a!=1", false), ("b!=1", true),
            ("a in (0,1)", true), ("a in (0, 2)", false), ("a notin (1)", false), ("b notin (1)", true),
            ("a=1,tier/x=web", true), ("a=1,tier/x=db", false), ("empty=", true), ("a=1,!b,empty", true),
        ] {
            XCTAssertEqual(try LabelSelector(parsing: text).matches(labels), expected, text)
        }
        for text in ["a b", "a in 1", "(a)", "=", "a in (1", "!"] {
            XCTAssertThrowsError(try LabelSelector(parsing: text), text)
        }
        let key = StoredObject.Key(namespace: "n", name: "a")
        for (text, expected) in [
            ("metadata.name=a", true), ("metadata.name==b", false), ("metadata.name!=b", true),
            ("metadata.namespace=n,metadata.name=a", true), ("metadata.namespace!=n", false),
        ] {
            XCTAssertEqual(try FieldSelector(parsing: text).matches(key), expected, text)
        }
        XCTAssertThrowsError(try FieldSelector(parsing: "spec.x=1")) {
            XCTAssertEqual($0 as? FieldSelector.Mistake, .field("spec.x"))
        }
    }

    /// The examples of RFC 7396, appendix A.
    func testMergePatches() throws {
        for (target, patch, expected) in [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
            (#"{"a":"foo"}"#, #""bar""#, #""bar""#), (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ] {
            let result = MergePatch.apply(try Self.json(patch), to: try Self.json(target))
            XCTAssertEqual(String(decoding: result, as: UTF8.self), expected, "\(target) \(patch)")
        }
    }

    private func key(_ name: String) -> StoredObject.Key { StoredObject.Key(namespace: "n", name: name) }

    private func create(_ name: String, _ text: String) throws -> StoredObject {
        let named = MergePatch.apply(
            try Self.json(#"{"metadata":{"name":"\#(name)"}}"#),
            to: try Self.json(text)
        )
        return try store.create(
            .configMaps,
            in: "n",
            try JSONDocument(named).root,
            ObjectStore.Birth(time: .epoch, uid: "uid-\(name)", suffix: "xxxxx")
        )
    }

    private func update(_ name: String, _ text: String) throws -> StoredObject {
        try store.update(.configMaps, key(name), try Self.json(text))
    }

    private static func json(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }
}
