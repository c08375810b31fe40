/* Numbers from text and to text, the same in every locale. */
#ifndef PLEIN_CORE_NUMBERS_H
#define PLEIN_CORE_NUMBERS_H

#include "engine/core/base.h"

/* Reads a decimal number that fills begin..end (not NUL-terminated; blanks around it are fine),
 * correctly rounded: sign, digits, one decimal point or comma, exponent. "1.234,56" and "1,234.56"
 * have thousands and are read so; "1.234.567" too. No hexadecimal, no inf, no nan. False (and
 * *value untouched) when it is no number, does not fit a double, or has over 1,000 characters. */
bool number_parse(double *value, const char *begin, const char *end);
/* The same for a whole number without point, comma or exponent. */
bool number_parse_whole(int64_t *value, const char *begin, const char *end);

enum { NUMBER_TEXT = 40 };
/* Fixed decimals (0 to 15), '.' as the point, "-0.00" as "0.00", nothing for NaN and infinity.
 * Rounds as printf does. From 1e18 on as number_format_exact. Returns text. */
char *number_format(char text[NUMBER_TEXT], double value, int decimals);
/* The shortest text that reads back as the same double, which may have an exponent; a zero is "0",
 * nothing for NaN and infinity. */
char *number_format_exact(char text[NUMBER_TEXT], double value);

#endif
