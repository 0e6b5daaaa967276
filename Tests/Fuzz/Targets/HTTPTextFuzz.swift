@testable import GTokenNet

extension FuzzTarget {
    /// URLs, forms and percent-encoded text.
    static let httpText = FuzzTarget(name: "http-text", run: HTTPTextFuzz.run)
}

/// A URL, a form and a text are the same after they were written and read again, and a URL's parts can stand in
/// a request.
private enum HTTPTextFuzz {
    static func run(_ bytes: [UInt8]) {
        if let form = HTTPForm(parsing: bytes) {
            let again = require(HTTPForm(parsing: form.encoded), "a form that we wrote is one")
            require(again == form && again.encoded == form.encoded, "the same form")
            for item in form.items {
                require(form.values(item.name).contains(item.value), "a name has its value")
            }
        }
        let text = bytes.text
        require(
            PercentEncoding.decode(PercentEncoding.encode(text))?.isIdentical(to: text) ?? false,
            "encoding"
        )
        if let decoded = PercentEncoding.decode(text) {
            require(
                PercentEncoding.decode(PercentEncoding.encode(decoded))?.isIdentical(to: decoded) ?? false,
                "again"
            )
        }
        do throws(HTTPURLError) {
            try check(HTTPURL(parsing: text), text)
        } catch {
            require(!"\(error)".isEmpty, "an error has a description")
        }
    }

    private static func check(_ url: HTTPURL, _ text: String) throws(HTTPURLError) {
        let again = try HTTPURL(parsing: "\(url.scheme.rawValue)://\(url.hostField)\(url.target)")
        require(
            again.target == url.target && again.port == url.port && again.serverName == url.serverName,
            "the same URL"
        )
        require(again.hostField == url.hostField, "the same Host")
        require(!url.description.utf8.contains(UInt8(ascii: "?")), "a description has no query")
        let longer = url.appending(path: text).appending(query: ["a": text])
        require(
            try HTTPURL(parsing: "\(url.scheme.rawValue)://\(url.hostField)\(longer.target)").target
                == longer.target,
            "what is appended is encoded"
        )
        var bytes: [UInt8] = []
        HTTPEncoder.appendHead(
            method: "GET",
            target: url.target,
            host: url.hostField,
            headers: [:],
            bodyBytes: 0,
            to: &bytes
        )
        var parser = HTTPRequestParser()
        parser.inbox = bytes
        guard bytes.count < 8000 else { return }
        guard case .request(let request)? = try? parser.next() else {
            fail("a request for it is one: \(bytes.text)")
        }
        require(
            request.target == url.target && request.headers["host"] == url.hostField,
            "for what was asked"
        )
    }
}
