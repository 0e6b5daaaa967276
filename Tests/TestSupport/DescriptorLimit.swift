import Glibc

/// How many descriptors this process may have open.
package enum DescriptorLimit {
    /// Raises the limit to at least `count`; false where this process may not.
    package static func raise(to count: Int) -> Bool {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < count else { return true }
        limit.rlim_max = max(limit.rlim_max, rlim_t(count))
        limit.rlim_cur = rlim_t(count)
        return unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    }
}
