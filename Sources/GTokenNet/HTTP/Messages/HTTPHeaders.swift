/// Header fields in the order they were sent; names compare without regard to case.
///
/// A parsed head keeps its bytes and where each field lies in them; text is made when it is asked for.
package struct HTTPHeaders: Sendable {
    /// Where one field lies in ``bytes``.
    struct Field: Sendable {
        var name: Range<UInt32>
        var value: Range<UInt32>
        var kind: HTTPFieldKind
    }

    private(set) var bytes: [UInt8]
    private(set) var fields: [Field]

    /// No fields.
    package init() {
        bytes = []
        fields = []
    }

    /// The fields of a head that the parser has checked.
    init(bytes: [UInt8], fields: [Field]) {
        self.bytes = bytes
        self.fields = fields
    }

    /// How many fields there are; a name that stands twice counts twice.
    package var count: Int { fields.count }

    /// Whether there is no field.
    package var isEmpty: Bool { fields.isEmpty }

    /// The first value of a field, or nil; assigning replaces every field of that name, nil removes them.
    package subscript(_ name: String) -> String? {
        get { fields.first { matches($0, name) }.map { text($0.value) } }
        set {
            remove(name)
            if let newValue { add(name, newValue) }
        }
    }

    /// Every value of a field, in order.
    package func values(_ name: String) -> [String] {
        fields.filter { matches($0, name) }.map { text($0.value) }
    }

    /// Whether a field of that name exists.
    package func contains(_ name: String) -> Bool {
        fields.contains { matches($0, name) }
    }

    /// Appends a field.
    ///
    /// Control characters in the value become spaces (RFC 9110 section 5.5), so that no value can start a
    /// line of its own. A name that is not a token is a mistake of the program: it traps in debug builds and
    /// the field is left out in release builds.
    package mutating func add(_ name: String, _ value: String) {
        guard HTTPSyntax.isToken(name) else {
            assertionFailure("not a field name: \(name)")
            return
        }
        let nameStart = UInt32(bytes.count)
        bytes.append(contentsOf: name.utf8)
        let valueStart = UInt32(bytes.count)
        bytes.append(contentsOf: value.utf8.lazy.map { HTTPSyntax.isFieldValue($0) ? $0 : HTTPSyntax.space })
        let kind = HTTPFieldKind(bytes.span.extracting(Int(nameStart)..<Int(valueStart)))
        fields.append(
            Field(name: nameStart..<valueStart, value: valueStart..<UInt32(bytes.count), kind: kind)
        )
    }

    /// Replaces every field of that name by one.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Removes every field of that name.
    package mutating func remove(_ name: String) {
        fields = fields.filter { !matches($0, name) }
    }

    /// Whether a `Connection` lists `close` (RFC 9112 section 9.6).
    package var listsClose: Bool {
        fields.contains { field in
            field.kind == .connection
                && value(field).split(separator: HTTPSyntax.comma).contains {
                    HTTPSyntax.equals(HTTPSyntax.trimmed($0).span, ignoringCase: "close")
                }
        }
    }

    /// The bytes of a field's value.
    func value(_ field: Field) -> ArraySlice<UInt8> {
        bytes[Int(field.value.lowerBound)..<Int(field.value.upperBound)]
    }

    /// The bytes of a field's name as they were sent.
    func name(_ field: Field) -> ArraySlice<UInt8> {
        bytes[Int(field.name.lowerBound)..<Int(field.name.upperBound)]
    }

    func matches(_ field: Field, _ name: String) -> Bool {
        field.name.count == name.utf8.count
            && HTTPSyntax.equalsIgnoringCase(self.name(field), name.utf8)
    }

    private func text(_ range: Range<UInt32>) -> String {
        String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }
}

extension HTTPHeaders: Sequence {
    /// One field: its name as sent, and its value.
    package typealias Element = (name: String, value: String)

    /// Goes over the fields in order.
    package func makeIterator() -> AnyIterator<Element> {
        var fields = fields.makeIterator()
        return AnyIterator {
            fields.next().map { (name: text($0.name), value: text($0.value)) }
        }
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    /// The fields in the order written.
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}

extension HTTPHeaders: Equatable {
    /// The same fields in the same order, names compared without regard to case.
    package static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.count == right.count
            && zip(left.fields, right.fields).allSatisfy { leftField, rightField in
                left.value(leftField) == right.value(rightField)
                    && HTTPSyntax.equalsIgnoringCase(left.name(leftField), right.name(rightField))
            }
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomReflectable {
    /// The names alone: a value may be a credential.
    package var description: String { "[\(map(\.name).joined(separator: ", "))]" }

    /// Nothing to dump beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
