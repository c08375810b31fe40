/* What a file of delimited text holds: its header, the columns that serve, and how their dates are
 * written, found by looking at its first rows. */
#ifndef PLEIN_FORMATS_CSVLAYOUT_H
#define PLEIN_FORMATS_CSVLAYOUT_H

#include "engine/formats/csvdialect.h"
#include "engine/formats/csvroles.h"
#include "engine/formats/feed.h"

/* What was found out about a file by looking; for `check` and for errors. */
struct csv_layout {
    char delimiter; /* ',' ';' or '\t' */
    bool decimal_comma, has_bom, is_utf8;
    size_t column_count;
    char **names;               /* the header's, UTF-8 */
    int roles[CSV_ROLES];       /* index of the column that serves, -1: none */
    char *constants[CSV_ROLES]; /* the value of `category=:litter`, NULL: none */
    bool has_degrees;           /* places come from lon and lat */
    bool has_own_place;         /* places are the format's own, as a geometry's */
    bool has_rows;              /* of a format that is no text, whose rows have numbers */
    bool month_only;            /* the event's time is a column named month */
    bool month_first[CSV_ROLES], day_only[CSV_ROLES]; /* of the columns with a date */
};

/* What is looked at. */
struct csv_looking {
    struct csv_text text;         /* the start of the file */
    const char *path;             /* for messages */
    const char *columns;          /* --columns, or NULL */
    struct notes *notes;          /* NULL: not wanted */
    const struct feed_facts *fed; /* NULL: the file is text as it stands */
};

/* Fills the layout from the start of a file, and head->first and head->line with where its data
 * begin. Without a place, with a header of numbers or one that is longer than the text: ERROR_DATA.
 */
bool csv_layout_read(struct csv_layout *layout, struct csv_head *head,
                     const struct csv_looking *looking, struct error *error);
void csv_layout_free(struct csv_layout *layout);

#endif
