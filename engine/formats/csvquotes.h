/* What stands within quotes, 64 characters at a time. */
#ifndef PLEIN_FORMATS_CSVQUOTES_H
#define PLEIN_FORMATS_CSVQUOTES_H

#include "engine/formats/csvmask.h"

/* Where characters of a meaning stand among CSV_BLOCK. */
struct csv_marks {
    uint64_t separators;   /* delimiters and line ends */
    uint64_t ends, blanks; /* of lines; of those that are empty */
    uint64_t quotes, returns;
};

/* What one block of text passes on to the next. */
struct csv_quote_carry {
    uint64_t inside;   /* all bits set: within quotes */
    uint64_t opens;    /* bit 0: a field may begin with the next character */
    uint64_t closed;   /* bit 0: a quote has just closed */
    uint64_t returned; /* bit 0: and a carriage return has followed it */
};

struct csv_quoting {
    uint64_t inside;  /* from an opening quote up to before the closing one */
    uint64_t doubled; /* the second of two quotes */
    uint64_t odd;     /* at a quote, or behind one, that is not at a field's end */
};

/* Bit i: the number of bits set from 0 to i is odd. */
SIMD_INLINE uint64_t csv_parity(uint64_t bits)
{
    for (int step = 1; step < CSV_BLOCK; step *= 2)
        bits ^= bits << step;
    return bits;
}

/* Takes every quote for one that opens or closes, which holds up to the first odd one; `last` is
 * the place of the block's last character. */
SIMD_INLINE struct csv_quoting csv_pass_quotes(struct csv_quote_carry *carry,
                                               const struct csv_marks *marks, int last)
{
    uint64_t inside = csv_parity(marks->quotes) ^ carry->inside;
    uint64_t separators = marks->separators & ~inside, ends = marks->ends & ~inside;
    uint64_t opening = marks->quotes & inside, closing = marks->quotes & ~inside;
    uint64_t behind = closing << 1 | carry->closed;
    uint64_t returned = behind & marks->returns & ~separators;
    struct csv_quoting quoting = {.inside = inside, .doubled = opening & behind};
    quoting.odd = (opening & ~(separators << 1 | carry->opens | behind))
                  | (behind & ~(separators | opening | returned))
                  | ((returned << 1 | carry->returned) & ~ends);
    *carry = (struct csv_quote_carry){0 - (inside >> last & 1), separators >> last & 1,
                                      closing >> last & 1, returned >> last & 1};
    return quoting;
}

#endif
