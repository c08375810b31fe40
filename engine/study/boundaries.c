/* The boundaries of a study: read, projected, repaired, merged by code and put on the grid. */
#include "engine/study/boundaries.h"

#include "engine/core/parallel.h"
#include "engine/formats/rings.h"
#include "engine/formats/source.h"
#include "engine/space/polygons.h"
#include "engine/space/projection.h"
#include "engine/space/projection_crs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool describe_records(struct boundary_findings *findings,
                             const struct jurisdictions *records, struct error *error)
{
    findings->records = records->count;
    for (size_t i = 0; i < records->count; i++) {
        double area;
        if (!rings_area(&area, &records->items[i].shape, error))
            return false;
        findings->area_m2 += area;
        findings->without_code += records->code_field != NULL && records->items[i].code[0] == '\0';
    }
    return true;
}

static bool choose_system(struct boundaries *boundaries, const struct jurisdictions *records,
                          const struct options *options, struct error *error)
{
    struct box box = jurisdictions_box(records);
    struct crs_facts facts;
    if (!crs_describe(&facts, records->crs, (box.x_min + box.x_max) / 2,
                      (box.y_min + box.y_max) / 2, error))
        return error_about(error, options->boundaries);
    snprintf(boundaries->findings.system, sizeof boundaries->findings.system, "%s", facts.name);
    if (options->crs == NULL)
        return crs_choose(&boundaries->crs, records->crs, box, error)
               || error_about(error, options->boundaries);
    if (!crs_describe(&facts, options->crs, 0, 0, error))
        return false;
    if (facts.kind != CRS_PROJECTED || !facts.in_metres)
        return error_set(error, ERROR_USAGE,
                         "--crs: '%s' is not projected in metres; take EPSG:28992 or a UTM zone",
                         options->crs);
    boundaries->crs = text_copy(options->crs, strlen(options->crs), error);
    return boundaries->crs != NULL;
}

/* A vertex that cannot be transformed would leave a hole in the line; such boundaries are not used.
 */
static bool all_finite(const struct shape *shape)
{
    for (size_t i = 0; i < shape->point_count; i++)
        if (!isfinite(shape->x[i]) || !isfinite(shape->y[i]))
            return false;
    return true;
}

/* Records on their way into the study, several at one time. */
struct mending {
    struct jurisdictions *records;
    const char *path;
    struct projection *projection;
    struct polygons *polygons[PARALLEL_MAX_THREADS]; /* one a worker */
    char **why;                                      /* one a record: what was wrong, or NULL */
};

static bool project(const struct mending *mending, size_t number, struct error *error)
{
    struct shape *shape = &mending->records->items[number].shape;
    if (!projection_points_exact(mending->projection, shape->x, shape->y, shape->point_count,
                                 error))
        return false;
    return all_finite(shape)
           || error_set(error, ERROR_DATA,
                        "%s: record %zu does not fit its reference system; name the right one with "
                        "--boundaries-crs",
                        mending->path, number + 1);
}

static bool error_about_record(struct error *error, const struct mending *mending, size_t number)
{
    if (error == NULL || error->kind != ERROR_DATA)
        return false;
    struct error why = *error;
    return error_set(error, ERROR_DATA, "%s: record %zu (%.60s): %s", mending->path, number + 1,
                     mending->records->items[number].name, why.message);
}

static bool mend_record(void *state, size_t number, int worker, struct error *error)
{
    struct mending *mending = state;
    struct polygons **polygons = &mending->polygons[worker];
    char why[160];
    if (*polygons == NULL)
        *polygons = polygons_open(error);
    if (*polygons == NULL || !project(mending, number, error))
        return false;
    if (!polygons_repair(*polygons, &mending->records->items[number].shape, why, error))
        return error_about_record(error, mending, number);
    if (why[0] != '\0')
        mending->why[number] = text_copy(why, strlen(why), error);
    return why[0] == '\0' || mending->why[number] != NULL;
}

enum { REPAIRS_TOLD = 5 };

static bool tell_repairs(struct boundaries *boundaries, const struct mending *mending,
                         struct notes *notes, struct error *error)
{
    const struct jurisdictions *records = mending->records;
    for (size_t i = 0; i < records->count; i++) {
        if (mending->why[i] == NULL || ++boundaries->findings.repaired > REPAIRS_TOLD)
            continue;
        if (!notes_add(notes, "record %zu (%s) was not valid and is repaired: %s", i + 1,
                       records->items[i].name, mending->why[i]))
            return error_set(error, ERROR_INTERNAL, "out of memory");
    }
    return true;
}

static void mending_end(struct mending *mending)
{
    for (size_t i = 0; mending->why != NULL && i < mending->records->count; i++)
        array_free(&mending->why[i]);
    array_free(&mending->why);
    for (int w = 0; w < PARALLEL_MAX_THREADS; w++)
        polygons_close(mending->polygons[w]);
    projection_close(mending->projection);
}

/* Into the study's system, and made valid there. */
static bool project_and_repair(struct boundaries *boundaries, struct jurisdictions *records,
                               const struct options *options, struct notes *notes,
                               struct error *error)
{
    struct mending mending = {.records = records, .path = options->boundaries};
    const struct parallel_job job = {mend_record, &mending, records->count, options->threads};
    mending.projection = projection_open(records->crs, boundaries->crs, error);
    bool done = (mending.projection != NULL || error_about(error, mending.path))
                && array_new(&mending.why, records->count, sizeof *mending.why, error)
                && parallel_for(&job, error) && tell_repairs(boundaries, &mending, notes, error);
    if (done) {
        boundaries->findings.accuracy_m = projection_accuracy_m(mending.projection);
        boundaries->findings.projected = boundaries->findings.accuracy_m != 0;
    }
    mending_end(&mending);
    return done;
}

static int by_key(const void *a, const void *b)
{
    return jurisdiction_compare(a, b);
}

static bool same_jurisdiction(const struct jurisdiction *a, const struct jurisdiction *b)
{
    return strcmp(jurisdiction_key(a), jurisdiction_key(b)) == 0
           && (a->code[0] != '\0') == (b->code[0] != '\0');
}

/* One jurisdiction from `count` records that lie side by side. The first of them gives the name. */
static bool merge_run(struct boundaries *boundaries, struct polygons *polygons,
                      struct jurisdiction *run, size_t count, struct error *error)
{
    struct jurisdiction merged = {.code = run->code, .name = run->name};
    bool done = true;
    run->code = run->name = NULL;
    if (count == 1) {
        merged.shape = run->shape;
        run->shape = (struct shape){0};
    } else {
        struct shape *shapes;
        done = array_new(&shapes, count, sizeof *shapes, error);
        for (size_t i = 0; done && i < count; i++)
            shapes[i] = run[i].shape; /* borrowed: the records keep them */
        done = done && polygons_union(polygons, &merged.shape, shapes, count, error);
        array_free(&shapes);
    }
    if (done && merged.shape.ring_count > 0)
        return jurisdictions_add(&boundaries->jurisdictions, &merged, error);
    jurisdiction_free(&merged);
    return done;
}

static bool merge(struct boundaries *boundaries, struct polygons *polygons,
                  struct jurisdictions *records, struct error *error)
{
    qsort(records->items, records->count, sizeof *records->items, by_key);
    for (size_t first = 0, end; first < records->count; first = end) {
        for (end = first + 1; end < records->count; end++)
            if (!same_jurisdiction(&records->items[first], &records->items[end]))
                break;
        if (!merge_run(boundaries, polygons, &records->items[first], end - first, error))
            return false;
    }
    return true;
}

static bool put_on_grid(struct boundaries *boundaries, const char *path, struct notes *notes,
                        struct error *error)
{
    struct jurisdictions *jurisdictions = &boundaries->jurisdictions;
    if (jurisdictions->count == 0)
        return error_set(error, ERROR_DATA, "%s: no polygon in it has an area", path);
    boundaries->grid = grid_around(jurisdictions_box(jurisdictions));
    for (size_t i = 0; i < jurisdictions->count; i++)
        grid_snap(&boundaries->grid, &jurisdictions->items[i].shape);
    if (boundaries->grid.unit_mm > 1)
        return notes_add(notes, "the study is over 2,000 km wide: places are rounded to %d mm",
                         boundaries->grid.unit_mm)
               || error_set(error, ERROR_INTERNAL, "out of memory");
    return true;
}

bool boundaries_read_exact(struct boundaries *boundaries, const struct options *options,
                           struct notes *notes, struct error *error)
{
    struct jurisdictions records = {0};
    const struct boundary_options how = {.name_field = options->boundaries_name,
                                         .code_field = options->boundaries_code,
                                         .crs = options->boundaries_crs,
                                         .notes = notes};
    *boundaries = (struct boundaries){0};
    struct polygons *polygons = polygons_open(error);
    bool done = polygons != NULL
                && source_read_boundaries(&records, options->boundaries, &how, error)
                && describe_records(&boundaries->findings, &records, error)
                && choose_system(boundaries, &records, options, error)
                && project_and_repair(boundaries, &records, options, notes, error)
                && merge(boundaries, polygons, &records, error);
    jurisdictions_free(&records);
    polygons_close(polygons);
    if (!done)
        boundaries_free(boundaries);
    return done;
}

static bool keep_exact(struct boundaries *boundaries, struct error *error)
{
    const struct jurisdictions *from = &boundaries->jurisdictions;
    bool done = true;
    for (size_t i = 0; done && i < from->count; i++) {
        const struct jurisdiction *item = &from->items[i];
        struct jurisdiction copy = {.code = text_copy(item->code, strlen(item->code), error),
                                    .name = text_copy(item->name, strlen(item->name), error)};
        done = copy.code != NULL && copy.name != NULL
               && shape_copy(&copy.shape, &item->shape, error)
               && jurisdictions_add(&boundaries->exact, &copy, error);
        if (!done)
            jurisdiction_free(&copy);
    }
    return done;
}

bool boundaries_read(struct boundaries *boundaries, const struct options *options,
                     struct notes *notes, struct error *error)
{
    if (!boundaries_read_exact(boundaries, options, notes, error))
        return false;
    if ((!options->keep_exact || keep_exact(boundaries, error))
        && put_on_grid(boundaries, options->boundaries, notes, error))
        return true;
    boundaries_free(boundaries);
    return false;
}

void boundaries_free(struct boundaries *boundaries)
{
    jurisdictions_free(&boundaries->jurisdictions);
    jurisdictions_free(&boundaries->exact);
    array_free(&boundaries->crs);
    *boundaries = (struct boundaries){0};
}
