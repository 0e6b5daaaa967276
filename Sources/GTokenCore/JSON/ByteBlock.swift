/// Sixteen bytes that are looked at together, signed because x86-64 compares only such.
typealias ByteBlock = SIMD16<Int8>

extension ByteBlock {
    /// The same byte sixteen times.
    @inline(__always)
    init(all byte: UInt8) { self.init(repeating: Int8(bitPattern: byte)) }

    /// The bytes of four integers as they stand in memory.
    @inline(__always)
    init(bytesOf integers: SIMD4<UInt32>) {
        self = unsafe unsafeBitCast(integers, to: ByteBlock.self)
    }
}

extension SIMD4<UInt32> {
    /// The lower half of the first integer, its upper half, and those of the second.
    @inline(__always)
    init(halvesOf integers: SIMD2<UInt64>) {
        self = unsafe unsafeBitCast(integers, to: SIMD4<UInt32>.self)
    }
}

extension SIMDMask<ByteBlock> {
    /// All bits of each byte, set or not.
    @inline(__always)
    var bytes: ByteBlock { unsafe unsafeBitCast(self, to: ByteBlock.self) }

    /// Four bits for each byte, the first byte's lowest: all set or none.
    @inline(__always)
    var fourBitsEach: UInt64 {
        // The middle eight bits of a pair are four of each.
        let pairs = unsafe unsafeBitCast(self, to: SIMD8<UInt16>.self) &>> 4
        let middles = SIMD8<UInt8>(truncatingIfNeeded: pairs)
        return UInt64(littleEndian: unsafe unsafeBitCast(middles, to: UInt64.self))
    }
}

extension Span<UInt8> {
    /// What stands at an offset, which is not negative; `nil` where the bytes end before that does.
    @inline(__always)
    func load<Value: BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value? {
        guard offset &+ MemoryLayout<Value>.size <= count else { return nil }
        // Invariant: the guard is the upper bound, and an offset counts from 0.
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    }
}
