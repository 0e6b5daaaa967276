import Foundation

/// What a process holds of the machine's memory, in KiB, as Linux tells it (proc(5)).
struct ProcessMemory {
    /// The most that was resident since ``resetPeak(of:)``.
    var peak: Int
    /// What is resident and shared with nobody: what would be free without the process.
    var isPrivate: Int

    init(of process: Int32) throws {
        peak = try Self.sum(["VmHWM:"], in: "/proc/\(process)/status")
        isPrivate = try Self.sum(["Private_Clean:", "Private_Dirty:"], in: "/proc/\(process)/smaps_rollup")
    }

    /// Lets the peak begin anew at what is resident now.
    static func resetPeak(of process: Int32) throws {
        try "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)
    }

    private static func sum(_ names: [String], in path: String) throws -> Int {
        var sum = 0
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1, names.contains(String(words[0])) { sum += Int(words[1]) ?? 0 }
        }
        return sum
    }
}
