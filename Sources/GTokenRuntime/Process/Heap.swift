private import CLinux

/// The allocator of the process.
package enum Heap {
    /// What glibc begins with (mallopt(3)).
    private static let largeBlockBytes: Int32 = 128 * 1024

    /// From now on blocks of 128 KiB and more go back to the system when they are freed.
    ///
    /// For a service that sees a large body now and then. Left alone, glibc takes the largest block freed so far for
    /// what is usual: after one body of 17 MB it serves the next ones, and all that they grow through, from a heap
    /// whose holes it keeps.
    package static func returnLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, largeBlockBytes)
    }
}
