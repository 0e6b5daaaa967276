import GTokenCore
import GTokenNet
import XCTest

final class HTTPDateTests: XCTestCase {
    func testWritesAndReadsTheSameForm() {
        let cases = [
            "1994-11-06T08:49:37Z": "Sun, 06 Nov 1994 08:49:37 GMT",
            "1970-01-01T00:00:00Z": "Thu, 01 Jan 1970 00:00:00 GMT",
            "2026-11-24T23:59:59Z": "Tue, 24 Nov 2026 23:59:59 GMT",
            "2000-02-29T12:00:00Z": "Tue, 29 Feb 2000 12:00:00 GMT",
            "1969-12-31T23:00:00Z": "Wed, 31 Dec 1969 23:00:00 GMT",
            "1969-12-25T00:00:00Z": "Thu, 25 Dec 1969 00:00:00 GMT",
        ]
        for (time, text) in cases {
            XCTAssertEqual(UnixTime(rfc3339: time).map(HTTPDate.text), text)
            XCTAssertEqual(HTTPDate.time(text), UnixTime(rfc3339: time))
        }
    }

    func testRefusesAnyOtherForm() {
        for text in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 31 Feb 2026 00:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 XXX 1994 08:49:37 GMT",
        ] { XCTAssertNil(HTTPDate.time(text), text) }
    }
}
