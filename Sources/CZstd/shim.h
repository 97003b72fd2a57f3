#ifndef HEADROOM_CZSTD_SHIM_H
#define HEADROOM_CZSTD_SHIM_H

#include <zstd.h>

#endif
