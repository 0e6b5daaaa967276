#ifndef GTOKEN_BUILD_INFO_H
#define GTOKEN_BUILD_INFO_H

/// The version of this build as a NUL-terminated string that lives as long as the process.
const char *gtoken_build_version(void);

#endif
