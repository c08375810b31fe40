/* Where a byte occurs among 64: the step that scanning and counting of text are made of. */
#ifndef PLEIN_FORMATS_CSVMASK_H
#define PLEIN_FORMATS_CSVMASK_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { CSV_BLOCK = 64 };

/* 64 bytes, loaded once to be compared several times. */
struct csv_block {
#if defined(__SSE2__)
    __m128i parts[4];
#else
    uint64_t words[8];
#endif
};

static inline struct csv_block csv_block_load(const char *bytes)
{
    struct csv_block block;
#if defined(__SSE2__)
    for (int i = 0; i < 4; i++)
        block.parts[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
#else
    memcpy(block.words, bytes, sizeof block.words);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (int i = 0; i < 8; i++)
        block.words[i] = __builtin_bswap64(block.words[i]);
#endif
#endif
    return block;
}

/* Bit i is set when byte i is `c`. */
static inline uint64_t csv_block_find(const struct csv_block *block, char c)
{
    uint64_t mask = 0;
#if defined(__SSE2__)
    __m128i sought = _mm_set1_epi8(c);
    for (int i = 0; i < 4; i++) {
        unsigned bits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block->parts[i], sought));
        mask |= (uint64_t)bits << (16 * i);
    }
#else
    const uint64_t low = 0x7F7F7F7F7F7F7F7Fu, ones = 0x0101010101010101u;
    for (int i = 0; i < 8; i++) {
        /* The high bit of each byte that is zero (Mycroft, in the form that knows no carry), and
         * then those bits gathered by a multiplication. */
        uint64_t difference = block->words[i] ^ (ones * (unsigned char)c);
        uint64_t zero = ~(((difference & low) + low) | difference | low);
        mask |= ((zero >> 7) * 0x0102040810204080u >> 56) << (8 * i);
    }
#endif
    return mask;
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
