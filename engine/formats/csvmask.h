/* Where a byte occurs among 64: the step that splitting and counting of text are made of. */
#ifndef PLEIN_FORMATS_CSVMASK_H
#define PLEIN_FORMATS_CSVMASK_H

#include "engine/core/eight.h"
#include "engine/core/simd.h"

#if SIMD_HAS_WIDE
#include <immintrin.h>
#endif

enum { CSV_BLOCK = 64 };

/* Loops are written out: gcc does not unroll them at -O2, and here that is half of the work. */
#if SIMD_HAS_WIDE
SIMD_WIDE static inline uint64_t csv_find_wide(const char *at, char c)
{
    const __m256i *from = (const __m256i *)(const void *)at, sought = _mm256_set1_epi8(c);
    __m256i low = _mm256_cmpeq_epi8(_mm256_loadu_si256(from), sought);
    __m256i high = _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 1), sought);
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)_mm256_movemask_epi8(high) << 32;
}

SIMD_INLINE uint64_t csv_find_16(const char *at, char c)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}
#else
/* The high bit of each byte that is zero (Mycroft, in the form that knows no carry), and then those
 * bits gathered by a multiplication. */
SIMD_INLINE uint64_t csv_find_8(const char *at, char c)
{
    const uint64_t low = ~EIGHT_HIGHS;
    uint64_t difference = eight_load(at) ^ EIGHT_ONES * (unsigned char)c;
    uint64_t zero = ~(((difference & low) + low) | difference | low);
    return (zero >> 7) * 0x0102040810204080u >> 56;
}

SIMD_INLINE uint64_t csv_find_16(const char *at, char c)
{
    return csv_find_8(at, c) | csv_find_8(at + 8, c) << 8;
}
#endif

/* Bit i is set when at[i] is `c`. */
SIMD_INLINE uint64_t csv_find(const char *at, char c, bool wide)
{
#if SIMD_HAS_WIDE
    if (wide)
        return csv_find_wide(at, c);
#else
    (void)wide;
#endif
    return csv_find_16(at, c) | csv_find_16(at + 16, c) << 16 | csv_find_16(at + 32, c) << 32
           | csv_find_16(at + 48, c) << 48;
}

/* Without an instruction of its own, as in the plain x86-64, this beats the library's table. */
SIMD_INLINE unsigned csv_mask_count(uint64_t mask)
{
    mask -= mask >> 1 & 0x5555555555555555u;
    mask = (mask & 0x3333333333333333u) + (mask >> 2 & 0x3333333333333333u);
    mask = (mask + (mask >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (unsigned)(mask * 0x0101010101010101u >> 56);
}

#endif
