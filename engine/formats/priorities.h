/* A list of priorities: what a council says that it will act on, and since when. */
#ifndef PLEIN_FORMATS_PRIORITIES_H
#define PLEIN_FORMATS_PRIORITIES_H

#include "engine/core/base.h"

struct priority {
    char *jurisdiction, *category; /* as the file has them, trimmed; never "" */
    char *priority, *source;       /* how it is put, and in which document; the latter may be "" */
    int64_t first_day, last_day;   /* since 1970, both included; INT64_MIN, INT64_MAX: open */
    size_t line;                   /* of the file */
};
/* Zeroed is empty. */
struct priorities {
    struct priority *items; /* in the order of the file */
    size_t count;
};

/* CSV `jurisdiction;category;priority;source;from;to` (any of the delimiters, with or without a
 * BOM; the columns in any order, by these names or by gemeente, categorie, prioriteit, bron, van
 * and t/m; source, from and to may be left out, and their cells be empty). A date may be a year or
 * a month: `to` is then its last day. ERROR_SETTINGS with file and line: a missing column, a row
 * that names no jurisdiction, category or priority, no date, a period that ends before it begins.
 */
bool priorities_read(struct priorities *priorities, const char *path, struct error *error);
void priorities_free(struct priorities *priorities);

#endif
