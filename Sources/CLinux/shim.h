#ifndef GTOKEN_CLINUX_SHIM_H
#define GTOKEN_CLINUX_SHIM_H

#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <resolv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

// <sys/socket.h> declares accept4 under _GNU_SOURCE alone, which Glibc's module is built without.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

// The same holds for pipe2 of <unistd.h>.
extern int pipe2(int descriptors[2], int flags);

// And for memfd_create of <sys/mman.h>; closed in programs that are started (MFD_CLOEXEC), unless handed to them.
extern int memfd_create(const char *name, unsigned int flags);
static inline int clinux_memfd_create(const char *name) { return memfd_create(name, 0x0001U); }

// The resolver's state is a macro over a per-thread pointer, which Swift cannot import.
static inline int clinux_res_try_absolute_name_first(void) {
    if (res_init() != 0) return -1;
    _res.ndots = 1;
    return 0;
}

#endif
