/* The phases of the opgave: names with their first and last day. */
#ifndef PLEIN_STUDY_PHASES_H
#define PLEIN_STUDY_PHASES_H

#include "engine/core/base.h"

enum { PHASE_NAME = 128 };
struct phase {
    char name[PHASE_NAME];       /* a longer one is cut */
    int64_t first_day, last_day; /* since 1970, both included */
};

/* Reads "NAME FROM TO"; the name may hold blanks, and a day be a month or a year. ERROR_SETTINGS:
 * something is missing, no date, an end before the beginning. */
bool phase_parse(struct phase *phase, const char *text, struct error *error);

#endif
