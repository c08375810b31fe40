/* Files written so that they are there whole or not at all. */
#ifndef PLEIN_CORE_OUTPUT_H
#define PLEIN_CORE_OUTPUT_H

#include "engine/core/base.h"

#include <stdio.h>

/* A file being written. Between open and commit the old file stays as it was. */
struct output {
    FILE *stream;
    char *path, *temporary; /* temporary is NULL when written straight */
};
/* NULL or "-" is standard output, which /dev/stdout is too; /dev/fd/N is written on from where it
 * stands; a pipe or a device is written straight; a folder is an error. Anything else is written
 * beside itself as .plein-PID-XXXXXX, which gets the permissions of the old file; a symlink's
 * target is what is replaced, or made. What killed runs left in that folder is cleaned. */
bool output_open(struct output *output, const char *path, struct error *error);
/* Whether output_open would write beside this path: a file, or none yet. */
bool output_is_replaced(const char *path);
/* Flushes, syncs, renames, and syncs the folder; false with ERROR_CANNOT_WRITE, and the old file in
 * place, when any of it fails. (When only the last does, the new one is in place.) */
bool output_commit(struct output *output, struct error *error);
/* Throws away what was written; does nothing after a commit or on a zeroed struct. */
void output_abandon(struct output *output);
#endif
