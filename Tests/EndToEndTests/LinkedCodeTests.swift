import Foundation
import XCTest

/// What the tools of an image must not link, because every Pod would carry it: docs/decisions/0004-static-images.md.
final class LinkedCodeTests: XCTestCase {
    // One `contains` of a text in a text is enough: 1.2 MB. GTokenCore has `contains(text:)`.
    func testTheToolsOfImagesUseNoRegularExpressions() throws {
        // How a symbol of the standard library's module for them is mangled, in the list of what is needed of it.
        let mark = Data("17_StringProcessing".utf8)
        for tool in ["gtoken", "gtoken-webhook"] {
            let file = try Data(contentsOf: URL(filePath: BuiltTool.path(tool)), options: .alwaysMapped)
            XCTAssertNil(file.range(of: mark), "\(tool): nm -D -u shows what is used")
        }
    }
}
