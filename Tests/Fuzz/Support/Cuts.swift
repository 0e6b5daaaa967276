/// The ways in which bytes can arrive that a parser is fed with.
enum Cuts {
    /// All at once, one by one, and in two uneven rows of pieces.
    static func of(_ bytes: [UInt8]) -> [[[UInt8]]] {
        let sizes = [[bytes.count], [1], [3, 1, 7], [Int(bytes.last ?? 0) + 1, 2]]
        return sizes.map { pieces(of: bytes, sizes: $0) }
    }

    private static func pieces(of bytes: [UInt8], sizes: [Int]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = max(1, sizes[pieces.count % sizes.count])
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
