import Foundation

@testable import GTokenCore

extension FuzzTarget {
    /// Any bytes, as a JSON document.
    static let json = FuzzTarget(name: "json", run: JSONFuzz.run, answer: JSONFuzz.answer)
}

/// What we accept Foundation accepts with the same value, what we refuse it refuses, and every way to read a
/// value says the same.
private enum JSONFuzz {
    static func run(_ bytes: [UInt8]) {
        let foreign = ForeignJSON.parse(bytes)
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes)
        } catch {
            require(!"\(error)".contains("\n"), "an error is one line")
            if case .tooManyContainers = error { return }
            // Foundation takes a comma before the end of an object or array.
            if case .unexpectedByte(.closeBrace, _) = error { return }
            if case .unexpectedByte(.closeBracket, _) = error { return }
            require(foreign == nil || !ForeignJSON.readsAsUTF8(bytes), "Foundation refuses it too: \(error)")
            return
        }
        require(document.bytes == bytes, "the bytes stay as they were")
        check(document.root, at: JSONPointer())
        let isWhole = document.root.range.allSatisfy { _ in true }
        require(
            isWhole && bytes.count - document.root.range.count == spaceCount(bytes, document.root),
            "the root is all but white space"
        )
        guard ForeignJSON.readsAsUTF8(bytes), !ForeignJSON.loses(document.root) else { return }
        let value = require(foreign, "Foundation accepts it too")
        require(ForeignJSON.agrees(document.root, value), "Foundation reads the same value")
    }

    private static func spaceCount(_ bytes: [UInt8], _ root: JSONValue) -> Int {
        let outside = bytes[..<root.range.lowerBound] + bytes[root.range.upperBound...]
        return outside.count { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
    }

    /// The ways to read one value agree with each other; so for what is in it.
    private static func check(_ value: JSONValue, at place: JSONPointer) {
        let accessors = [
            value.isObject, value.isArray, value.string() != nil, value.boolean() != nil, value.isNull,
            value.kind == .number,
        ]
        require(accessors.count { $0 } == 1, "a value is of one kind")
        switch value.kind {
        case .string: checkText(value)
        case .number: checkNumber(value)
        case .array: checkArray(value, at: place)
        case .object: checkObject(value, at: place)
        case .boolean, .null: break
        }
    }

    private static func checkText(_ value: JSONValue) {
        let text = require(value.string(), "a string has a text")
        require(value.isString(text) && !value.isString(text + "x"), "a string is its own text and no other")
        let bytes = value.storage.bytes
        let hasPrefix = JSONText.hasPrefix(bytes.span, at: value.place.offset, "AWS_")
        require(hasPrefix == text.utf8.starts(with: "AWS_".utf8), "prefix of \(text)")
        var writer = JSONWriter()
        writer.value(text)
        let written = try? JSONDocument(writer.bytes).root
        require(written?.isString(text) ?? false, "what is written is read again")
        require(written.map(value.isEqual) ?? false, "and equal")
    }

    private static func checkNumber(_ value: JSONValue) {
        require(value.isEqual(to: value), "a number equals itself")
        guard let integer = value.integer() else { return }
        require(value.number() == Double(integer), "an integer is the same as a binary64")
    }

    private static func checkArray(_ value: JSONValue, at place: JSONPointer) {
        var end = value.range.lowerBound
        for (index, element) in value.elements.enumerated() {
            require(
                element.range.lowerBound > end && element.range.upperBound < value.range.upperBound,
                "order"
            )
            end = element.range.upperBound - 1
            check(element, at: place)
            if index < 8 {
                require(
                    value.value(at: JSONPointer([String(index)]))?.range == element.range,
                    "an index leads to it"
                )
            }
        }
    }

    private static func checkObject(_ value: JSONValue, at place: JSONPointer) {
        var end = value.range.lowerBound
        var firsts: [[UInt8]: Range<Int>] = [:]
        var doubles: Set<[UInt8]> = []
        for member in value.members {
            require(
                member.value.range.lowerBound > end && member.value.range.upperBound < value.range.upperBound,
                "order"
            )
            end = member.value.range.upperBound - 1
            let name = Array(member.name.utf8)
            require(
                member.isNamed(member.name) && !member.isNamed(member.name + "x"),
                "a member has its name"
            )
            if firsts[name] == nil { firsts[name] = member.value.range } else { doubles.insert(name) }
            check(member.value, at: place)
        }
        for (name, range) in firsts.prefix(8) {
            require(value[name.text]?.range == range, "a name leads to the first of its members")
            require(value.value(at: JSONPointer([name.text]))?.range == range, "and so does a pointer")
            do {
                require(
                    try value.uniqueMember(name.text)?.range == range && !doubles.contains(name),
                    "the one member"
                )
            } catch {
                require(
                    error == .duplicateMember(name.text) && doubles.contains(name),
                    "a member that stands twice"
                )
            }
        }
    }

    /// Whether we take it, and the value written again from what was read of it.
    static func answer(_ bytes: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { answer in
            do throws(JSONError) {
                let root = try JSONDocument(bytes).root
                answer.member("accepted", true)
                answer.member("value") { write(root, to: &$0) }
            } catch {
                answer.member("accepted", false)
            }
        }
        return writer.bytes
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .string: writer.value(value.string() ?? "")
        case .array:
            writer.array { array in
                for element in value.elements { write(element, to: &array) }
            }
        case .object:
            writer.object { object in
                for member in value.members { object.member(member.name) { write(member.value, to: &$0) } }
            }
        case .number, .boolean, .null: writer.raw(value.rawBytes)
        }
    }
}
