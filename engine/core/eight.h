/* Eight characters at a time, in one 64-bit number whose lowest byte is the first of them. */
#ifndef PLEIN_CORE_EIGHT_H
#define PLEIN_CORE_EIGHT_H

#include "engine/core/simd.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_ONES 0x0101010101010101u
#define EIGHT_HIGHS 0x8080808080808080u
#define EIGHT_ZEROS 0x3030303030303030u /* the digit '0' */

SIMD_INLINE uint64_t eight_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The first 0 to 16 characters of sixteen, in two numbers; the others become NUL. */
SIMD_INLINE void eight_pair(uint64_t pair[2], const char *at, size_t count)
{
    static const uint64_t KEPT[25] = {0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0xFF,
                                      0xFFFF,
                                      0xFFFFFF,
                                      0xFFFFFFFF,
                                      0xFFFFFFFFFF,
                                      0xFFFFFFFFFFFF,
                                      0xFFFFFFFFFFFFFF,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX,
                                      UINT64_MAX};
    pair[0] = eight_load(at) & KEPT[count + 8];
    pair[1] = eight_load(at + 8) & KEPT[count];
}

/* Of characters less '0': not 0 when one of them is no digit. */
SIMD_INLINE uint64_t eight_no_digits(uint64_t digits)
{
    return ((digits + EIGHT_ONES * (0x7F - 9)) | digits) & EIGHT_HIGHS;
}

/* The number that eight digits make, the most significant first, by pairs, fours and all (Langdale
 * and Lemire 2019, "Parsing gigabytes of JSON per second"). */
SIMD_INLINE uint64_t eight_value(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    uint64_t low = (digits & 0x000000FF000000FFu) * 0x000F424000000064u;
    uint64_t high = (digits >> 16 & 0x000000FF000000FFu) * 0x0000271000000001u;
    return (low + high) >> 32;
}

/* Tests characters against a pattern with 0 for a digit, whose other places are 0xFF in `marks`.
 * True: *pairs has in each byte the number that the digit there makes with the next one. */
SIMD_INLINE bool eight_match(uint64_t *pairs, uint64_t word, uint64_t pattern, uint64_t marks)
{
    uint64_t digits = word ^ pattern;
    *pairs = digits * 10 + (digits >> 8);
    return (eight_no_digits(digits) | (digits & marks)) == 0;
}

SIMD_INLINE int eight_byte(uint64_t word, int byte)
{
    return (int)(word >> (8 * byte) & 0xFF);
}

#endif
