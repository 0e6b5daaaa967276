import Foundation
import FoundationXML

/// Writes down what libxml2 reads: an element's start, its children, its own text and its end.
final class ForeignXML: NSObject, XMLParserDelegate {
    private var events: [String] = []
    private var texts: [String] = []

    /// What libxml2 makes of the bytes; `nil` where it refuses them.
    static func events(of bytes: [UInt8]) -> [String]? {
        let reader = ForeignXML()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = reader
        return parser.parse() ? reader.events : nil
    }

    func parser(
        _: XMLParser,
        didStartElement name: String,
        namespaceURI _: String?,
        qualifiedName _: String?,
        attributes _: [String: String]
    ) {
        events.append("<\(name)")
        texts.append("")
    }

    func parser(_: XMLParser, foundCharacters text: String) {
        guard !texts.isEmpty else { return }
        texts[texts.count - 1] += text
    }

    func parser(_: XMLParser, didEndElement _: String, namespaceURI _: String?, qualifiedName _: String?) {
        let spaces: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r"]
        var scalars = (texts.popLast() ?? "").unicodeScalars[...]
        while let first = scalars.first, spaces.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, spaces.contains(last) { scalars.removeLast() }
        events += [String(scalars), ">"]
    }
}
