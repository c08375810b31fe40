/* A second, finer layer of areas that nests in the first: neighbourhoods within municipalities. */
#ifndef PLEIN_STUDY_DISTRICTS_H
#define PLEIN_STUDY_DISTRICTS_H

#include "engine/space/polygons_overlay.h"
#include "engine/study/boundaries.h"

/* Reads options->districts into the reference system and onto the grid of `base`. */
bool districts_read(struct boundaries *districts, const struct boundaries *base,
                    const struct options *options, struct notes *notes, struct error *error);

/* Fills *ground with the districts (first) that lie in more than one jurisdiction (second), whether
 * or not incidents show it. What reaches over a line by less than gap_m everywhere is how two files
 * draw one line, and crosses nothing. */
bool districts_crossing(struct overlay *ground, const struct boundaries *districts,
                        const struct boundaries *base, double gap_m, struct error *error);

/* Where incidents lie in both layers at once: how many of each jurisdiction in each district. */
struct nesting {
    size_t *counts; /* [district][jurisdiction]; the row behind the last district: in none */
    size_t jurisdictions, districts;
};
bool nesting_new(struct nesting *nesting, size_t jurisdictions, size_t districts,
                 struct error *error);
void nesting_free(struct nesting *nesting);
/* `district` is an index or OUTSIDE. */
void nesting_add(struct nesting *nesting, int32_t jurisdiction, int32_t district, size_t incidents);

/* A district whose incidents lie in more than one jurisdiction. */
struct straddling {
    size_t district, most; /* the jurisdiction with most of them, of equals the first */
    size_t incidents, elsewhere;
};
/* The n-th district that straddles a border, by their order; false when there are not so many. */
bool nesting_straddling(struct straddling *found, const struct nesting *nesting, size_t n);
/* All scales must come to one number: the cells one by one, the districts, the jurisdictions. */
struct scales {
    size_t cells, districts, jurisdictions; /* each a sum of its own */
    size_t in_none;                         /* of them, in no district */
};
struct scales nesting_sums(const struct nesting *nesting);

#endif
