#ifndef GTOKEN_BENCH_ALLOCATIONS_H
#define GTOKEN_BENCH_ALLOCATIONS_H

/// What has been asked of malloc and its kin, by everything that is linked into a static program.
struct allocations {
    long count;
    long bytes;
};

/// Since the program began; the difference of two is what was asked between them.
struct allocations allocations_so_far(void);

#endif
