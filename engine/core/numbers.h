/* Numbers from text and to text, the same in every locale. */
#ifndef PLEIN_CORE_NUMBERS_H
#define PLEIN_CORE_NUMBERS_H

#include "engine/core/base.h"

/* Reads a decimal number that fills begin..end (not NUL-terminated; blanks around it are fine),
 * correctly rounded: sign, digits, one decimal point or comma, exponent. "1.234,56" and "1,234.56"
 * have thousands and are read so; "1.234.567" too. No hexadecimal, no inf, no nan. False (and
 * *value untouched) when it is no number or does not fit a double. */
bool number_parse(double *value, const char *begin, const char *end);
/* The same for a whole number without point, comma or exponent. */
bool number_parse_whole(int64_t *value, const char *begin, const char *end);

enum { NUMBER_TEXT = 40 };
/* Fixed decimals, '.' as the point, "-0.00" as "0.00", nothing for NaN. Returns text. */
char *number_format(char text[NUMBER_TEXT], double value, int decimals);
/* The shortest text that reads back as the same double. */
char *number_format_exact(char text[NUMBER_TEXT], double value);

#endif
