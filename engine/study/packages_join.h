/* Joins packages to a study: whose they are, what of them is selected, and what is said of them. */
#ifndef PLEIN_STUDY_PACKAGES_JOIN_H
#define PLEIN_STUDY_PACKAGES_JOIN_H

#include "engine/study/study.h"

/* What a package says of itself. */
struct package_facts {
    const char *sender_code, *sender_name; /* NULL: not told */
};
/* Gives a package its table, which is taken over, also on failure. ERROR_DATA: its reference system
 * is not the study's, or its sender is no jurisdiction of the study. */
bool package_take(struct source_package *package, struct study *study, struct handover *handover,
                  const struct package_facts *facts, struct error *error);

/* Notes for people: what takes part, what is left out and why; or that squares do not count here at
 * all, since they are no incidents. */
void packages_remark(struct study *study);
/* The same for a density, which lacks what is withheld. */
void packages_remark_density(struct study *study);
void packages_pass_over(struct study *study);

#endif
