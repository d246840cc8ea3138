#include <xxhash.h>

// The form of XXH3 for this processor, where the library has several; the plain entry is that of the least processor.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxh_x86dispatch.h>
static inline XXH_errorcode xxh3_update(XXH3_state_t *state, const void *bytes, size_t count)
{
    return XXH3_64bits_update_dispatch(state, bytes, count);
}
#else
static inline XXH_errorcode xxh3_update(XXH3_state_t *state, const void *bytes, size_t count)
{
    return XXH3_64bits_update(state, bytes, count);
}
#endif
