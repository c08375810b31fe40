/* Files that belong together, put into their place as one. */
#ifndef PLEIN_CORE_STAGE_H
#define PLEIN_CORE_STAGE_H

#include "engine/core/base.h"

/* A picture and where it lies, a table and its shapes, a package and its signature. They are
 * written, whole and synced, into a temporary folder in which they have their own names, and moved
 * out of it when all are there; the one that people open comes last. A failure leaves, or puts
 * back, all that was there before; what a run that is killed between the moves did not come to, or
 * that can be neither moved nor put back, the next does that writes into the same folder. */
struct stage {
    char *path;           /* where to write the file that people open, and the others beside it */
    char *final, *folder; /* folder is NULL for a pipe or a device: path is final, used straight */
    int lock;
    struct stage *other; /* of a file of the set that lies in another folder, or NULL */
};
bool stage_open(struct stage *stage, const char *path, struct error *error);
/* Where to write another file that belongs to the set; the stage owns it. NULL and an error when
 * that cannot be. One at most may lie in another folder: it is whole and synced before the first is
 * moved, and is moved first, but a run that is killed between the two moves leaves the rest old. */
const char *stage_also(struct stage *stage, const char *path, struct error *error);
/* Has the set remove a file of this name, if there is one beside the one that people open: what
 * does not fit what is written now. */
bool stage_drop(struct stage *stage, const char *name, bool *is_there, struct error *error);
/* Moves the files into their places when they are `done`, else throws them away; errors name the
 * place that a file was meant for. Fine after a stage_open that failed. */
bool stage_close(struct stage *stage, bool done, struct error *error);

#endif
