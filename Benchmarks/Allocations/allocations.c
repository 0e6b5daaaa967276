// Counts, and hands on: the linker's --wrap (Package.swift) leads calls of `malloc` to `__wrap_malloc`, and those of
// `__real_malloc` to the C library's.

#include "allocations.h"

#include <stddef.h>

extern void *__real_malloc(size_t size);
extern void *__real_calloc(size_t count, size_t size);
extern void *__real_realloc(void *pointer, size_t size);
extern int __real_posix_memalign(void **result, size_t alignment, size_t size);

static struct allocations seen;

static void note(size_t size) {
    __atomic_fetch_add(&seen.count, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&seen.bytes, (long)size, __ATOMIC_RELAXED);
}

struct allocations allocations_so_far(void) { return seen; }

void *__wrap_malloc(size_t size) {
    note(size);
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    note(count * size);
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size) {
    note(size);
    return __real_realloc(pointer, size);
}

int __wrap_posix_memalign(void **result, size_t alignment, size_t size) {
    note(size);
    return __real_posix_memalign(result, alignment, size);
}
