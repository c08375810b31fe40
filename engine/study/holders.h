/* Who has an incident, as its file tells: a jurisdiction of the boundaries, or somebody else. */
#ifndef PLEIN_STUDY_HOLDERS_H
#define PLEIN_STUDY_HOLDERS_H

#include "engine/core/dictionary.h"
#include "engine/core/incidents.h"
#include "engine/core/jurisdictions.h"

/* Holders are numbered: first the jurisdictions by their index, then other texts as they come.
 * Zeroed is empty. */
struct holders {
    const struct jurisdictions *jurisdictions; /* all in the boundaries, borrowed */
    struct dictionary *others;
    bool is_told[HOLDER_ROLES]; /* by a column or --columns, of one file at least */
};
#define HOLDER_UNKNOWN UINT32_MAX /* the field is empty, or the file has no such column */

bool holders_open(struct holders *holders, const struct jurisdictions *jurisdictions,
                  struct error *error);
void holders_close(struct holders *holders);

/* The number of what stands in a field: a jurisdiction by its code or, when no code is that, by a
 * name that no other has, without regard to case; else the text itself, which is kept as it stands.
 * Threads may call at one time. */
bool holders_number(uint32_t *number, const struct holders *holders, const char *text,
                    struct error *error);
/* How many numbers are given out. */
size_t holders_count(const struct holders *holders);
/* NULL for one that is no jurisdiction, and for HOLDER_UNKNOWN. */
const struct jurisdiction *holders_jurisdiction(const struct holders *holders, uint32_t number);
/* The jurisdiction's name, the text, or "(unknown)". */
const char *holders_name(const struct holders *holders, uint32_t number);
/* Jurisdictions in the study's order, then texts by their bytes, the unknown last. */
int holders_compare(const struct holders *holders, uint32_t a, uint32_t b);

/* As --columns, queries and reports write it: "reported_to". */
const char *holder_role_name(enum holder_role role);

#endif
