/* A list of measures: what was done about a place, since when, and until when. */
#ifndef PLEIN_FORMATS_MEASURES_H
#define PLEIN_FORMATS_MEASURES_H

#include "engine/core/base.h"

struct measure {
    char *name;                            /* never "" */
    char *partner, *domain, *jurisdiction; /* as the file has them, trimmed; "" when it does not */
    int64_t first_day, last_day;           /* since 1970, both included; INT64_MAX: it goes on */
    double x, y;                           /* as the file has them; NAN: no place is said */
    double radius_m;                       /* 0: none is said */
    size_t line;                           /* of the file */
};
/* Zeroed is empty. */
struct measures {
    struct measure *items; /* in the order of the file */
    size_t count;
};

/* CSV `date;until;name;partner;domain;jurisdiction;x;y;radius_m` (any of the delimiters, with or
 * without a BOM, decimal commas; the columns in any order, by these names or by datum, tot, naam,
 * partner, domein, gemeente, x, y, straal_m; all but date and name may be left out, and their cells
 * be empty). A date may be a year or a month: it then begins with its first day and lasts through
 * its last. ERROR_DATA with file and line: a missing column, no name, no date, an end before the
 * beginning, a number that is none, x without y, a radius without a place. */
bool measures_read(struct measures *measures, const char *path, struct error *error);
void measures_free(struct measures *measures);

#endif
