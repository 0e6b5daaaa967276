import Foundation

/// Ends the process with the property that does not hold; libFuzzer keeps the input.
func require(
    _ holds: Bool,
    _ property: @autoclosure () -> String,
    file: StaticString = #fileID,
    line: UInt = #line
) {
    guard !holds else { return }
    fail(property(), file: file, line: line)
}

/// The value, which must be there.
func require<Value>(
    _ value: Value?,
    _ property: @autoclosure () -> String,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Value {
    guard let value else { fail(property(), file: file, line: line) }
    return value
}

func fail(_ property: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
    FileHandle.standardError.write(Data("fuzz: \(file):\(line): does not hold: \(property)\n".utf8))
    abort()
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension String {
    /// Whether two texts have the same code points; Swift's `==` is canonical equivalence.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
