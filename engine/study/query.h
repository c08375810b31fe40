/* Counts of the selected incidents by any combination of keys. */
#ifndef PLEIN_STUDY_QUERY_H
#define PLEIN_STUDY_QUERY_H

#include "engine/analysis/squares.h"
#include "engine/study/districts.h"
#include "engine/study/study.h"

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

/* Zeroed is empty. */
struct query {
    bool by[QUERY_KEYS];
    struct query_row *rows; /* inside a jurisdiction, in the order in which they are shown */
    size_t count, capacity;
    size_t outside, no_place, total; /* of the study's own incidents */
    bool has_squares;                /* there are packages, whether or not any is selected */
    struct query_amount squares;     /* of packages, in all; in the rows, and not in the total */
    struct nesting nesting;          /* when counted by district */
    double band_m;                   /* how wide the border band is, when counted by it */
    struct grid grid;                /* the study's */
    size_t slot_count;
    size_t *slots;
    struct dictionary *categories, *sources; /* the study's, borrowed */
    const struct holders *holders;           /* the same */
};

/* ERROR_USAGE for a key that there is not. NULL means by jurisdiction. */
bool query_parse_keys(struct query *query, const char *by, struct error *error);
/* Whether it is by jurisdiction alone. */
bool query_is_plain(const struct query *query);
/* Reads the study's incidents and counts; packages are for query_squares. A query by jurisdiction
 * alone has a row for each one that may be selected, with or without incidents; by jurisdiction and
 * band it has two. */
bool query_run(struct query *query, struct study *study, struct error *error);
void query_free(struct query *query);

enum { QUERY_UNKNOWN = 0xFF };
/* What lies nearer to another jurisdiction than the band is wide is in it, as in border and check.
 */
enum query_band { QUERY_IN_BAND, QUERY_OUT_OF_BAND };
/* The value of one key in a row: an owner, a district, enum query_band, a holder, a domain, a
 * number in a dictionary, a year, month 1-12, weekday 0-6 or hour 0-23; -1 when it is not known, or
 * in no district. */
int64_t query_value(const struct query_row *row, enum query_key key);
const char *query_key_name(enum query_key key);
/* The district of squares, which is not known: not that there is none. */
enum { QUERY_DISTRICT_UNTOLD = (1 << 24) - 2, QUERY_FIRST_YEAR = 1900 };
/* The square that a value of KEY_SQUARE stands for, and the other way round. */
struct square query_square(int64_t value);
int64_t query_of_square(const struct square *square);

/* For query_squares: sets a key's value, -1 for what is not known, in zeroed values; adds to the
 * row of these values. */
void query_put(struct query_values *values, enum query_key key, int64_t value);
bool query_add(struct query *query, const struct query_values *values,
               const struct query_amount *amount, struct error *error);
/* Puts rows in the order in which they are shown. */
bool query_sort(struct query *query, struct error *error);
void query_add_amount(struct query_amount *to, const struct query_amount *from);

#endif
