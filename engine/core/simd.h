/* Code that is compiled twice, for any processor and for one with wider instructions, and chosen
 * between while the program runs; both give the same bits. */
#ifndef PLEIN_CORE_SIMD_H
#define PLEIN_CORE_SIMD_H

#include <stdbool.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PLEIN_PLAIN)
#include <cpuid.h>
#endif

/* Before what is compiled for a processor with AVX2, as those since 2013 to 2015 have it.
 * PLEIN_PLAIN: for none, see clones.h. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(PLEIN_PLAIN)
#define SIMD_HAS_WIDE 1
#define SIMD_WIDE __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#else
#define SIMD_HAS_WIDE 0
#define SIMD_WIDE
#endif

/* Before what is compiled as a part of its caller, for the processor that the caller is for. */
#define SIMD_INLINE static inline __attribute__((always_inline))

/* Whether the processor at hand can run what is marked SIMD_WIDE. */
static inline bool simd_is_wide(void)
{
#if SIMD_HAS_WIDE
    unsigned a, b, c, d, lzcnt = 1 << 5; /* not every compiler's builtin knows that one */
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
           && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt")
           && __get_cpuid(0x80000001, &a, &b, &c, &d) != 0 && (c & lzcnt) != 0;
#else
    return false;
#endif
}

#endif
