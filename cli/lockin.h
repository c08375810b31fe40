/* Locks a command in before it reads files that nobody vouches for: --sandbox. */
#ifndef PLEIN_CLI_LOCKIN_H
#define PLEIN_CLI_LOCKIN_H

#include "cli/command.h"
#include "engine/core/sandbox.h"

/* `on`: always; `auto`: what others made to be verified, where the kernel can. ERROR_USAGE: `on`
 * where it cannot. */
bool lockin_wanted(bool *wanted, const struct command *command, const struct options *options,
                   struct error *error);
/* Runs the work as sandbox_run does: it may read what a command needs, a package alone only the
 * folders of what is named and the system's, and write beside what it is asked to write. */
bool lockin_run(int *status, const struct options *options, sandbox_work *work, void *state,
                struct error *error);

#endif
