/* Turns what is no plain text into delimited text on its way in, a piece at a time: then one room
 * reads all incidents, and roles of columns, dates and numbers are the same whatever the format. */
#ifndef PLEIN_FORMATS_FEED_H
#define PLEIN_FORMATS_FEED_H

#include "engine/core/base.h"

struct feed;

/* What a format tells beside its rows. */
struct feed_facts {
    bool has_place, in_degrees; /* the last two columns are the places: lon and lat, or x and y */
    const char *crs;            /* "EPSG:28992", WKT; NULL: none is told */
    int names_cut;              /* names of so many bytes may have been cut off; 0: none is */
    bool has_rows;              /* people know them by feed_row, and not by lines of the text */
};

/* Looks at the file, FILE or FILE:layer, by its content. *feed stays NULL for plain text, which is
 * read as it is. Recognised: gzip and zip around any of them, GeoJSON, GeoPackages. ERROR_NO_INPUT,
 * ERROR_DATA. */
bool feed_open(struct feed **feed, const char *given, struct notes *notes, struct error *error);
const struct feed_facts *feed_facts(const struct feed *feed);
/* The number by which people know a row, counted from 1, that has been read; for any thread. */
size_t feed_row(struct feed *feed, size_t row);
/* Where the text is read from, to its end; the feed's own. */
int feed_descriptor(const struct feed *feed);
/* After the end was read: false with what went wrong on the way, as a file that was cut short. */
bool feed_finish(struct feed *feed, struct error *error);
void feed_close(struct feed *feed); /* NULL is fine */

#endif
