/* Writes numbers as decimal digits without printf, digit for digit what printf writes. */
#ifndef PLEIN_CORE_DECIMALS_H
#define PLEIN_CORE_DECIMALS_H

#include <stdint.h>

/* Each writes no NUL and gives where the text ends. */

enum { DECIMALS_INTEGER = 20, DECIMALS_THOUSANDTHS = 22, DECIMALS_FIXED = 320 };

/* As "%" PRIu64; at most DECIMALS_INTEGER bytes. */
char *decimals_put_integer(char *at, uint64_t number);
/* So many digits, with zeros before them; the number has no more. */
char *decimals_put_digits(char *at, unsigned number, int count);
/* A thousandth of the number with three decimals; at most DECIMALS_THOUSANDTHS bytes. */
char *decimals_put_thousandths(char *at, int64_t number);
/* As "%.3f", for a finite number; at most DECIMALS_FIXED bytes. */
char *decimals_put_fixed(char *at, double number);

#endif
