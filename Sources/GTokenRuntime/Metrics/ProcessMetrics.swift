internal import GTokenCore
internal import Glibc

/// The process's own figures under the names that every Prometheus client library uses.
package enum ProcessMetrics {
    /// Adds CPU time, resident memory, open descriptors and start time.
    package static func register(in registry: MetricsRegistry) {
        registry.counter("process_cpu_seconds_total", help: "User and system CPU time in seconds.") {
            cpuSeconds()
        }
        registry.gauge("process_resident_memory_bytes", help: "Resident memory in bytes.") {
            residentBytes()
        }
        registry.gauge("process_open_fds", help: "Open file descriptors.") {
            openDescriptors()
        }
        let start = WallClock.now()
        registry.gauge("process_start_time_seconds", help: "Start of the process in seconds since the epoch.")
        {
            Double(start.seconds)
        }
        registry.gauges(
            "gtoken_build_info",
            help: "Always 1; the label has the version.",
            labels: ["version"]
        )
        .with(buildVersion).value = 1
    }

    private static func cpuSeconds() -> Double? {
        var usage = rusage()
        guard unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
        let system = Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
        return user + system
    }

    private static func residentBytes() -> Double? {
        // proc(5): the second number of statm is the resident set, in pages.
        guard let statm = try? FileReader.read(path: "/proc/self/statm", maxBytes: 4096) else { return nil }
        let numbers = statm.split(separator: UInt8(ascii: " "))
        guard numbers.count > 1, let pages = Int(String(decoding: numbers[1], as: UTF8.self)) else {
            return nil
        }
        return Double(pages) * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func openDescriptors() -> Double? {
        let number = unsafe open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let directory = FileDescriptor(owning: number)
        // Less the two that this reading itself has open.
        return Double(DirectoryListing.names(of: directory).count - 2)
    }
}
