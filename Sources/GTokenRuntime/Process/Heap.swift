private import CLinux

/// The allocator of the process.
package enum Heap {
    /// What glibc begins with (mallopt(3)).
    private static let largeBlockBytes: Int32 = 128 * 1024

    /// What may lie free at the heap's end: the bodies and answers of a dozen large reviews at once.
    ///
    /// Given back after each and taken again for the next, its pages would cost more than the reviews.
    private static let spareBytes: Int32 = 1 << 20

    /// From now on blocks of 128 KiB and more go back to the system when they are freed, and the heap's free end
    /// where it is longer than 1 MiB.
    ///
    /// For a service that sees a large body now and then. Left alone, glibc takes the largest block freed so far for
    /// what is usual: after one body of 17 MB it serves the next ones, and all that they grow through, from a heap
    /// whose holes it keeps.
    package static func returnLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, largeBlockBytes)
        mallopt(M_TRIM_THRESHOLD, spareBytes)
    }
}
