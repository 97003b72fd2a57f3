#ifndef HEADROOM_CPCRE2_SHIM_H
#define HEADROOM_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

// PCRE2_UNSET is a cast expression that Swift does not import.
static inline int headroom_pcre2_is_unset(size_t offset) { return offset == PCRE2_UNSET; }

#endif
