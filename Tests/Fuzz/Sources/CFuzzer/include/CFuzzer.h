#pragma once

#include <stddef.h>

/// `strtod` of a text that ends with a NUL; the process is in the C locale. Returns how many bytes it took.
size_t fuzz_strtod(const char *text, double *value);
