@testable import GTokenClients

extension FuzzTarget {
    /// The XML of an answer of STS.
    static let xml = FuzzTarget(name: "xml", run: XMLFuzz.run)
}

/// What we accept libxml2 accepts too, with the same names and texts; we refuse more.
private enum XMLFuzz {
    static func run(_ bytes: [UInt8]) {
        let root: XMLElement
        do throws(XMLError) {
            root = try XMLElement(parsing: bytes)
        } catch {
            return
        }
        require(bytes.count <= XMLElement.maxBytes, "the limit of a document")
        // Prefixes are names to us; with namespaces off they are to libxml2 too.
        let foreign = require(ForeignXML.events(of: bytes), "libxml2 accepts it too: \(bytes.text)")
        require(foreign == events(root), "and reads the same: \(foreign) \(events(root))")
    }

    private static func events(_ element: XMLElement) -> [String] {
        ["<\(element.name)"] + element.children.flatMap(events) + [element.text, ">"]
    }
}
