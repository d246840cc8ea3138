#include "CFuzzer.h"

#include <stdlib.h>

size_t fuzz_strtod(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return (size_t)(end - text);
}
