/* A second, finer layer of areas that nests in the first: neighbourhoods within municipalities. */
#include "engine/study/districts.h"

#include "engine/space/polygons.h"

#include <math.h>

bool districts_read(struct boundaries *districts, const struct boundaries *base,
                    const struct options *options, struct notes *notes, struct error *error)
{
    struct options how = *options; /* borrowed */
    how.boundaries = options->districts;
    how.boundaries_crs = options->districts_crs;
    how.boundaries_name = how.boundaries_code = NULL;
    how.crs = base->crs;
    if (!boundaries_read_exact(districts, &how, notes, error))
        return false;
    if (districts->jurisdictions.count == 0) {
        error_set(error, ERROR_DATA, "%s: no polygon in it has an area", how.boundaries);
        boundaries_free(districts);
        return false;
    }
    districts->grid = base->grid;
    for (size_t i = 0; i < districts->jurisdictions.count; i++)
        grid_snap(&districts->grid, &districts->jurisdictions.items[i].shape);
    return true;
}

static bool list_shapes(struct overlay_layer *layer, const struct jurisdictions *areas,
                        struct error *error)
{
    const struct shape **shapes;
    if (!array_new(&shapes, areas->count, sizeof *shapes, error))
        return false;
    for (size_t i = 0; i < areas->count; i++)
        shapes[i] = &areas->items[i].shape;
    *layer = (struct overlay_layer){.shapes = shapes, .count = areas->count};
    return true;
}

static void keep_crossing(struct overlay *ground)
{
    size_t kept = 0;
    for (size_t i = 0; i < ground->count; i++) {
        size_t district = ground->pairs[i].first;
        if ((kept > 0 && ground->pairs[kept - 1].first == district)
            || (i + 1 < ground->count && ground->pairs[i + 1].first == district))
            ground->pairs[kept++] = ground->pairs[i];
    }
    ground->count = kept;
}

bool districts_crossing(struct overlay *ground, const struct boundaries *districts,
                        const struct boundaries *base, double gap_m, struct error *error)
{
    const double grid_m = 0.01; /* corners were rounded to millimetres: never less than some */
    struct overlay_layer layers[2] = {0};
    struct polygons *polygons = polygons_open(error);
    *ground = (struct overlay){.sliver_m = fmax(gap_m, grid_m)};
    bool done = polygons != NULL && list_shapes(&layers[0], &districts->jurisdictions, error)
                && list_shapes(&layers[1], &base->jurisdictions, error)
                && polygons_overlay(ground, polygons, layers, error);
    if (done)
        keep_crossing(ground);
    for (int layer = 0; layer < 2; layer++) {
        const struct shape **shapes = (const struct shape **)layers[layer].shapes;
        array_free(&shapes);
    }
    polygons_close(polygons);
    return done;
}

bool nesting_new(struct nesting *nesting, size_t jurisdictions, size_t districts,
                 struct error *error)
{
    *nesting = (struct nesting){.jurisdictions = jurisdictions, .districts = districts};
    return array_new(&nesting->counts, (districts + 1) * jurisdictions, sizeof *nesting->counts,
                     error);
}

void nesting_free(struct nesting *nesting)
{
    array_free(&nesting->counts);
    *nesting = (struct nesting){0};
}

void nesting_add(struct nesting *nesting, int32_t jurisdiction, int32_t district, size_t incidents)
{
    size_t row = district >= 0 ? (size_t)district : nesting->districts;
    nesting->counts[row * nesting->jurisdictions + (size_t)jurisdiction] += incidents;
}

static struct straddling look_at(const struct nesting *nesting, size_t district)
{
    struct straddling found = {.district = district};
    const size_t *counts = nesting->counts + district * nesting->jurisdictions;
    for (size_t j = 0; j < nesting->jurisdictions; j++) {
        found.incidents += counts[j];
        if (counts[j] > counts[found.most])
            found.most = j;
    }
    found.elsewhere = found.incidents - counts[found.most];
    return found;
}

bool nesting_straddling(struct straddling *found, const struct nesting *nesting, size_t n)
{
    for (size_t d = 0; d < nesting->districts; d++) {
        *found = look_at(nesting, d);
        if (found->elsewhere > 0 && n-- == 0)
            return true;
    }
    return false;
}

struct scales nesting_sums(const struct nesting *nesting)
{
    struct scales sums = {0};
    for (size_t i = 0; i < (nesting->districts + 1) * nesting->jurisdictions; i++)
        sums.cells += nesting->counts[i];
    for (size_t d = 0; d <= nesting->districts; d++)
        sums.districts += look_at(nesting, d).incidents;
    for (size_t j = 0; j < nesting->jurisdictions; j++)
        for (size_t d = 0; d <= nesting->districts; d++)
            sums.jurisdictions += nesting->counts[d * nesting->jurisdictions + j];
    sums.in_none = look_at(nesting, nesting->districts).incidents;
    return sums;
}
