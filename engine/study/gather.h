/* Gathers the columns of the selected incidents that an analysis needs, and nothing else; all of
 * them, or part by part. */
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

/* For what need not have all incidents at hand: they are handed on part by part, in the order of
 * the rows, and forgotten, so that memory does not grow with them. */
struct gather_parts {
    size_t rows; /* a part is handed on once it has so many; 0: as is usual */
    bool (*take)(void *state, const struct gathered *part, struct error *error);
    void *state;
};
/* Afterwards *gathered has no rows; its counts, first and last are those of all. A part's are those
 * of the rows so far, and its weight is NULL as long as every row so far counts once. */
bool gather_run_in_parts(struct gathered *gathered, struct study *study,
                         const struct gather_parts *parts, struct error *error);
void gather_free(struct gathered *gathered);

/* Whether a category's number stands for organised crime. */
bool gather_is_sensitive(const struct study *study, uint32_t category);
bool gather_is_sensitive_word(const char *category);

/* ERROR_USAGE when organised crime would be shown on its own and --sensitive is not given
 * (DESIGN.md 6). */
bool gather_allowed(const struct options *options, struct error *error);

#endif
