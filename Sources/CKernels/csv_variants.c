#include "csv_variants.h"

#include "CKernelsCSV.h"

static int selected = -1;

int stratum_csv_best(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2"))
        return CSV_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return CSV_AVX2;
#endif
    return CSV_PORTABLE;
}

void stratum_csv_select(int variant)
{
    __atomic_store_n(&selected, variant <= stratum_csv_best() ? variant : stratum_csv_best(), __ATOMIC_RELAXED);
}

int csv_variant(void)
{
    int chosen = __atomic_load_n(&selected, __ATOMIC_RELAXED);
    if (chosen < 0) {
        chosen = stratum_csv_best();
        __atomic_store_n(&selected, chosen, __ATOMIC_RELAXED);
    }
    return chosen;
}
