#include "build_info.h"

#ifndef GTOKEN_VERSION
#define GTOKEN_VERSION "dev"
#endif

const char *gtoken_build_version(void) { return GTOKEN_VERSION; }
