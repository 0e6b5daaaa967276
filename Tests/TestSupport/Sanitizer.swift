import Glibc

/// Whether this process runs under a sanitizer, whose allocator keeps what is freed.
package enum Sanitizer {
    /// True under the address or the thread sanitizer.
    package static let isActive =
        unsafe dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
}
