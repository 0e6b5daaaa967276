/// Names and values as in a URL's query or an `application/x-www-form-urlencoded` body, in order.
///
/// The rules are the URL standard's (url.spec.whatwg.org, section 5), but an escape that is malformed or does not
/// make UTF-8 is an error rather than text: a value that decides an identity is not guessed.
package struct HTTPForm: Sendable, Equatable {
    /// One name and its value, decoded.
    package struct Item: Sendable, Equatable {
        /// The name, decoded.
        package var name: String
        /// The value, decoded; empty when there was no `=`.
        package var value: String

        /// A name with its value, neither encoded.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The media type of such a body.
    package static let mediaType = "application/x-www-form-urlencoded"

    /// The pairs in order; a name may stand several times.
    package var items: [Item]

    /// The given pairs.
    package init(_ items: [Item] = []) {
        self.items = items
    }

    /// What a query (without its `?`) or a body says; nil when an escape is malformed or does not make UTF-8.
    package init?(parsing bytes: some Collection<UInt8>) {
        items = []
        for pair in Array(bytes).split(separator: UInt8(ascii: "&")) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard
                let decodedName = PercentEncoding.decode(name, plusIsSpace: true),
                let value = PercentEncoding.decode(pair.dropFirst(name.count + 1), plusIsSpace: true)
            else { return nil }
            items.append(Item(name: decodedName, value: value))
        }
    }

    /// The first value of a name, or nil; assigning replaces every pair of that name, nil removes them.
    package subscript(_ name: String) -> String? {
        get { items.first { $0.name == name }?.value }
        set {
            items.removeAll { $0.name == name }
            if let newValue { add(name, newValue) }
        }
    }

    /// Every value of a name, in order.
    package func values(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }

    /// Appends a pair.
    package mutating func add(_ name: String, _ value: String) {
        items.append(Item(name: name, value: value))
    }

    /// The pairs as bytes: `%20` for a space, which a query's and a form's readers both take.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for item in items {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            PercentEncoding.append(item.name.utf8, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            PercentEncoding.append(item.value.utf8, to: &bytes)
        }
        return bytes
    }
}

extension HTTPForm: ExpressibleByDictionaryLiteral {
    /// The pairs in the order written.
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Item(name: $0.0, value: $0.1) })
    }
}

extension HTTPForm: CustomStringConvertible, CustomReflectable {
    /// The names alone: a value may be a credential.
    package var description: String { "[\(items.map(\.name).joined(separator: ", "))]" }

    /// Nothing to dump beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
