/* Tells on a terminal how far the reading is, in one line that is gone when it is done. */
#ifndef PLEIN_CLI_PROGRESS_H
#define PLEIN_CLI_PROGRESS_H

#include "engine/study/options.h"

#include <stdio.h>

/* Zeroed but for the stream. */
struct progress_line {
    FILE *stream;
    double begun_s, file_begun_s, told_s; /* told: when the line was last written */
    bool begun, file_begun, shown;
};

/* Whether the stream is a terminal that can take a line back. */
bool progress_is_wanted(FILE *stream);
/* A progress_tell, whose state is a progress_line: nothing in the first second, then a new line
 * five times a second. */
void progress_line_tell(void *state, const struct progress *progress);

#endif
