// glibc shows this only to sources that ask for its extensions, which Swift does not.
#pragma once

#include <spawn.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
