import Foundation
import GTokenCore
import XCTest

/// `docs/fleet.schema.json` and what is read.
final class FleetSchemaTests: XCTestCase {
    func testTheSchemaKnowsEveryMemberAndNoOther() throws {
        let url = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../docs/fleet.schema.json")
            .standardized
        let root = try JSONDocument(Array(try Data(contentsOf: url))).root
        XCTAssertEqual(root["properties"]?["apiVersion"]?["const"]?.string(), FleetDocument.apiVersion)
        XCTAssertEqual(
            root["properties"]?["bindings"]?["maxItems"]?.integer(),
            Int64(FleetDocument.maxBindings)
        )
        let members = root["$defs"]?["binding"]?["properties"]?.members.map(\.name) ?? []
        XCTAssertEqual(Set(members), Set(BindingFields.members + ["inlinePolicies"]))
    }
}
