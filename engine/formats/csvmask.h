/* Where a byte occurs among 64: the step that scanning and counting of text are made of. */
#ifndef PLEIN_FORMATS_CSVMASK_H
#define PLEIN_FORMATS_CSVMASK_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { CSV_BLOCK = 64 };

/* 64 bytes, loaded once to be compared several times. Loops are written out: gcc does not unroll
 * them at -O2, and here that is half of the work. */
struct csv_block {
#if defined(__SSE2__)
    __m128i a, b, c, d;
#else
    uint64_t words[8];
#endif
};

#if defined(__SSE2__)
static inline __m128i csv_load_16(const char *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

static inline struct csv_block csv_block_load(const char *bytes)
{
    return (struct csv_block){csv_load_16(bytes), csv_load_16(bytes + 16), csv_load_16(bytes + 32),
                              csv_load_16(bytes + 48)};
}

static inline uint64_t csv_find_16(__m128i bytes, __m128i sought)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, sought));
}
#else
static inline struct csv_block csv_block_load(const char *bytes)
{
    struct csv_block block;
    memcpy(block.words, bytes, sizeof block.words);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (int i = 0; i < 8; i++)
        block.words[i] = __builtin_bswap64(block.words[i]);
#endif
    return block;
}

/* The high bit of each byte that is zero (Mycroft, in the form that knows no carry), and then those
 * bits gathered by a multiplication. */
static inline uint64_t csv_find_8(uint64_t bytes, uint64_t sought)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
    uint64_t difference = bytes ^ sought;
    uint64_t zero = ~(((difference & low) + low) | difference | low);
    return (zero >> 7) * 0x0102040810204080u >> 56;
}
#endif

/* Bit i is set when byte i is `c`. */
static inline uint64_t csv_block_find(const struct csv_block *block, char c)
{
#if defined(__SSE2__)
    __m128i sought = _mm_set1_epi8(c);
    return csv_find_16(block->a, sought) | csv_find_16(block->b, sought) << 16
           | csv_find_16(block->c, sought) << 32 | csv_find_16(block->d, sought) << 48;
#else
    uint64_t mask = 0, sought = 0x0101010101010101u * (unsigned char)c;
    for (int i = 0; i < 8; i++)
        mask |= csv_find_8(block->words[i], sought) << (8 * i);
    return mask;
#endif
}

/* Without an instruction of its own in the plain x86-64, this beats the library's table. */
static inline unsigned csv_mask_count(uint64_t mask)
{
    mask -= mask >> 1 & 0x5555555555555555u;
    mask = (mask & 0x3333333333333333u) + (mask >> 2 & 0x3333333333333333u);
    mask = (mask + (mask >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (unsigned)(mask * 0x0101010101010101u >> 56);
}

#endif
