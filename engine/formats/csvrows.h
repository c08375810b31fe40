/* Turns the rows of a slice into incidents. */
#ifndef PLEIN_FORMATS_CSVROWS_H
#define PLEIN_FORMATS_CSVROWS_H

#include "engine/core/incidents.h"
#include "engine/formats/csvlayout.h"
#include "engine/formats/csvwindow.h"

/* What a slice is read by. */
struct csv_reading {
    const char *path; /* for messages */
    const struct csv_layout *layout;
    const struct csv_window *window;
    struct csv_dialect dialect;
    unsigned wanted;         /* COLUMN_... bits */
    const struct zone *zone; /* NULL: a stamp with Z or an offset is an error */
};

/* Fills an empty batch from one of its window's slices. Several threads may do so at one time. */
bool csv_rows_parse(struct incidents *batch, const struct csv_reading *reading, size_t slice,
                    struct error *error);

#endif
