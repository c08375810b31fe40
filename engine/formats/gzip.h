/* Unpacks gzip (RFC 1952), one member or several in a row. */
#ifndef PLEIN_FORMATS_GZIP_H
#define PLEIN_FORMATS_GZIP_H

#include "engine/core/base.h"

/* Takes what was unpacked; false ends it, with or without an error. */
typedef bool gzip_take(void *state, const char *bytes, size_t size, struct error *error);

/* Reads the descriptor to its end. ERROR_DATA: damaged, cut short, or something behind it. */
bool gzip_unpack(int descriptor, const char *path, gzip_take *take, void *state,
                 struct error *error);

#endif
