/* Cuts text into slices of whole rows. */
#ifndef PLEIN_FORMATS_CSVCUT_H
#define PLEIN_FORMATS_CSVCUT_H

#include "engine/formats/csvsurvey.h"

/* Whole rows; blank lines are none. */
struct csv_slice {
    const char *begin, *end;
    size_t first_line; /* 1 is the file's first */
    size_t first_row;  /* 1 is the first data row */
    size_t line_count, row_count;
    size_t quoted_lines, quoted_blanks; /* line ends within quotes; those of lines that are empty */
    bool has_quotes;
};

/* A zeroed struct is empty. */
struct csv_slices {
    struct csv_slice *items;
    size_t count, capacity;
};

/* A part of the text that was looked over when it was read, while it was in the cache. */
struct csv_stretch {
    char *at;
    size_t length;
    size_t head; /* bytes up to its first line end, which is taken for a row's; 0: there is none */
    struct csv_survey survey; /* of what stands behind its head */
    bool has_nul;             /* anywhere in it */
};
void csv_stretch_look(struct csv_stretch *stretch, const struct csv_surveyor *by);

/* What is cut. */
struct csv_cutting {
    struct csv_text text; /* a row begins with it */
    struct csv_surveyor surveyor;
    size_t slice_bytes; /* about */
    const struct csv_stretch *stretches;
    size_t stretch_count; /* they follow one another up to the text's end, if there are any */
    int thread_count;
};

/* Fills slices, with at most INCIDENTS_BATCH rows each (a row has two bytes at least), but for
 * first_line and first_row. What stands behind the last row that ends in the text is left out, so
 * there may be none. */
bool csv_cut(struct csv_slices *slices, const struct csv_cutting *cutting, struct error *error);
void csv_slices_free(struct csv_slices *slices);

#endif
