/* Where jurisdictions meet: the shared border as lines, and what is wrong along it. */
#include "engine/space/polygons_borders.h"

#include "engine/core/parallel.h"
#include "engine/space/polygons.h"
#include "engine/space/polygons_meeting.h"

#include <math.h>
#include <stdlib.h>

/* ---- how many pairs ---- */

static const size_t PAIRS_MOST = 100000, LOOKS_MOST = 100000000;

static int compare_boxes(const void *left, const void *right)
{
    const struct box *a = left, *b = right;
    return (a->x_min > b->x_min) - (a->x_min < b->x_min);
}

/* From west to east, until it is clear that they are many. */
static bool are_few(const struct box *boxes, size_t count, double tolerance_m)
{
    size_t pairs = 0, looks = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && boxes[j].x_min <= boxes[i].x_max + tolerance_m; j++) {
            pairs += boxes[j].y_min <= boxes[i].y_max + tolerance_m
                     && boxes[i].y_min <= boxes[j].y_max + tolerance_m;
            if (pairs > PAIRS_MOST || ++looks > LOOKS_MOST)
                return false;
        }
    return true;
}

bool polygons_borders_are_few(bool *few, const struct border_search *search, struct error *error)
{
    const struct jurisdictions *jurisdictions = search->jurisdictions;
    struct box *boxes;
    if (!array_new_raw(&boxes, jurisdictions->count, sizeof *boxes, error))
        return false;
    for (size_t i = 0; i < jurisdictions->count; i++)
        boxes[i] = shape_box(&jurisdictions->items[i].shape);
    qsort(boxes, jurisdictions->count, sizeof *boxes, compare_boxes);
    *few = are_few(boxes, jurisdictions->count, search->tolerance_m);
    array_free(&boxes);
    return true;
}

/* ---- every pair ---- */

typedef bool visit_pair(void *state, const struct pair *pair, struct meeting *meeting,
                        struct scratch *scratch);

struct visitor {
    visit_pair *visit;
    void *state;
};

/* Those after `first`, in rising order. */
static bool visit_neighbours(const struct visitor *visitor, struct scratch *scratch,
                             const struct land *land, size_t first)
{
    bool done = true;
    for (size_t i = first + 1; done && i < land->jurisdictions->count; i++) {
        if (!land_may_meet(land, first, i))
            continue;
        const struct pair pair = {land, land_territory(land, first, scratch->error),
                                  land_territory(land, i, scratch->error)};
        struct meeting meeting;
        done = pair.a != NULL && pair.b != NULL;
        if (done && pair_is_near(&pair))
            done = pair_meet(&meeting, scratch, &pair)
                   && visitor->visit(visitor->state, &pair, &meeting, scratch);
        scratch_clear(scratch);
    }
    return done;
}

/* ---- what is wrong ---- */

static bool one_more(struct border_qualities *found, struct error *error)
{
    struct capacity capacity = {found->count, sizeof *found->items};
    return array_reserve(&found->items, &capacity, found->count + 1, error);
}

static void measure(struct border_quality *quality, const struct shape *lines)
{
    size_t segments = 0;
    for (size_t r = 0; r < lines->ring_count; r++)
        for (size_t i = lines->ring_starts[r]; i + 1 < lines->ring_starts[r + 1]; i++) {
            double dx = lines->x[i + 1] - lines->x[i], dy = lines->y[i + 1] - lines->y[i];
            double length_m = sqrt(dx * dx + dy * dy);
            quality->shared_m += length_m;
            quality->longest_straight_m = fmax(quality->longest_straight_m, length_m);
            segments++;
        }
    double corners = (double)(segments + lines->ring_count);
    quality->vertices_per_km = quality->shared_m > 0 ? corners / quality->shared_m * 1000 : NAN;
}

static bool find_wrong(void *state, const struct pair *pair, struct meeting *meeting,
                       struct scratch *scratch)
{
    struct border_qualities *found = state;
    struct shape lines = {0};
    const GEOSGeometry *overlap = scratch_common(scratch, pair->a->area, pair->b->area, 2);
    double overlap_m2 = scratch_area(scratch, overlap);
    double overlap_width_m = overlap_m2 > 0 ? scratch_width(scratch, overlap) : 0;
    if (scratch->failed || !one_more(found, scratch->error)
        || !polygons_to_lines(&lines, scratch->polygons, meeting->line, scratch->error))
        return false;
    struct border_quality *quality = &found->items[found->count++];
    *quality = (struct border_quality){.a = pair->a->number,
                                       .b = pair->b->number,
                                       .overlap_m2 = overlap_m2,
                                       .gap_m2 = meeting->gap_m2,
                                       .overlap_width_m = overlap_width_m,
                                       .gap_width_m = meeting->gap_width_m,
                                       .along = shape_box(&lines)};
    measure(quality, &lines);
    shape_free(&lines);
    return true;
}

/* A thread's own jurisdictions, and what each jurisdiction was found to share with later ones. */
struct survey {
    const struct border_search *search;
    struct land *lands;              /* one a worker; opened at its first piece of work */
    struct border_qualities *shared; /* one a jurisdiction */
};

static bool look_from(void *state, size_t number, int worker, struct error *error)
{
    const struct survey *survey = state;
    struct land *land = &survey->lands[worker];
    if (land->polygons == NULL) {
        *land = (struct land){.polygons = polygons_open(error),
                              .jurisdictions = survey->search->jurisdictions,
                              .tolerance_m = survey->search->tolerance_m};
        if (land->polygons == NULL || !land_open(land, error))
            return false;
    }
    struct scratch scratch = {.polygons = land->polygons, .error = error};
    bool done = visit_neighbours(&(struct visitor){find_wrong, &survey->shared[number]}, &scratch,
                                 land, number);
    scratch_clear(&scratch);
    gathered_free(&scratch.made, land->polygons);
    return done;
}

static bool put_in_order(struct border_qualities *found, const struct survey *survey,
                         struct error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < survey->search->jurisdictions->count; i++)
        count += survey->shared[i].count;
    if (!array_new(&found->items, count, sizeof *found->items, error))
        return false;
    for (size_t i = 0; i < survey->search->jurisdictions->count; i++)
        for (size_t n = 0; n < survey->shared[i].count; n++)
            found->items[found->count++] = survey->shared[i].items[n];
    return true;
}

bool polygons_borders(struct border_qualities *found, const struct border_search *search,
                      struct error *error)
{
    size_t count = search->jurisdictions->count;
    struct survey survey = {.search = search};
    const struct parallel_job job = {look_from, &survey, count, search->thread_count};
    int workers = parallel_threads(search->thread_count);
    *found = (struct border_qualities){0};
    bool done = array_new(&survey.lands, (size_t)workers, sizeof *survey.lands, error)
                && array_new(&survey.shared, count, sizeof *survey.shared, error)
                && parallel_for(&job, error) && put_in_order(found, &survey, error);
    for (int w = 0; survey.lands != NULL && w < workers; w++) {
        land_free(&survey.lands[w]);
        polygons_close(survey.lands[w].polygons);
    }
    for (size_t i = 0; survey.shared != NULL && i < count; i++)
        array_free(&survey.shared[i].items);
    array_free(&survey.lands);
    array_free(&survey.shared);
    return done;
}

/* ---- the line to draw ---- */

static bool gather_line(void *state, const struct pair *pair, struct meeting *meeting,
                        struct scratch *scratch)
{
    (void)pair;
    return gather(state, scratch->polygons,
                  GEOSGeom_clone_r(scratch->polygons->geos, meeting->line), scratch->error);
}

static bool gather_lines(struct gathered *gathered, struct polygons *polygons,
                         const struct border_search *search, struct error *error)
{
    struct land land = {.polygons = polygons,
                        .jurisdictions = search->jurisdictions,
                        .tolerance_m = search->tolerance_m};
    struct scratch scratch = {.polygons = polygons, .error = error};
    const struct visitor visitor = {gather_line, gathered};
    bool done = land_open(&land, error);
    for (size_t i = 0; done && i < search->jurisdictions->count; i++)
        done = visit_neighbours(&visitor, &scratch, &land, i);
    scratch_clear(&scratch);
    gathered_free(&scratch.made, polygons);
    land_free(&land);
    return done;
}

bool polygons_shared_border(struct polygons *polygons, struct shape *lines,
                            const struct border_search *search, struct error *error)
{
    struct gathered gathered = {0};
    GEOSGeometry *whole = NULL, *merged = NULL;
    bool done = gather_lines(&gathered, polygons, search, error);
    if (done)
        whole = gathered_union(&gathered, polygons, error);
    if (whole != NULL) {
        merged = GEOSLineMerge_r(polygons->geos, whole);
        done = merged != NULL ? polygons_to_lines(lines, polygons, merged, error)
                              : polygons_failed(polygons, error);
    }
    done = done && whole != NULL;
    polygons_drop(polygons, whole);
    polygons_drop(polygons, merged);
    gathered_free(&gathered, polygons);
    return done;
}
