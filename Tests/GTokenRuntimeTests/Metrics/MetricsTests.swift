import GTokenRuntime
import XCTest

final class MetricsTests: XCTestCase {
    private let registry = MetricsRegistry()
    private var text: String { String(decoding: registry.exposition(), as: UTF8.self) }

    func testExposesCountersWithAndWithoutLabels() {
        let plain = registry.counter("requests_total", help: "Requests.")
        plain.increment()
        plain.increment(by: 41)
        let family = registry.counters(
            "admissions_total",
            help: "By\noutcome \\.",
            labels: ["outcome", "dry_run"]
        )
        family.with("injected", "false").increment()
        family.with("denied", "true").increment(by: 2)
        family.with("injected", "false").increment()
        XCTAssertEqual(
            text,
            """
            # HELP requests_total Requests.
            # TYPE requests_total counter
            requests_total 42
            # HELP admissions_total By\\noutcome \\\\.
            # TYPE admissions_total counter
            admissions_total{outcome="denied",dry_run="true"} 2
            admissions_total{outcome="injected",dry_run="false"} 2

            """
        )
    }

    func testExposesGauges() {
        let gauge = registry.gauge("connections", help: "Open.")
        gauge.value = 3
        gauge.add(-0.5)
        registry.gauge("expiry_seconds", help: "Left.") { .infinity }
        registry.gauge("unknown", help: "Left out.") { nil }
        registry.counter("read_total", help: "Read.") { 7 }
        XCTAssertEqual(
            text,
            """
            # HELP connections Open.
            # TYPE connections gauge
            connections 2.5
            # HELP expiry_seconds Left.
            # TYPE expiry_seconds gauge
            expiry_seconds +Inf
            # HELP read_total Read.
            # TYPE read_total counter
            read_total 7

            """
        )
    }

    func testExposesHistogramsCumulatively() {
        let histogram = registry.histogram("seconds", help: "Time.", bounds: [0.1, 1])
        histogram.observe(0.1)
        histogram.observe(.milliseconds(500))
        histogram.observe(.seconds(2))
        XCTAssertEqual(histogram.count, 3)
        XCTAssertEqual(
            text,
            """
            # HELP seconds Time.
            # TYPE seconds histogram
            seconds_bucket{le="0.1"} 1
            seconds_bucket{le="1"} 2
            seconds_bucket{le="+Inf"} 3
            seconds_sum 2.6
            seconds_count 3

            """
        )
    }

    func testEscapesLabelValues() {
        registry.counters("c_total", help: "C.", labels: ["v"]).with("a\"b\\c\nd").increment()
        XCTAssertTrue(text.contains(#"c_total{v="a\"b\\c\nd"} 1"#))
    }

    func testLeavesOutAFamilyWithoutMembers() {
        _ = registry.counters("c_total", help: "C.", labels: ["v"])
        XCTAssertEqual(text, "")
    }

    func testCountsFromManyThreads() async {
        let family = registry.counters("c_total", help: "C.", labels: ["v"])
        let gauge = registry.gauge("g", help: "G.")
        let histogram = registry.histogram("h", help: "H.", bounds: [1])
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        family.with(task % 2 == 0 ? "even" : "odd").increment()
                        gauge.add(1)
                        histogram.observe(1)
                    }
                }
            }
        }
        XCTAssertEqual(family.with("even").value, 4000)
        XCTAssertEqual(family.with("odd").value, 4000)
        XCTAssertEqual(gauge.value, 8000)
        XCTAssertEqual(histogram.count, 8000)
    }

    func testExposesTheProcessesOwnFigures() {
        ProcessMetrics.register(in: registry)
        for name in [
            "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
            "process_start_time_seconds", "gtoken_build_info",
        ] {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            let value = line?.split(separator: " ").last.flatMap { Double($0) }
            XCTAssertGreaterThan(value ?? 0, 0, name)
        }
    }
}
