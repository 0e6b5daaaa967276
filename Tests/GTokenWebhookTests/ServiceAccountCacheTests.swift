import GTokenClients
import GTokenCore
import TestSupport
import XCTest

@testable import gtoken_webhook

/// What is kept of the ServiceAccounts that a watch tells of.
final class ServiceAccountCacheTests: XCTestCase {
    private let clock = ManualClock()
    private let log = RecordedLog()
    private lazy var cache = ServiceAccountCache(
        configuration: InjectionConfiguration(),
        clock: clock,
        logger: log.logger(clock: clock)
    )

    private func account(
        _ name: String,
        _ role: String? = "arn:aws:iam::123456789012:role/app"
    ) throws -> JSONValue {
        let annotations = role.map { #"{"amazonaws.com/role-arn":"\#($0)"}"# } ?? "{}"
        let text = #"{"metadata":{"namespace":"ns","name":"\#(name)","annotations":\#(annotations)}}"#
        return try JSONDocument(Array(text.utf8)).root
    }

    private func role(_ name: String) throws -> ServiceAccountRole? {
        cache.role(of: try KubernetesServiceAccountName(namespace: "ns", name: name))
    }

    private func list(_ accounts: JSONValue...) {
        cache.listBegan()
        accounts.forEach(cache.put)
        cache.listEnded()
    }

    func testOnlyThoseWhoAskForARoleAreKept() throws {
        XCTAssertFalse(cache.isSynced)
        list(try account("a"), try account("b", nil), try account("c", "nonsense"))
        XCTAssertTrue(cache.isSynced)
        XCTAssertEqual(cache.count, 2)
        guard case .role(let role)? = try role("a") else { return XCTFail("a is not known") }
        XCTAssertEqual("\(role.roleARN)", "arn:aws:iam::123456789012:role/app")
        XCTAssertNil(try self.role("b"))
        guard case .invalid? = try self.role("c") else {
            return XCTFail("c asks, in a way that means nothing")
        }
    }

    func testChangesCountAtOnce() throws {
        list(try account("a"))
        cache.put(try account("a", "arn:aws:iam::123456789012:role/other"))
        guard case .role(let role)? = try role("a") else { return XCTFail("a is not known") }
        XCTAssertEqual("\(role.roleARN)", "arn:aws:iam::123456789012:role/other")
        cache.put(try account("a", nil))
        XCTAssertNil(try self.role("a"))
        cache.put(try account("a"))
        cache.remove(try account("a", nil))
        XCTAssertNil(try self.role("a"))
    }

    func testOfManyRolesAFewStayPreparedAndEachIsItsOwn() throws {
        let count = 2 * ServiceAccountCache.maxPrepared + 3
        let names = (0..<count).map { "app-\($0)" }
        cache.listBegan()
        for name in names { cache.put(try account(name, "arn:aws:iam::123456789012:role/\(name)")) }
        cache.listEnded()
        let rules = InjectionRules(
            configuration: InjectionConfiguration(),
            cluster: ClusterFacts(supportsNativeSidecars: true)
        )
        for name in names + names.reversed() + ["app-7", "app-7"] {
            let account = try KubernetesServiceAccountName(namespace: "ns", name: name)
            guard case .role(let role)? = cache.account(account, preparedBy: rules) else {
                return XCTFail("\(name) is not known")
            }
            XCTAssertEqual("\(role.annotations.roleARN)", "arn:aws:iam::123456789012:role/\(name)")
            XCTAssertLessThanOrEqual(cache.preparedCount, ServiceAccountCache.maxPrepared)
        }
        XCTAssertGreaterThan(cache.preparedCount, 0)
        cache.put(try account("app-7", "arn:aws:iam::123456789012:role/other"))
        let changed = try KubernetesServiceAccountName(namespace: "ns", name: "app-7")
        guard case .role(let role)? = cache.account(changed, preparedBy: rules) else {
            return XCTFail("app-7 is not known")
        }
        XCTAssertEqual("\(role.annotations.roleARN)", "arn:aws:iam::123456789012:role/other")
    }

    func testWhatANewListLacksIsGoneOnlyWhenItIsComplete() throws {
        list(try account("a"), try account("b"))
        cache.listBegan()
        cache.put(try account("b"))
        XCTAssertNotNil(try role("a"), "the list is under way")
        cache.listEnded()
        XCTAssertNil(try role("a"))
        XCTAssertNotNil(try role("b"))
    }

    func testAnOutageKeepsWhatIsKnownAndIsSaidOnceInAWhile() throws {
        list(try account("a"))
        for _ in 0..<100 {
            cache.failed(.timedOut)
            clock.advance(by: .seconds(1))
        }
        XCTAssertNotNil(try role("a"))
        XCTAssertTrue(cache.isSynced)
        XCTAssertEqual(log.lines.filter { $0.contains("cannot watch") }.count, 1)
        XCTAssertEqual(cache.age, nil)
        cache.heard()
        clock.advance(by: .seconds(7))
        XCTAssertEqual(cache.age, .seconds(7))
    }

    /// Nobody would tell when a role changes, so nothing is answered from memory.
    func testARightThatIsTakenAwayEmptiesTheCache() throws {
        list(try account("a"))
        cache.failed(.refused(status: 403, reason: "Forbidden"))
        XCTAssertNil(try role("a"))
        XCTAssertTrue(cache.isForbidden)
        XCTAssertFalse(cache.isSynced)
        cache.failed(.refused(status: 500, reason: ""))
        XCTAssertTrue(cache.isForbidden, "until a list says otherwise")
        list(try account("a"))
        XCTAssertFalse(cache.isForbidden)
        XCTAssertTrue(cache.isSynced)
    }

    func testWhatIsNoServiceAccountIsPassedOver() throws {
        for text in [
            "{}", "[]", #"{"metadata":{"name":"a"}}"#, #"{"metadata":{"namespace":"A B","name":"a"}}"#,
        ] {
            cache.put(try JSONDocument(Array(text.utf8)).root)
            cache.remove(try JSONDocument(Array(text.utf8)).root)
        }
        XCTAssertEqual(cache.count, 0)
    }
}
