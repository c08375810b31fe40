/* The single incidents that a map may show. */
#ifndef PLEIN_REPORT_DOTS_H
#define PLEIN_REPORT_DOTS_H

#include "engine/study/gather.h"

/* ERROR_USAGE when --points is given without --min-count 1 on the command line, or with
 * --no-clusters, which keeps no incidents. */
bool dots_allowed(const struct options *options, struct error *error);

/* Where incidents lie, metres: rising by y, then x, so that no order of rows shows. Zeroed is
 * empty. */
struct dots {
    double *x, *y;
    size_t count;
    size_t left_out; /* incidents of organised crime, which are never shown on their own */
};
bool dots_take(struct dots *dots, const struct gathered *gathered, struct error *error);
void dots_free(struct dots *dots);

#endif
