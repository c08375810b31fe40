/* Fuzzes numbers to and from text: read as a plain reading does that goes by the rules of the
 * header alone, written as printf does. The first eight bytes are also a number to be written. */
#include "engine/core/decimals.h"
#include "engine/core/numbers.h"
#include "engine/core/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 1000 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_mark(char c)
{
    return c == '.' || c == ',';
}

/* Whether every group but the first has three digits, and that one to three. */
static bool groups_are_thousands(const char *text, size_t length)
{
    size_t group = 0, number = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && is_digit(text[i])) {
            group++;
            continue;
        }
        if (group > 3 || group == 0 || (number > 0 && group != 3))
            return false;
        number++;
        group = 0;
    }
    return true;
}

/* Which of the marks parts the decimals: its place, or `length` for none; false: they make no
 * sense. */
static bool find_decimals(size_t *place, const char *text, size_t length)
{
    size_t points = 0, commas = 0, last = length;
    for (size_t i = 0; i < length; i++) {
        points += text[i] == '.';
        commas += text[i] == ',';
        last = is_mark(text[i]) ? i : last;
    }
    *place = points + commas == 1 ? last : length;
    if (points + commas < 2)
        return true;
    if (points == 0 || commas == 0)
        return groups_are_thousands(text, length);
    *place = last;
    return (text[last] == '.' ? points : commas) == 1 && groups_are_thousands(text, last);
}

/* The number with a point for its decimals and nothing between thousands; false: none. */
static bool spell(char plain[LONGEST + 1], const char *begin, const char *end)
{
    size_t sign = begin < end && strchr("+-", *begin) != NULL && *begin != '\0', length = 0;
    size_t whole = (size_t)(end - begin), place, digits = 0, out = sign;
    memcpy(plain, begin, sign);
    while (sign + length < whole && strchr("eE", begin[sign + length]) == NULL)
        length++;
    for (size_t i = 0; i < length; i++)
        if (!is_digit(begin[sign + i]) && !is_mark(begin[sign + i]))
            return false;
    if (!find_decimals(&place, begin + sign, length))
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = begin[sign + i];
        digits += is_digit(c);
        if (is_digit(c) || i == place)
            plain[out++] = is_digit(c) ? c : '.';
    }
    const char *rest = begin + sign + length;
    if (digits == 0 || memchr(rest, '\0', (size_t)(end - rest)) != NULL)
        return false;
    memcpy(plain + out, rest, (size_t)(end - rest));
    plain[out + (size_t)(end - rest)] = '\0';
    if (rest == end)
        return true;
    const char *power = plain + out + 1;
    power += *power == '-' || *power == '+';
    return *power != '\0' && power[strspn(power, "0123456789")] == '\0';
}

static bool read_slowly(double *value, const char *begin, const char *end)
{
    char plain[LONGEST + 1];
    text_trim(&begin, &end);
    if (end - begin > LONGEST || memchr(begin, '\0', (size_t)(end - begin)) != NULL
        || !spell(plain, begin, end))
        return false;
    *value = strtod(plain, NULL);
    return isfinite(*value);
}

static void try_text(const char *begin, const char *end)
{
    double value = 0, slow = 0;
    int64_t whole;
    bool read = number_parse(&value, begin, end), expected = read_slowly(&slow, begin, end);
    if (read != expected || (read && memcmp(&value, &slow, sizeof value) != 0))
        abort();
    if (!number_parse_whole(&whole, begin, end))
        return;
    char text[DECIMALS_THOUSANDTHS], *stop;
    const char *digits = begin, *last = end;
    text_trim(&digits, &last);
    digits += *digits == '+' || *digits == '-';
    while (digits + 1 < last && *digits == '0')
        digits++;
    uint64_t magnitude = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;
    stop = decimals_put_integer(text, magnitude);
    if (stop - text != last - digits || memcmp(text, digits, (size_t)(stop - text)) != 0)
        abort();
}

/* As printf has it, but for the minus of what is zero as written. */
static void print(char *text, size_t size, double value, int decimals)
{
    snprintf(text, size, "%.*f", decimals, value);
    if (text[0] == '-' && strpbrk(text, "123456789") == NULL)
        memmove(text, text + 1, strlen(text));
}

static void try_number(double value, int decimals)
{
    char text[NUMBER_TEXT], printed[DECIMALS_FIXED + 1], put[DECIMALS_FIXED];
    double back;
    number_format_exact(text, value);
    if (!isfinite(value)) {
        if (text[0] != '\0')
            abort();
        return;
    }
    if (!number_parse(&back, text, text + strlen(text)) || back != value)
        abort();
    if (fabs(value) < 1e18) {
        print(printed, sizeof printed, value, decimals);
        if (strcmp(number_format(text, value, decimals), printed) != 0)
            abort();
    }
    size_t length = (size_t)(decimals_put_fixed(put, value) - put);
    snprintf(printed, sizeof printed, "%.3f", value);
    if (length != strlen(printed) || memcmp(put, printed, length) != 0)
        abort();
}

static void try_whole(int64_t whole)
{
    char put[DECIMALS_THOUSANDTHS], printed[DECIMALS_THOUSANDTHS + 2];
    uint64_t magnitude = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;
    size_t length = (size_t)(decimals_put_thousandths(put, whole) - put);
    snprintf(printed, sizeof printed, "%s%" PRIu64 ".%03u", whole < 0 ? "-" : "", magnitude / 1000,
             (unsigned)(magnitude % 1000));
    if (length != strlen(printed) || memcmp(put, printed, length) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double value;
    int64_t whole;
    char *copy = malloc(size > 0 ? size : 1); /* its own block, so that a read beyond it shows */
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    try_text(copy, copy + size);
    free(copy);
    if (size < sizeof value)
        return 0;
    memcpy(&value, data, sizeof value);
    memcpy(&whole, data, sizeof whole);
    try_number(value, (int)(size % 16));
    try_number((double)(whole % 10000000) / 1000 + 0.0005, (int)(size % 4)); /* near halves */
    try_whole(whole);
    return 0;
}
