#include "CKernelsFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#endif

int stratum_rename_new(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
}

int stratum_rename_exchange(const char *first, const char *second) {
    return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0 ? 0 : errno;
}

void stratum_start_writeback(int descriptor, int64_t offset, int64_t length) {
    int kept = errno;
    (void)sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
    errno = kept;
}

// Fixed storage, never freed: a handler may read a slot at any moment. `state` is written last when a slot is filled
// and first when it is emptied, so a handler on this thread never sees half a path.
enum { SLOTS = 1024, PATH_BYTES = 4352, FREE = 0, FILLING = 1, LIVE = 2 };

static struct {
    _Atomic int state;
    pid_t owner;
    int is_folder;
    char path[PATH_BYTES];
} slots[SLOTS];

int stratum_temporary_add(const char *path, int is_folder) {
    size_t length = strlen(path);
    if (length >= PATH_BYTES) return -1;
    for (int slot = 0; slot < SLOTS; slot++) {
        int expected = FREE;
        if (!atomic_compare_exchange_strong(&slots[slot].state, &expected, FILLING)) continue;
        memcpy(slots[slot].path, path, length + 1);
        slots[slot].owner = getpid();
        slots[slot].is_folder = is_folder;
        atomic_store(&slots[slot].state, LIVE);
        return slot;
    }
    return -1;
}

void stratum_temporary_remove(int slot) {
    if (slot >= 0 && slot < SLOTS) atomic_store(&slots[slot].state, FREE);
}

void stratum_temporaries_unlink(void) {
    int kept = errno;
    pid_t self = getpid();
    // Folders after the files in them; one with anything else in it stays.
    for (int folders = 0; folders < 2; folders++) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (atomic_load(&slots[slot].state) != LIVE || slots[slot].owner != self) continue;
            if (slots[slot].is_folder != folders) continue;
            (void)(folders ? rmdir(slots[slot].path) : unlink(slots[slot].path));
        }
    }
    errno = kept;
}
