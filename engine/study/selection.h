/* The selection: the part of a study that a question is about. */
#ifndef PLEIN_STUDY_SELECTION_H
#define PLEIN_STUDY_SELECTION_H

#include "engine/core/dictionary.h"
#include "engine/core/incidents.h"
#include "engine/core/jurisdictions.h"
#include "engine/study/options.h"

/* What a batch's rows are held against. Zeroed (with `all` true) it takes every row. */
struct selection {
    bool all;       /* nothing was asked: every row is in */
    bool *owner_in; /* per jurisdiction; NULL: any, and those outside too */
    size_t owner_count;
    uint8_t domains;                  /* bit per domain; 0: any */
    uint8_t domains_any;              /* bit per domain, secondary ones too; 0: any */
    struct words categories, sources; /* empty: any */
    bool has_period;
    int64_t first_day, last_day; /* days since 1970, both included */
    uint32_t hours;              /* bit per hour; 0: any */
    uint8_t weekdays;            /* bit per weekday, Monday 0; 0: any */
    bool has_box, has_circle;
    int32_t box[4]; /* grid: x_min, y_min, x_max, y_max, all included */
    int32_t centre[2];
    double radius_units;
};

/* A place that was given in degrees is turned into metres by the caller's transform (x, y in and
 * out). */
struct selection_place {
    struct grid grid;
    bool (*from_degrees)(void *state, double *x, double *y, struct error *error);
    void *state;
};

/* ERROR_USAGE for a jurisdiction or domain that is not there (the nearest name is said), a date, an
 * hour range ... */
bool selection_read(struct selection *selection, const struct options *options,
                    const struct jurisdictions *jurisdictions, const struct selection_place *place,
                    struct error *error);
void selection_free(struct selection *selection);

/* The columns it needs to look at. */
unsigned selection_columns(const struct selection *selection);

/* Writes 1 into keep[i] for each row of the batch that is in. */
struct selection_words {
    struct dictionary *categories, *sources; /* the study's */
};
void selection_mark(uint8_t *keep, const struct selection *selection, const struct incidents *batch,
                    const struct selection_words *words);

/* Whether a place on the study's grid lies in the box and the circle that were asked for. */
bool selection_has_place(const struct selection *selection, int32_t x, int32_t y);

/* Whether a word is the jurisdiction's name or code, without case and however many blanks part the
 * words of the name. */
bool selection_is_called(const struct jurisdiction *jurisdiction, const char *word);
/* The error for a word that is no jurisdiction's, with the nearest name; false. */
bool selection_unknown_jurisdiction(const struct jurisdictions *jurisdictions, const char *word,
                                    struct error *error);

/* Four comma-separated numbers, for --within, --extent and --frame: xmin,ymin,xmax,ymax in order.
 */
bool selection_parse_box(struct box *box, const char *option, const char *text,
                         struct error *error);

#endif
