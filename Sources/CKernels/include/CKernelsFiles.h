#pragma once

#include <stddef.h>
#include <stdint.h>

// What safe outputs need and Swift cannot reach: GNU calls, and code that may run inside a signal handler.

// Renames `from` to `to`, which must not exist. 0, or an errno (EEXIST; EINVAL or ENOSYS where unsupported).
int stratum_rename_new(const char *from, const char *to);

// Swaps the files of two existing names. 0, or an errno (EINVAL or ENOSYS where unsupported).
int stratum_rename_exchange(const char *first, const char *second);

// Asks the kernel to start writing `length` bytes at `offset` to the disk; does not wait and never fails.
void stratum_start_writeback(int descriptor, int64_t offset, int64_t length);

// Notes a temporary file of this process, or a folder that goes once it is empty. A slot number, or -1 when all slots are taken or `path` is too long.
int stratum_temporary_add(const char *path, int is_folder);

// Forgets the file of `slot`: it was renamed or unlinked.
void stratum_temporary_remove(int slot);

// Unlinks every noted file that this process (not a parent of a fork) noted. Async-signal-safe; keeps errno.
void stratum_temporaries_unlink(void);
