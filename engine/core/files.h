/* Files read whole or in pieces, and files written so that they are there whole or not at all. */
#ifndef PLEIN_CORE_FILES_H
#define PLEIN_CORE_FILES_H

#include "engine/core/base.h"

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

/* A file being written. Between open and commit the old file stays as it was. */
struct output {
    FILE *stream;
    char *path,
        *temporary; /* temporary is NULL when written straight: standard output, a pipe, a device */
};
/* NULL or "-" is standard output. A regular file is written beside itself under a temporary name (a
 * symlink's target is what is replaced); a folder is an error. */
bool output_open(struct output *output, const char *path, struct error *error);
/* Flushes, syncs and renames; false with ERROR_CANNOT_WRITE, and the old file in place, when any of
 * it fails. */
bool output_commit(struct output *output, struct error *error);
/* Throws away what was written; does nothing after a commit or on a zeroed struct. */
void output_abandon(struct output *output);

/* Folder of shipped data: the first that exists of: beside the running program's tree, the prefix,
 * $PLEIN_DATADIR. `name` is like "styles/meeting.ini". The caller frees it; NULL and ERROR_SETTINGS
 * when it is nowhere. */
char *file_shipped(const char *name, struct error *error);

#endif
