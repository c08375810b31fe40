/* Reads the places of ordinary rows. */
#include "engine/formats/csvplaces.h"

#include "engine/core/eight.h"
#include "engine/core/numbers.h"
#include "engine/formats/csvmask.h"

#include <math.h>

/* Numbers are read as nearly all files write them, with no branch that depends on their length;
 * what is written otherwise is left to number_parse, which says the same of these. */

static bool is_place(double x, double y, const struct csv_places *places)
{
    return fabs(x) <= places->x_most && fabs(y) <= places->y_most && (x != 0 || y != 0);
}

static __attribute__((noinline)) bool read_slowly(const struct csv_places *places, size_t row,
                                                  const struct csv_block *block,
                                                  const uint32_t *starts)
{
    struct csv_piece x_piece = csv_block_piece(block, starts, places->x_column);
    struct csv_piece y_piece = csv_block_piece(block, starts, places->y_column);
    double *x = &places->x[row], *y = &places->y[row];
    return number_parse(x, x_piece.begin, x_piece.end)
           && number_parse(y, y_piece.begin, y_piece.end) && is_place(*x, *y, places);
}

/* The last so many of eight characters. */
static const uint64_t LAST[9] = {
    0,
    0xFF00000000000000u,
    0xFFFF000000000000u,
    0xFFFFFF0000000000u,
    0xFFFFFFFF00000000u,
    0xFFFFFFFFFF000000u,
    0xFFFFFFFFFFFF0000u,
    0xFFFFFFFFFFFFFF00u,
    0xFFFFFFFFFFFFFFFFu,
};

static const struct power {
    uint64_t whole;
    double exact;
} POWERS[16] = {
    {1, 1e0},
    {10, 1e1},
    {100, 1e2},
    {1000, 1e3},
    {10000, 1e4},
    {100000, 1e5},
    {1000000, 1e6},
    {10000000, 1e7},
    {100000000, 1e8},
    {1000000000, 1e9},
    {10000000000, 1e10},
    {100000000000, 1e11},
    {1000000000000, 1e12},
    {10000000000000, 1e13},
    {100000000000000, 1e14},
    {1000000000000000, 1e15},
};

/* The value of the last `count` (at most 8) of the eight characters before `end`; what is no digit
 * among them shows in *wrong. */
SIMD_INLINE uint64_t read_8(uint64_t *wrong, const char *end, size_t count)
{
    uint64_t digits = (eight_load(end - 8) ^ EIGHT_ZEROS) & LAST[count];
    *wrong |= eight_no_digits(digits);
    return eight_value(digits);
}

/* A number of 1 to 8 digits, and no more than 16 characters with its decimals. False: it is not
 * written so. */
SIMD_INLINE bool read_number(double *value, struct csv_piece piece, char mark)
{
    bool negative = *piece.begin == '-';
    const char *begin = piece.begin + negative, *end = piece.end;
    size_t length = (size_t)(end - begin);
    if (length - 1 >= CSV_PLACE_SLACK)
        return false;
    uint64_t marks = csv_find_16(end - CSV_PLACE_SLACK, mark) >> (CSV_PLACE_SLACK - length);
    size_t units = (size_t)__builtin_ctzll(marks | (uint64_t)1 << length);
    size_t decimals = length - units - (units < length);
    if (units - 1 >= 8)
        return false;
    uint64_t wrong = 0, digits = read_8(&wrong, begin + units, units);
    if (decimals > 8) {
        digits = digits * POWERS[decimals - 8].whole + read_8(&wrong, end - 8, decimals - 8);
        digits = digits * POWERS[8].whole + read_8(&wrong, end, 8);
    } else
        digits = digits * POWERS[decimals].whole + read_8(&wrong, end, decimals);
    if (wrong != 0)
        return false;
    /* Both operands are exact, so the one rounding is the right one (Clinger 1990): with decimals
     * there are 15 digits at most. */
    double magnitude = (double)(int64_t)digits / POWERS[decimals].exact;
    *value = negative ? -magnitude : magnitude;
    return true;
}

#if SIMD_HAS_WIDE
static const int8_t LAST_BYTES[32] = {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
                                      0,  0,  0,  0,  0,  -1, -1, -1, -1, -1, -1,
                                      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
static const char ORDER[] =
    "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17";

/* By sign and decimals. */
static const double SIGNED[2][32] = {
    {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1},
    {-1e0, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12, -1e13, -1e14,
     -1e15, -1}};

/* What is known of a number by its length and its mark. */
struct number {
    size_t length;   /* without its sign */
    size_t decimals; /* 16: there is no mark */
    size_t digits;
    bool negative;
};

SIMD_WIDE static inline __m128i load_16(const void *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}

SIMD_WIDE static inline __m256i join(__m128i low, __m128i high)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/* Two rows of 16 bytes, whose last n are set, for two n of 0 to 16. */
SIMD_WIDE static inline __m256i lasts(size_t low, size_t high)
{
    return join(load_16(LAST_BYTES + low), load_16(LAST_BYTES + high));
}

/* The bytes of either half up to the last one that is set, itself included. */
SIMD_WIDE static inline __m256i up_to_last(__m256i bytes)
{
    bytes = _mm256_or_si256(bytes, _mm256_bsrli_epi128(bytes, 1));
    bytes = _mm256_or_si256(bytes, _mm256_bsrli_epi128(bytes, 2));
    bytes = _mm256_or_si256(bytes, _mm256_bsrli_epi128(bytes, 4));
    return _mm256_or_si256(bytes, _mm256_bsrli_epi128(bytes, 8));
}

SIMD_WIDE static inline struct number number_of(struct csv_piece piece)
{
    bool negative = *piece.begin == '-';
    return (struct number){(size_t)(piece.end - piece.begin) - negative, 0, 0, negative};
}

/* `marks` has the mark's places among the 32 characters whose last is the number's. */
SIMD_WIDE static inline void count_digits(struct number *number, uint32_t marks)
{
    size_t decimals = (size_t)__builtin_clz(marks | 1); /* 31 is as good as none */
    bool marked = decimals < number->length;
    number->decimals = marked ? decimals : 16;
    number->digits = number->length - marked;
}

/* The value of the 16 digits of either half, exact for 15. */
SIMD_WIDE static inline __m128d value_of(__m256i digits)
{
    const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064);
    const __m256i ten_thousands = _mm256_set1_epi32(0x00012710);
    __m256i twos = _mm256_maddubs_epi16(digits, tens);
    __m256i fours = _mm256_madd_epi16(twos, hundreds);
    __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), ten_thousands);
    __m256i high = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100000000));
    __m256i whole = _mm256_add_epi64(high, _mm256_srli_epi64(eights, 32));
    /* Behind 2^52 a double counts in ones. */
    const __m256d offset = _mm256_set1_pd(4503599627370496.0);
    __m256d shifted = _mm256_or_pd(_mm256_castsi256_pd(whole), offset);
    __m256d values = _mm256_sub_pd(shifted, offset);
    return _mm256_castpd256_pd128(_mm256_permute4x64_pd(values, 0x08));
}

/* Two numbers of at most 15 digits at one time. False: they are not written so, or make no place.
 */
SIMD_WIDE static inline bool read_place_wide(const struct csv_places *places, size_t row,
                                             const struct csv_piece pieces[2])
{
    struct number low = number_of(pieces[0]), high = number_of(pieces[1]);
    if (((low.length - 1) | (high.length - 1)) >= 16)
        return false;
    __m256i text = join(load_16(pieces[0].end - 16), load_16(pieces[1].end - 16));
    __m256i found = _mm256_cmpeq_epi8(text, _mm256_set1_epi8(places->mark));
    uint32_t marks = (uint32_t)_mm256_movemask_epi8(found);
    count_digits(&low, marks << 16);
    count_digits(&high, marks);
    /* What stands before the mark moves up by one, over it. */
    __m256i digits = _mm256_and_si256(_mm256_sub_epi8(text, _mm256_set1_epi8('0')),
                                      lasts(low.length, high.length));
    const __m256i order = _mm256_loadu_si256((const __m256i *)(const void *)ORDER);
    digits = _mm256_shuffle_epi8(digits, _mm256_add_epi8(order, up_to_last(found)));
    __m256i over_9 = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    if (low.digits - 1 >= 15 || high.digits - 1 >= 15 || !_mm256_testz_si256(over_9, over_9))
        return false;
    /* Both operands are exact, so the one rounding is the right one (Clinger 1990). */
    __m128d powers =
        _mm_set_pd(SIGNED[high.negative][high.decimals], SIGNED[low.negative][low.decimals]);
    __m128d values = _mm_div_pd(value_of(digits), powers);
    _mm_storel_pd(&places->x[row], values);
    _mm_storeh_pd(&places->y[row], values);
    __m128d size = _mm_andnot_pd(_mm_set1_pd(-0.0), values);
    __m128d within = _mm_cmple_pd(size, _mm_set_pd(places->y_most, places->x_most));
    return _mm_movemask_pd(within) == 3
           && _mm_movemask_pd(_mm_cmpeq_pd(size, _mm_setzero_pd())) != 3;
}

SIMD_WIDE static size_t read_wide(const struct csv_places *places, const struct csv_block *block)
{
    const struct csv_places by = *places;
    const struct csv_block from = *block;
    const uint32_t *starts = from.starts;
    for (size_t row = 0; row < from.count; row++, starts = csv_block_step(&from, starts)) {
        const struct csv_piece pieces[2] = {csv_block_piece(&from, starts, by.x_column),
                                            csv_block_piece(&from, starts, by.y_column)};
        if (!read_place_wide(&by, row, pieces) && !read_slowly(places, row, block, starts))
            return row;
    }
    return from.count;
}
#endif

static size_t read_plain(const struct csv_places *places, const struct csv_block *block)
{
    const uint32_t *starts = block->starts;
    for (size_t row = 0; row < block->count; row++, starts = csv_block_step(block, starts)) {
        struct csv_piece x_piece = csv_block_piece(block, starts, places->x_column);
        struct csv_piece y_piece = csv_block_piece(block, starts, places->y_column);
        double *x = &places->x[row], *y = &places->y[row];
        bool read = read_number(x, x_piece, places->mark) && read_number(y, y_piece, places->mark);
        if (read ? !is_place(*x, *y, places) : !read_slowly(places, row, block, starts))
            return row;
    }
    return block->count;
}

size_t csv_places_read(const struct csv_places *places, const struct csv_block *block)
{
#if SIMD_HAS_WIDE
    if (places->wide)
        return read_wide(places, block);
#endif
    return read_plain(places, block);
}
