/* Writes a zip whose bytes depend on nothing but what is put into it. */
#ifndef PLEIN_FORMATS_ZIP_WRITE_H
#define PLEIN_FORMATS_ZIP_WRITE_H

#include "engine/core/base.h"

struct zip_member {
    const char *name; /* UTF-8, with / between folders */
    const char *bytes;
    size_t size;
};

/* Writes the members in their order, dated 1 January 1980 in every time zone, whole or not at all.
 * ERROR_CANNOT_WRITE. */
bool zip_write(const char *path, const struct zip_member *members, size_t count,
               struct error *error);

#endif
