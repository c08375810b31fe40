/* Turns what is no plain text into delimited text on its way in, a piece at a time: then one room
 * reads all incidents, and roles of columns, dates and numbers are the same whatever the format. */
#ifndef PLEIN_FORMATS_FEED_H
#define PLEIN_FORMATS_FEED_H

#include "engine/core/base.h"

struct feed;

/* Looks at the file's first bytes. *feed stays NULL for plain text, which is read as it is.
 * Recognised: gzip around delimited text; a zip with one such file, at most 1 GB; a GeoJSON
 * FeatureCollection of points, whose properties become columns, with lon and lat. ERROR_NO_INPUT,
 * ERROR_DATA. */
bool feed_open(struct feed **feed, const char *path, struct error *error);
/* Where the text is read from, to its end; the feed's own. */
int feed_descriptor(const struct feed *feed);
/* After the end was read: false with what went wrong on the way, as a file that was cut short. */
bool feed_finish(struct feed *feed, struct error *error);
void feed_close(struct feed *feed); /* NULL is fine */

#endif
