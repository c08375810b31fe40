/* Gathers the columns of the selected incidents that an analysis needs, and nothing else. */
#ifndef PLEIN_STUDY_GATHER_H
#define PLEIN_STUDY_GATHER_H

#include "engine/study/study.h"

/* Incidents with an owner; zeroed is empty. Arrays that were not asked for are NULL. */
struct gathered {
    size_t count;
    int32_t *grid_x, *grid_y, *owner;
    uint8_t *domain;
    uint32_t *category, *source, *weight; /* weight is NULL when every row counts once */
    uint32_t *holder[HOLDER_ROLES];       /* NULL when no file tells */
    moment *when;
    size_t capacity;
    size_t incidents; /* weights counted */
    size_t outside, no_place;
    moment first, last; /* MOMENT_UNKNOWN when no time was asked or known */
    unsigned columns;
    bool weighted;
    struct study *study;
    /* Is called with each batch too, before it is gathered; for --members. NULL: nobody. */
    bool (*also)(void *state, const struct incidents *batch, struct error *error);
    void *state;
};

/* Reads the study's incidents into *gathered, whose columns, also and state the caller has set. */
bool gather_run(struct gathered *gathered, struct study *study, struct error *error);
void gather_free(struct gathered *gathered);

/* Whether a category's number stands for organised crime. */
bool gather_is_sensitive(const struct study *study, uint32_t category);

/* ERROR_USAGE when organised crime would be shown on its own and --sensitive is not given
 * (DESIGN.md 6). */
bool gather_allowed(const struct options *options, struct error *error);

#endif
