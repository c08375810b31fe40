/* Several files that belong together: all of them are there, or none of the new ones. */
#ifndef PLEIN_CORE_STAGING_H
#define PLEIN_CORE_STAGING_H

#include "engine/core/base.h"

/* A folder beside the files, in which they are written first. Zeroed is empty. */
struct staging {
    char *folder; /* of the files, with its last slash; "" is the folder one is in */
    char *hidden; /* in it, with its last slash; NULL once it is gone */
};

/* Makes the folder beside `path`. ERROR_CANNOT_WRITE. */
bool staging_open(struct staging *staging, const char *path, struct error *error);
/* Where to write a file of that name for now. The caller frees it; NULL without memory. */
char *staging_path(const struct staging *staging, const char *name, struct error *error);
/* Moves every file that was written there to its place, in the order of their names; what was there
 * is replaced. Should one move fail, those before it have been made. */
bool staging_commit(struct staging *staging, struct error *error);
/* Throws away what was not committed, and frees the rest. */
void staging_close(struct staging *staging);

#endif
