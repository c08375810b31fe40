/* Temporary files and folders: how they are named and locked, and how those of killed runs end. */
#ifndef PLEIN_CORE_TEMPORARY_H
#define PLEIN_CORE_TEMPORARY_H

#include "engine/core/base.h"

/* A temporary is called .plein-PID-XXXXXX, stands in the folder of what it will become, since
 * rename does not cross file systems, and is locked while somebody writes it. One that ends in .set
 * is a folder whose files are whole and on the disk, and are being moved out into the folder that
 * it stands in. */
#define TEMPORARY_SET ".set"
/* Holds, in such a folder, the files that are replaced, so that a failure can be undone. */
#define TEMPORARY_OLD ".plein-old"
/* Stands before the name of a file that the set removes from its place. */
#define TEMPORARY_GONE ".plein-gone-"

/* The path of a temporary beside `path`, for mkstemp and mkdtemp. The caller frees it. */
char *temporary_beside(const char *path, struct error *error);
/* Keeps others from cleaning it while the descriptor is open. */
void temporary_lock(int descriptor);
/* Ends what killed runs left in the folder of `path`: sets are moved into place, all else of ours
 * whose process is gone and whose lock is free is removed. What cannot be ended is left. */
void temporary_clean(const char *path);
/* Removes a folder with all that is in it; takes no memory, which may be what is out. */
void temporary_remove(const char *folder);

/* Another name in the folder of `path`. The caller frees it. */
char *path_beside(const char *path, const char *name, struct error *error);
/* Where writing to a path ends: links are followed, to a file that is not there yet too. The caller
 * frees it; NULL and an error when the links have no end, or memory is out. */
char *path_target(const char *path, struct error *error);
/* Has the disk keep the names in the folder of `path`; false and errno when it does not. */
bool folder_sync(const char *path);

#endif
