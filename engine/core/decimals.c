/* Writes numbers as decimal digits without printf, digit for digit what printf writes. */
#include "engine/core/decimals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char PAIRS[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343"
    "53637383940414243444546474849505152535455565758596061626364656667686970"
    "71727374757677787980818283848586878889909192939495969798990";

char *decimals_put_integer(char *at, uint64_t number)
{
    char digits[DECIMALS_INTEGER];
    int from = DECIMALS_INTEGER;
    while (number >= 100) {
        from -= 2;
        memcpy(&digits[from], &PAIRS[number % 100 * 2], 2);
        number /= 100;
    }
    if (number >= 10) {
        from -= 2;
        memcpy(&digits[from], &PAIRS[number * 2], 2);
    } else
        digits[--from] = (char)('0' + number);
    memcpy(at, &digits[from], (size_t)(DECIMALS_INTEGER - from));
    return at + (DECIMALS_INTEGER - from);
}

char *decimals_put_digits(char *at, unsigned number, int count)
{
    for (int i = count; i-- > 0; number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + count;
}

static char *put_parts(char *at, uint64_t thousandths)
{
    at = decimals_put_integer(at, thousandths / 1000);
    *at++ = '.';
    return decimals_put_digits(at, (unsigned)(thousandths % 1000), 3);
}

char *decimals_put_thousandths(char *at, int64_t number)
{
    if (number < 0)
        *at++ = '-';
    return put_parts(at, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

/* Rounding the product keeps it on its side of a half, or puts it on the half: only then printf
 * reckons with all digits. */
char *decimals_put_fixed(char *at, double number)
{
    double thousandths = fabs(number) * 1000, whole = floor(thousandths);
    double beyond = thousandths - whole;
    if (!(thousandths < 4e15) || beyond == 0.5)
        return at + snprintf(at, DECIMALS_FIXED, "%.3f", number);
    if (signbit(number))
        *at++ = '-';
    return put_parts(at, (uint64_t)whole + (beyond > 0.5));
}
