/* Numbers from text and to text, the same in every locale. */
#include "engine/core/numbers.h"

#include "engine/core/eight.h"
#include "engine/core/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXACT_TENS = 22,     /* the largest power of ten that a double holds exactly */
    WHOLE_DIGITS = 19,   /* so many decimal digits always fit in 64 bits */
    LONGEST_TEXT = 1000, /* enough for any double: 767 digits decide the hardest halfway case */
};

static const double TENS[EXACT_TENS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* A number as digits * 10^exponent. */
struct decimal {
    uint64_t digits;
    int digit_count; /* without leading zeros; over WHOLE_DIGITS the digits have overflowed */
    int exponent;
    bool negative;
};

/* Keeps what is seldom needed out of what is hot, so that the hot part saves no registers for it.
 */
#define COLD __attribute__((noinline, cold))

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

static const uint64_t WHOLE_TENS[WHOLE_DIGITS + 1] = {1,
                                                      10,
                                                      100,
                                                      1000,
                                                      10000,
                                                      100000,
                                                      1000000,
                                                      10000000,
                                                      100000000,
                                                      1000000000,
                                                      10000000000,
                                                      100000000000,
                                                      1000000000000,
                                                      10000000000000,
                                                      100000000000000,
                                                      1000000000000000,
                                                      10000000000000000,
                                                      100000000000000000,
                                                      1000000000000000000,
                                                      10000000000000000000u};

/* 2^exponent, for a double that is neither very large nor very small. */
static double power_of_two(int exponent)
{
    double power;
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* digits / 10^places, correctly rounded: a quotient of at least 63 bits whose last one also stands
 * for the remainder rounds as the endless quotient would. */
static COLD double divide_exactly(uint64_t digits, int places)
{
    uint64_t divisor = WHOLE_TENS[places];
    int up = __builtin_clzll(digits), divisor_up = __builtin_clzll(divisor);
    wide dividend = (wide)(digits << up) << 63;
    divisor <<= divisor_up;
    uint64_t quotient = (uint64_t)(dividend / divisor);
    uint64_t remainder = (uint64_t)dividend - quotient * divisor; /* the low halves tell it */
    if (remainder != 0)
        quotient |= 1;
    return (double)quotient * power_of_two(divisor_up - up - 63);
}
#endif

/* The two paths that need no more than a few operations; false: neither serves. */
static bool convert_fast(double *value, const struct decimal *decimal)
{
    double magnitude;
    if (decimal->digit_count > WHOLE_DIGITS)
        return false;
    /* Both operands are exact, so the one rounding is the right one (Clinger 1990). */
    if (decimal->digits <= (uint64_t)1 << 53 && decimal->exponent >= -EXACT_TENS
        && decimal->exponent <= EXACT_TENS)
        magnitude = decimal->exponent < 0 ? (double)decimal->digits / TENS[-decimal->exponent]
                                          : (double)decimal->digits * TENS[decimal->exponent];
#ifdef __SIZEOF_INT128__
    else if (decimal->exponent < 0 && decimal->exponent >= -WHOLE_DIGITS)
        magnitude = divide_exactly(decimal->digits, -decimal->exponent);
#endif
    else
        return false;
    *value = decimal->negative ? -magnitude : magnitude;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_mark(char c)
{
    return c == '.' || c == ',';
}

/* The high bit of each byte that is over 9; bytes are below 0x80. */
static uint64_t over_9(uint64_t bytes)
{
    return (bytes + EIGHT_ONES * (0x7F - 9)) & EIGHT_HIGHS;
}

/* Drops byte number `byte`; those below it move up. */
static uint64_t squeeze(uint64_t bytes, int byte)
{
    uint64_t below = ((uint64_t)1 << 8 * byte) - 1;
    return (bytes & below) << 8 | (bytes & ~below & ~((uint64_t)0xFF << 8 * byte));
}

static bool is_mark_at(uint64_t bytes, int byte)
{
    unsigned c = (unsigned)(bytes >> 8 * byte) & 0xFF;
    return c == ('.' ^ '0') || c == (',' ^ '0');
}

/* read_plain for 8 to 16 characters without a sign: the text right-aligned in two words, the mark
 * squeezed out, and then all digits at once. */
static bool read_16(struct decimal *decimal, const char *at, const char *end)
{
    int front = (int)(end - at) - 8, places = 0;
    uint64_t high = eight_load(end - 8) ^ EIGHT_ZEROS;
    uint64_t low = front > 0 ? (eight_load(at) ^ EIGHT_ZEROS) << (64 - 8 * front) : 0;
    if (((high | low) & EIGHT_HIGHS) != 0)
        return false;
    if (over_9(high) != 0) {
        int byte = __builtin_ctzll(over_9(high)) / 8;
        if (!is_mark_at(high, byte))
            return false;
        places = 8 - byte;
        high = squeeze(high, byte) | low >> 56;
        low <<= 8;
    } else if (over_9(low) != 0) {
        int byte = __builtin_ctzll(over_9(low)) / 8;
        if (!is_mark_at(low, byte))
            return false;
        places = 16 - byte;
        low = squeeze(low, byte);
    }
    if (places > 0 && (over_9(high) | over_9(low)) != 0)
        return false;
    decimal->digits = eight_value(high);
    if (low != 0)
        decimal->digits += eight_value(low) * 100000000;
    decimal->digit_count = front + 8 - (places > 0);
    decimal->exponent = places > 0 ? 1 - places : 0;
    return true;
}

static bool read_digits(struct decimal *decimal, const char *at, const char *end)
{
    uint64_t digits = 0;
    const char *first = at, *mark = NULL;
    for (; at < end; at++) {
        for (; mark != NULL && end - at > 8; at += 8) { /* decimals may be many */
            uint64_t eight = eight_load(at) ^ EIGHT_ZEROS;
            if (eight_no_digits(eight) != 0)
                return false;
            digits = digits * 100000000 + eight_value(eight);
        }
        unsigned digit = (unsigned char)*at - (unsigned)'0';
        if (digit <= 9)
            digits = digits * 10 + digit;
        else if (mark == NULL && is_mark(*at))
            mark = at;
        else
            return false;
    }
    long count = (long)(end - first) - (mark != NULL);
    if (count < 1 || count > WHOLE_DIGITS)
        return false;
    decimal->digits = digits;
    decimal->digit_count = (int)count;
    decimal->exponent = mark != NULL ? (int)(mark + 1 - end) : 0;
    return true;
}

/* Reads sign, at most 19 digits with one mark among them, and nothing else: what nearly every
 * coordinate is. */
static bool read_plain(struct decimal *decimal, const char *at, const char *end)
{
    decimal->negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    long length = (long)(end - at);
    if (length >= 8 && length <= 16 && read_16(decimal, at, end))
        return true;
    return length <= WHOLE_DIGITS + 1 && read_digits(decimal, at, end);
}

/* The marks of the part before an exponent: how often each occurs, and which comes last. */
struct marks {
    int points, commas;
    const char *last;
};

static struct marks find_marks(const char *at, const char *end)
{
    struct marks marks = {0};
    for (; at < end; at++) {
        marks.points += *at == '.';
        marks.commas += *at == ',';
        if (is_mark(*at))
            marks.last = at;
    }
    return marks;
}

/* True when begin..end is 1 to 3 digits and then groups of exactly 3 behind a mark. */
static bool is_grouped(const char *begin, const char *end)
{
    int run = 0, groups = 0;
    for (const char *at = begin; at <= end; at++) {
        if (at < end && is_digit(*at)) {
            run++;
            continue;
        }
        if (at < end && !is_mark(*at))
            return false;
        if (run < 1 || run > 3 || (groups > 0 && run != 3))
            return false;
        groups++;
        run = 0;
    }
    return true;
}

/* Where the decimal mark is, `end` when there is none; NULL when the marks make no sense. A single
 * mark is a decimal one; of two kinds the last is; one kind more than once parts thousands. */
static const char *decimal_mark(const char *begin, const char *end)
{
    struct marks marks = find_marks(begin, end);
    int both = marks.points + marks.commas;
    if (both == 0)
        return end;
    if (both == 1)
        return marks.last;
    if (marks.points == 0 || marks.commas == 0)
        return is_grouped(begin, end) ? end : NULL;
    int of_last = *marks.last == '.' ? marks.points : marks.commas;
    return of_last == 1 && is_grouped(begin, marks.last) ? marks.last : NULL;
}

/* Copies sign and digits with '.' as the mark and without thousands. NULL: no number. */
static char *copy_mantissa(char *to, const char *begin, const char *end)
{
    if (begin < end && (*begin == '-' || *begin == '+'))
        *to++ = *begin++;
    const char *mark = decimal_mark(begin, end);
    int digits = 0;
    if (mark == NULL)
        return NULL;
    for (const char *at = begin; at < end; at++) {
        if (at == mark)
            *to++ = '.';
        else if (is_digit(*at)) {
            *to++ = *at;
            digits++;
        } else if (!is_mark(*at))
            return NULL;
    }
    return digits > 0 ? to : NULL;
}

static char *copy_exponent(char *to, const char *at, const char *end)
{
    *to++ = *at++;
    if (at < end && (*at == '-' || *at == '+'))
        *to++ = *at++;
    if (at == end)
        return NULL;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return NULL;
        *to++ = *at;
    }
    return to;
}

/* Thousands, exponents and more digits than 19. strtod reads '.' here because the process never
 * sets LC_NUMERIC. */
static COLD bool parse_slowly(double *value, const char *begin, const char *end)
{
    char text[LONGEST_TEXT + 1];
    text_trim(&begin, &end);
    if (end - begin > LONGEST_TEXT)
        return false;
    const char *exponent = begin;
    while (exponent < end && *exponent != 'e' && *exponent != 'E')
        exponent++;
    char *to = copy_mantissa(text, begin, exponent);
    if (to != NULL && exponent < end)
        to = copy_exponent(to, exponent, end);
    if (to == NULL)
        return false;
    *to = '\0';
    double read = strtod(text, NULL);
    if (!isfinite(read))
        return false;
    *value = read;
    return true;
}

bool number_parse(double *value, const char *begin, const char *end)
{
    struct decimal decimal;
    if (read_plain(&decimal, begin, end) && convert_fast(value, &decimal))
        return true;
    return parse_slowly(value, begin, end);
}

bool number_parse_whole(int64_t *value, const char *begin, const char *end)
{
    uint64_t digits = 0;
    text_trim(&begin, &end);
    bool negative = begin < end && *begin == '-';
    if (begin < end && (*begin == '-' || *begin == '+'))
        begin++;
    if (begin == end)
        return false;
    for (; begin < end; begin++) {
        unsigned digit = (unsigned char)*begin - (unsigned)'0';
        if (digit > 9 || __builtin_mul_overflow(digits, 10u, &digits)
            || __builtin_add_overflow(digits, digit, &digits))
            return false;
    }
    if (digits > (uint64_t)INT64_MAX + negative)
        return false;
    *value = negative ? (int64_t)(0 - digits) : (int64_t)digits;
    return true;
}

/* Writes whole / 10^decimals; the text ends up at the start of `text`. */
static char *write_fixed(char text[NUMBER_TEXT], int64_t whole, int decimals)
{
    uint64_t left = whole < 0 ? (uint64_t)-whole : (uint64_t)whole;
    char *at = text + NUMBER_TEXT;
    *--at = '\0';
    for (int i = 0; i < decimals || left > 0 || i == decimals; i++) {
        if (i == decimals && decimals > 0)
            *--at = '.';
        *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (whole < 0)
        *--at = '-';
    memmove(text, at, (size_t)(text + NUMBER_TEXT - at));
    return text;
}

/* "-0.00" and "-0" are zeros that lost a speck. */
static void drop_minus_of_zero(char text[NUMBER_TEXT])
{
    if (text[0] == '-' && text[strspn(text + 1, "0.") + 1] == '\0')
        memmove(text, text + 1, strlen(text));
}

char *number_format(char text[NUMBER_TEXT], double value, int decimals)
{
    text[0] = '\0';
    if (!isfinite(value))
        return text;
    decimals = decimals < 0 ? 0 : decimals > 15 ? 15 : decimals;
    /* Rounding keeps the order of numbers, so a product that is not halfway lies on the side of
     * halfway where the exact one does. */
    double scaled = value * TENS[decimals], down = floor(scaled), rest = scaled - down;
    if (fabs(scaled) < 1e15 && rest != 0.5)
        return write_fixed(text, (int64_t)down + (rest > 0.5), decimals);
    if (fabs(value) >= 1e18)
        return number_format_exact(text, value);
    snprintf(text, NUMBER_TEXT, "%.*f", decimals, value);
    drop_minus_of_zero(text);
    return text;
}

char *number_format_exact(char text[NUMBER_TEXT], double value)
{
    text[0] = '\0';
    if (!isfinite(value))
        return text;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    drop_minus_of_zero(text);
    return text;
}
