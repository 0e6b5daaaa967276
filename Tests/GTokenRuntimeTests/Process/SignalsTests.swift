import Foundation
import GTokenRuntime
import XCTest

final class SignalsTests: XCTestCase {
    func testADescriptorYieldsTheSignalsThatArrived() throws {
        let signals = try SignalDescriptor()
        XCTAssertNil(signals.next())
        // To this thread, which has them blocked; other threads of the test process do not.
        pthread_kill(pthread_self(), SIGTERM)
        XCTAssertEqual(signals.next(), .terminate)
        XCTAssertNil(signals.next())
        pthread_kill(pthread_self(), SIGINT)
        pthread_kill(pthread_self(), SIGTERM)
        XCTAssertEqual(Set([signals.next(), signals.next()]), [.interrupt, .terminate])
        XCTAssertNil(signals.next())
    }

    func testTheDescriptorIsReadableWhenASignalHasArrived() throws {
        let signals = try SignalDescriptor([.terminate])
        var event = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
        XCTAssertEqual(unsafe poll(&event, 1, 0), 0)
        pthread_kill(pthread_self(), SIGTERM)
        XCTAssertEqual(unsafe poll(&event, 1, 0), 1)
        XCTAssertEqual(signals.next(), .terminate)
    }

    func testAWriteToAClosedPipeIsAnErrorOnceIgnored() {
        Signals.ignoreBrokenPipe()
        var ends: [Int32] = [0, 0]
        XCTAssertEqual(unsafe pipe(&ends), 0)
        close(ends[0])
        XCTAssertEqual(unsafe write(ends[1], "x", 1), -1)
        XCTAssertEqual(errno, EPIPE)
        close(ends[1])
    }
}
