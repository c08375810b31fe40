/* Reads a zip that somebody else made, into memory alone, and refuses what would fill it. */
#ifndef PLEIN_FORMATS_ZIP_READ_H
#define PLEIN_FORMATS_ZIP_READ_H

#include "engine/formats/zip_write.h"

struct zip_limits {
    size_t members; /* at most so many */
    size_t bytes;   /* of all of them, once inflated */
    bool folders;   /* entries for folders may be there, and are passed over */
};

/* Members in the order of the zip; names and bytes are its own, with a NUL behind. Zeroed is empty.
 */
struct zip_contents {
    struct zip_member *members;
    size_t count;
};

/* ERROR_DATA, naming the member: no zip, one that is damaged or encrypted, more than the limits, a
 * name that is given twice, is no UTF-8, or leads out of a folder (absolute, with .. or a
 * backslash), anything but a plain file, a size or checksum that does not hold. Sizes are not
 * believed: no more is inflated than the limits allow. */
bool zip_read(struct zip_contents *contents, const char *path, const struct zip_limits *limits,
              struct error *error);
const struct zip_member *zip_find(const struct zip_contents *contents, const char *name);
void zip_contents_free(struct zip_contents *contents);

#endif
