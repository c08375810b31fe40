/* Counts by combinations of keys, whose values are packed into words: a hash table of rows. */
#ifndef PLEIN_STUDY_QUERY_ROWS_H
#define PLEIN_STUDY_QUERY_ROWS_H

#include "engine/analysis/squares.h"
#include "engine/core/base.h"

enum query_key {
    KEY_JURISDICTION,
    KEY_DISTRICT,
    KEY_BAND,
    KEY_REPORTED_TO, /* in the order of enum holder_role */
    KEY_RESPONSIBLE,
    KEY_DOMAIN,
    KEY_CATEGORY,
    KEY_SOURCE,
    KEY_YEAR,
    KEY_MONTH,
    KEY_WEEKDAY,
    KEY_HOUR,
    KEY_SQUARE
};
enum { QUERY_KEYS = 13 };

/* Fields packed; see query_value. */
struct query_values {
    uint64_t words[3];
};
/* A count, and how far the true one may lie from it: by squares of a package, which are rounded. */
struct query_amount {
    size_t incidents;
    size_t less, more; /* more is QUERY_NO_END where nothing bounds it */
};
#define QUERY_NO_END SIZE_MAX
struct query_row {
    struct query_values values;
    struct query_amount amount;
};

/* Each combination once, in the order in which they came. Zeroed is empty. */
struct query_rows {
    struct query_row *items;
    size_t count, capacity;
    size_t slot_count;
    size_t *slots;
};

/* What lies nearer to another jurisdiction than the band is wide is in it, as in border and check.
 */
enum query_band { QUERY_IN_BAND, QUERY_OUT_OF_BAND };
/* The district of squares, which is not known: not that there is none. */
enum { QUERY_DISTRICT_UNTOLD = (1 << 24) - 2, QUERY_FIRST_YEAR = 1900 };

/* The value of one key in a row: an owner, a district, enum query_band, a holder, a domain, a
 * number in a dictionary, a year, month 1-12, weekday 0-6 or hour 0-23; -1 when it is not known, or
 * in no district. */
int64_t query_value(const struct query_row *row, enum query_key key);
/* Sets a key's value, -1 for what is not known, in values that were zeroed. */
void query_put(struct query_values *values, enum query_key key, int64_t value);
/* How many different values a key has room for: a field's highest stands for "unknown", so that it
 * sorts last. */
uint64_t query_unknown_of(enum query_key key);
/* The square that a value of KEY_SQUARE stands for, and the other way round. */
struct square query_square(int64_t value);
int64_t query_of_square(const struct square *square);

/* Adds to the row of these values. */
bool query_rows_add(struct query_rows *rows, const struct query_values *values,
                    const struct query_amount *amount, struct error *error);
/* Forgets the rows and keeps their room. */
void query_rows_empty(struct query_rows *rows);
void query_rows_free(struct query_rows *rows);
void query_add_amount(struct query_amount *to, const struct query_amount *from);

#endif
