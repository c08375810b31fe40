/* Looks into a zip that somebody else made and reads its members a piece at a time. */
#ifndef PLEIN_FORMATS_ZIP_ARCHIVE_H
#define PLEIN_FORMATS_ZIP_ARCHIVE_H

#include "engine/core/files.h"

struct zip_archive;

/* From the file `path`, or, when `bytes` has any, from those (which must stay); then `path` is for
 * messages. ERROR_DATA: no whole zip, over 100,000 members, a name that is no UTF-8. */
struct zip_archive *zip_archive_open(const char *path, const struct file_bytes *bytes,
                                     struct error *error);
void zip_archive_close(struct zip_archive *archive); /* NULL is fine */

/* Members are told by their places in the zip, from 0; folders are members too. */
size_t zip_archive_count(const struct zip_archive *archive);
const char *zip_archive_name(const struct zip_archive *archive, size_t member);
/* The member of this name without regard to case; SIZE_MAX: none. */
size_t zip_archive_find(const struct zip_archive *archive, const char *name);

/* Goes to the start of a member; one is open at a time. ERROR_DATA: encrypted, or a size that a
 * file of its packed size has not, as a bomb's. */
bool zip_archive_enter(struct zip_archive *archive, size_t member, struct error *error);
/* At most `size` bytes of it; *got is 0 at the end only. ERROR_DATA: damaged, or longer than the
 * zip says. */
bool zip_archive_read(size_t *got, struct zip_archive *archive, char *into, size_t size,
                      struct error *error);
/* A whole member of at most `most` bytes, with a NUL behind it. */
bool zip_archive_load(struct file_bytes *into, struct zip_archive *archive, size_t member,
                      size_t most, struct error *error);

#endif
