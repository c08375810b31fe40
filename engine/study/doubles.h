/* Possible duplicates between the sources of a study: gathers what they are looked for by. */
#ifndef PLEIN_STUDY_DOUBLES_H
#define PLEIN_STUDY_DOUBLES_H

#include "engine/analysis/duplicates.h"
#include "engine/study/gather.h"

/* Zeroed is empty. */
struct doubles {
    struct duplicates found; /* whose sources are numbers in names */
    char const **names;      /* the study's, in the order of strcmp */
    size_t name_count;
    double reach_m;
    struct duplicates_incident *items;
    size_t count, capacity;
};

/* Each batch in turn; of one that only one source can have nothing is kept. An incident without a
 * category is like no other. */
bool doubles_take(struct doubles *doubles, const struct study *study, const struct incidents *batch,
                  struct error *error);
/* Or all that was gathered, with category, source and time. */
bool doubles_take_all(struct doubles *doubles, const struct gathered *gathered,
                      struct error *error);
/* How far apart two may lie: 25 m, or the location accuracy of both, when that is more. Does not
 * compare places without boundaries, as they are in no common system. */
bool doubles_find(struct doubles *doubles, const struct study *study, struct error *error);
void doubles_free(struct doubles *doubles);

#endif
