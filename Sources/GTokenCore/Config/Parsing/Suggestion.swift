/// Finds the name that someone who mistyped one most likely meant.
enum Suggestion {
    /// The candidate with the fewest edits from `text`, at most a third of its length; the first of several.
    static func nearest(to text: String, in candidates: [String]) -> String? {
        // Longer than any of ours by far; the distance takes time in proportion to the product of the lengths.
        guard text.utf8.count <= 64 else { return nil }
        let distances = candidates.map {
            (candidate: $0, distance: distance(Array(text.utf8), Array($0.utf8)))
        }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        let name = best.candidate.utf8.drop { $0 == .minus }
        return best.distance <= max(1, name.count / 3) ? best.candidate : nil
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two texts.
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for (row, byte) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                var least = min(
                    previous[column] + (byte == other ? 0 : 1),
                    previous[column + 1] + 1,
                    current[column] + 1
                )
                if row > 0, column > 0, byte == second[column - 1], first[row - 1] == other {
                    least = min(least, beforePrevious[column - 1] + 1)
                }
                current.append(least)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
