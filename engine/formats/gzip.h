/* Unpacks gzip (RFC 1952), one member or several in a row, a piece at a time. */
#ifndef PLEIN_FORMATS_GZIP_H
#define PLEIN_FORMATS_GZIP_H

#include "engine/core/base.h"

struct gzip;

/* Reads from the descriptor, which stays the caller's; `path` is for messages and must stay. */
struct gzip *gzip_open(int descriptor, const char *path, struct error *error);
void gzip_close(struct gzip *gzip); /* NULL is fine */

/* Unpacks at most `size` bytes; *got is 0 at the end only. ERROR_DATA: damaged, cut short, or
 * something behind it. */
bool gzip_read(size_t *got, struct gzip *gzip, char *into, size_t size, struct error *error);

#endif
