/* Files read whole or in pieces, and found beside others. */
#ifndef PLEIN_CORE_FILES_H
#define PLEIN_CORE_FILES_H

#include "engine/core/base.h"
#include "engine/core/output.h" /* whoever writes a file takes it from here */

#include <stdio.h>

/* A whole file in memory. A zeroed struct is empty. */
struct file_bytes {
    char *bytes; /* a NUL stands behind the last byte */
    size_t size;
};
/* Reads a regular file, or a pipe, of at most `most` bytes (0: 2^31). ERROR_NO_INPUT when it is not
 * there or may not be read; ERROR_DATA when it is a folder or too large. */
bool file_read(struct file_bytes *file, const char *path, size_t most, struct error *error);
/* The same for a file that nobody would name a pipe for: a pipe, which might keep one waiting for
 * ever, or a device is ERROR_DATA. */
bool file_read_regular(struct file_bytes *file, const char *path, size_t most, struct error *error);
/* Opens such a file to be read; -1 when it cannot be. */
int file_open_regular(const char *path, struct error *error);
void file_free(struct file_bytes *file);
bool file_exists(const char *path);
/* "folder/of/base.shp" and ".dbf" give "folder/of/base.dbf", or ".DBF" when that one exists, or
 * NULL when neither does. The caller frees it. */
char *file_sibling(const char *path, const char *extension, struct error *error);
/* Joins the folder of `beside` and a relative path; an absolute path and a NULL `beside` give a
 * copy. */
char *file_beside(const char *beside, const char *path, struct error *error);

/* Makes a folder unless it is there; its parent must be. ERROR_CANNOT_WRITE. */
bool file_make_folder(const char *path, struct error *error);

/* Folder of shipped data: the first that exists of: beside the running program's tree, the prefix,
 * $PLEIN_DATADIR. `name` is like "styles/meeting.ini". The caller frees it; NULL and ERROR_SETTINGS
 * when it is nowhere. */
char *file_shipped(const char *name, struct error *error);

#endif
