/* What a study finds at the borders in it: what each side sees alone, and what both see together.
 */
#include "engine/study/findings.h"

#include "engine/core/parallel.h"
#include "engine/space/polygons.h"
#include "engine/space/reach.h"
#include "engine/study/surface.h"

#include <math.h>
#include <string.h>

/* ---- the incidents of both sides ---- */

static bool both_sides_new(struct both_sides *sides, size_t count, bool weighted,
                           struct error *error)
{
    return array_new_raw(&sides->grid_x, count, sizeof *sides->grid_x, error)
           && array_new_raw(&sides->grid_y, count, sizeof *sides->grid_y, error)
           && array_new_raw(&sides->owner, count, sizeof *sides->owner, error)
           && array_new_raw(&sides->side, count, sizeof *sides->side, error)
           && array_new_raw(&sides->domain, count, sizeof *sides->domain, error)
           && array_new_raw(&sides->category, count, sizeof *sides->category, error)
           && array_new_raw(&sides->source, count, sizeof *sides->source, error)
           && array_new_raw(&sides->when, count, sizeof *sides->when, error)
           && (!weighted || array_new_raw(&sides->weight, count, sizeof *sides->weight, error));
}

static void both_sides_free(struct both_sides *sides)
{
    array_free(&sides->grid_x);
    array_free(&sides->grid_y);
    array_free(&sides->owner);
    array_free(&sides->side);
    array_free(&sides->domain);
    array_free(&sides->category);
    array_free(&sides->source);
    array_free(&sides->weight);
    array_free(&sides->when);
    sides->count = 0;
}

static void take_row(struct both_sides *sides, const struct gathered *from, size_t row,
                     uint8_t side)
{
    size_t at = sides->count++;
    sides->grid_x[at] = from->grid_x[row];
    sides->grid_y[at] = from->grid_y[row];
    sides->owner[at] = from->owner[row];
    sides->side[at] = side;
    sides->domain[at] = from->domain[row];
    sides->category[at] = from->category[row];
    sides->source[at] = from->source[row];
    sides->when[at] = from->when[row];
    if (sides->weight != NULL)
        sides->weight[at] = from->weight[row];
}

static bool take_sides(struct finding *finding, const struct gathered *from, struct error *error)
{
    struct both_sides *sides = &finding->incidents;
    const int32_t first = (int32_t)finding->owners[0], second = (int32_t)finding->owners[1];
    size_t count = 0;
    for (size_t i = 0; i < from->count; i++)
        count += from->owner[i] == first || from->owner[i] == second;
    if (!both_sides_new(sides, count, from->weight != NULL, error))
        return false;
    for (size_t i = 0; i < from->count; i++)
        if (from->owner[i] == first || from->owner[i] == second)
            take_row(sides, from, i, from->owner[i] == second);
    return true;
}

static bool take_squares(struct finding *finding, const struct study *study, struct error *error)
{
    const struct packages *packages = &study->packages;
    for (int side = 0; side < SIDES; side++) {
        struct side_squares *squares = &finding->squares[side];
        for (size_t i = 0; i < packages->count; i++) {
            const struct source_package *package = &packages->items[i];
            if (package->absence != PACKAGE_PRESENT
                || package->owner != (int32_t)finding->owners[side])
                continue;
            const struct package_part all = package_selected(package);
            const struct package_count count = package_count(package, &all);
            package_count_add(&squares->count, &count);
            squares->take_part = true;
        }
        if (squares->take_part
            && !packages_list(&squares->list, packages, (int32_t)finding->owners[side], error))
            return false;
    }
    return true;
}

bool finding_has_squares(const struct finding *finding)
{
    return finding->squares[0].take_part || finding->squares[1].take_part;
}

/* ---- the ground ---- */

/* What border_run is given of the ground; borrowed shapes but for `both`. */
struct land {
    struct raster frame;
    uint8_t *ground;
    double *other_m;
    const struct shape *grounds[SIDES];
    struct shape both;
};

static void land_free(struct land *land)
{
    array_free(&land->ground);
    array_free(&land->other_m);
    raster_free(&land->frame);
    shape_free(&land->both);
}

/* Around the shared border, as wide as a kernel reaches on both sides of it. */
static struct box strip_box(const struct study *study, const struct finding *finding)
{
    double wide = 2 * study->options->bandwidth_m;
    struct box box = finding->quality.along;
    return (struct box){box.x_min - wide, box.y_min - wide, box.x_max + wide, box.y_max + wide};
}

static bool mark_ground(struct land *land, const struct study *study, const struct finding *finding,
                        struct error *error)
{
    const struct raster *frame = &land->frame;
    const struct grid *grid = &study->boundaries.grid;
    int32_t *x, *y = NULL, *owners = NULL;
    bool done = array_new_raw(&x, frame->columns, sizeof *x, error)
                && array_new_raw(&y, frame->columns, sizeof *y, error)
                && array_new_raw(&owners, frame->columns, sizeof *owners, error);
    for (size_t r = 0; done && r < frame->rows; r++) {
        const struct points row = {x, y, frame->columns};
        for (size_t c = 0; c < frame->columns; c++) {
            x[c] = grid_x(grid, frame->x_min + ((double)c + 0.5) * frame->cell_m);
            y[c] = grid_y(grid, frame->y_min + ((double)r + 0.5) * frame->cell_m);
        }
        assignment_owners(owners, study->assignment, &row);
        for (size_t c = 0; c < frame->columns; c++)
            land->ground[r * frame->columns + c] = owners[c] == (int32_t)finding->owners[0] ? 0
                                                   : owners[c] == (int32_t)finding->owners[1]
                                                       ? 1
                                                       : GROUND_NOBODY;
    }
    array_free(&x);
    array_free(&y);
    array_free(&owners);
    return done;
}

static bool measure_reach(struct land *land, const struct study *study, struct error *error)
{
    size_t cells = land->frame.columns * land->frame.rows;
    double *second = NULL;
    double reach = kernel_reach_m((enum kernel)study->options->kernel, study->options->bandwidth_m)
                   + 2 * land->frame.cell_m; /* the strip's edge is interpolated */
    if (!array_new_raw(&second, cells, sizeof *second, error))
        return false;
    reach_of_shape(land->other_m, &land->frame, land->grounds[0], reach);
    reach_of_shape(second, &land->frame, land->grounds[1], reach);
    for (size_t i = 0; i < cells; i++)
        if (land->ground[i] == 0)
            land->other_m[i] = second[i];
    array_free(&second);
    return true;
}

static bool join_grounds(struct land *land, struct error *error)
{
    const struct shape two[SIDES] = {*land->grounds[0], *land->grounds[1]};
    struct polygons *polygons = polygons_open(error);
    bool done = polygons != NULL && polygons_union(polygons, &land->both, two, SIDES, error);
    polygons_close(polygons);
    return done;
}

static bool survey(struct land *land, const struct study *study, const struct finding *finding,
                   struct box extent, struct error *error)
{
    size_t cells = 0;
    for (int side = 0; side < SIDES; side++)
        land->grounds[side] = &study->boundaries.jurisdictions.items[finding->owners[side]].shape;
    if (!raster_new(&land->frame, extent, finding->cell_m, error))
        return false;
    cells = land->frame.columns * land->frame.rows;
    return array_new_raw(&land->ground, cells, sizeof *land->ground, error)
           && array_new_raw(&land->other_m, cells, sizeof *land->other_m, error)
           && mark_ground(land, study, finding, error) && measure_reach(land, study, error)
           && (finding->without_guess || join_grounds(land, error));
}

/* ---- one border ---- */

static struct border_input input_of(const struct finding *finding, const struct land *land,
                                    const struct grid *grid)
{
    const struct both_sides *sides = &finding->incidents;
    const struct side_squares *squares = finding->squares;
    return (struct border_input){.incidents = {.count = sides->count,
                                               .grid_x = sides->grid_x,
                                               .grid_y = sides->grid_y,
                                               .owner = sides->owner,
                                               .domain = sides->domain,
                                               .category = sides->category,
                                               .source = sides->source,
                                               .weight = sides->weight,
                                               .when = sides->when,
                                               .grid = *grid},
                                 .side = sides->side,
                                 .squares = {{squares[0].list.items, squares[0].list.count},
                                             {squares[1].list.items, squares[1].list.count}},
                                 .frame = land->frame,
                                 .ground = land->ground,
                                 .other_m = land->other_m,
                                 .grounds = {land->grounds[0], land->grounds[1]},
                                 .both = land->both.ring_count > 0 ? &land->both : NULL};
}

static struct border_options options_of(const struct study *study, const struct finding *finding,
                                        int thread_count)
{
    const struct options *options = study->options;
    return (struct border_options){
        .density = {.kernel = (enum kernel)options->kernel,
                    .bandwidth_m = options->bandwidth_m,
                    .thread_count = thread_count},
        .scale = 1e4,
        .without_guess = finding->without_guess,
        .clusters = {.radius_m = options->radius_m,
                     .min_points = (size_t)options->min_points,
                     .unit_mm = study->boundaries.grid.unit_mm,
                     .thread_count = thread_count},
        .lead = {.share = options->lead_share, .least = (size_t)options->lead_min_incidents}};
}

/* Incidents near any border are measured against the other side's own ground. */
static bool count_uncertain(struct finding *finding, const struct study *study, struct error *error)
{
    double band_m = finding->band_m;
    const struct both_sides *sides = &finding->incidents;
    const struct grid *grid = &study->boundaries.grid;
    const struct owned_points points = {{sides->grid_x, sides->grid_y, sides->count}, sides->owner};
    double *other_m;
    if (!array_new_raw(&other_m, sides->count, sizeof *other_m, error))
        return false;
    assignment_border_m(other_m, study->assignment, &points, band_m);
    for (size_t i = 0; i < sides->count; i++) {
        const struct shape *other =
            &study->boundaries.jurisdictions.items[finding->owners[1 - sides->side[i]]].shape;
        double x = grid_metres_x(grid, sides->grid_x[i]), y = grid_metres_y(grid, sides->grid_y[i]);
        if (other_m[i] < band_m && other_m[i] > 0)
            other_m[i] = shape_line_distance(other, x, y);
    }
    const struct border_distances distances = {sides->count, sides->side, sides->weight, other_m};
    border_uncertain(finding->uncertain, &distances, band_m);
    array_free(&other_m);
    return true;
}

static bool count_holdings(struct finding *finding, const struct gathered *gathered,
                           struct error *error)
{
    for (int r = 0; r < HOLDER_ROLES; r++)
        if (!holdings_count(&finding->holdings[r], gathered, (enum holder_role)r, finding->owners,
                            error))
            return false;
    return true;
}

static void count_crossing(struct finding *finding)
{
    const struct border *border = &finding->border;
    finding->crossing = finding->crossing_incidents = 0;
    for (size_t i = 0; i < border->together.count; i++)
        if (border->clusters[i].crosses) {
            finding->crossing++;
            finding->crossing_incidents += border->together.items[i].incidents;
        }
}

static bool run_border(struct finding *finding, const struct study *study, struct box extent,
                       int thread_count, struct error *error)
{
    struct land land = {0};
    finding->extent = extent;
    bool done = survey(&land, study, finding, extent, error);
    const struct border_input input = input_of(finding, &land, &study->boundaries.grid);
    const struct border_options options = options_of(study, finding, thread_count);
    done = done && border_run(&finding->border, &input, &options, error);
    land_free(&land);
    if (done)
        count_crossing(finding);
    return done;
}

static void drop_surfaces(struct border_surfaces *surfaces)
{
    raster_free(&surfaces->alone[0]);
    raster_free(&surfaces->alone[1]);
    raster_free(&surfaces->together);
    raster_free(&surfaces->missed);
    raster_free(&surfaces->guess_error);
}

/* ---- all of them ---- */

struct looking {
    struct findings *findings;
    struct box *extents;
};

/* The extent with every cluster on the border whole in it. */
static struct box with_clusters(struct box extent, const struct border *border)
{
    for (size_t i = 0; i < border->together.count; i++)
        if (border->clusters[i].crosses)
            extent = box_union(extent, shape_box(&border->together.items[i].outline));
    return extent;
}

static bool holds(struct box outer, struct box inner)
{
    return outer.x_min <= inner.x_min && outer.y_min <= inner.y_min && outer.x_max >= inner.x_max
           && outer.y_max >= inner.y_max;
}

/* A cluster that reaches out of the strip is known only once it was found: then again, wider. */
static bool run_whole(struct finding *finding, const struct study *study, struct box extent,
                      int thread_count, struct error *error)
{
    if (!run_border(finding, study, extent, thread_count, error))
        return false;
    struct box wanted = with_clusters(extent, &finding->border);
    if (study->options->extent != NULL || holds(extent, wanted))
        return true;
    border_free(&finding->border);
    return run_border(finding, study, wanted, thread_count, error);
}

static bool look_at_pair(void *state, size_t number, int worker, struct error *error)
{
    const struct looking *looking = state;
    struct findings *findings = looking->findings;
    struct finding *finding = &findings->items[number];
    const struct study *study = findings->gathered.study;
    bool alone = findings->count == 1;
    (void)worker;
    if (!take_sides(finding, &findings->gathered, error) || !take_squares(finding, study, error)
        || !run_whole(finding, study, looking->extents[number], alone ? study->options->threads : 1,
                      error)
        || !count_uncertain(finding, study, error)
        || !count_holdings(finding, &findings->gathered, error))
        return false;
    if (!alone) {
        drop_surfaces(&finding->border.surfaces);
        both_sides_free(&finding->incidents);
    }
    return true;
}

static bool choose_extents(struct looking *looking, struct error *error)
{
    struct findings *findings = looking->findings;
    struct study *study = findings->gathered.study;
    if (!array_new(&looking->extents, findings->count, sizeof *looking->extents, error))
        return false;
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        finding->quality = findings->pairs.items[i];
        finding->owners[0] = finding->quality.a;
        finding->owners[1] = finding->quality.b;
        looking->extents[i] = strip_box(study, finding);
        if (study->options->extent != NULL && !surface_extent(&looking->extents[i], study, error))
            return false;
        finding->cell_m = surface_cell_m(study, looking->extents[i]);
        finding->without_guess = findings->brief && findings->count > 1;
        finding->band_m = fmax(study_border_band_m(study), fmax(finding->quality.gap_width_m,
                                                                finding->quality.overlap_width_m));
    }
    return true;
}

static bool look_at_all(struct findings *findings, struct error *error)
{
    struct looking looking = {.findings = findings};
    struct study *study = findings->gathered.study;
    bool alone = findings->pairs.count == 1;
    const struct parallel_job job = {look_at_pair, &looking, findings->pairs.count,
                                     alone ? 1 : study->options->threads};
    if (!array_new(&findings->items, findings->pairs.count, sizeof *findings->items, error))
        return false;
    findings->count = findings->pairs.count;
    bool done = choose_extents(&looking, error) && parallel_for(&job, error);
    array_free(&looking.extents);
    return done;
}

/* They read the incidents once more, which standard input does not allow. */
static bool read_priorities(struct findings *findings, struct study *study, struct error *error)
{
    if (study->options->priorities == NULL)
        return true;
    if (study_reads_once(study))
        return notes_add(&study->notes, "priorities are left out: standard input is read once")
               || error_set(error, ERROR_INTERNAL, "out of memory");
    return priority_rows_find(&findings->priorities, study, error);
}

bool findings_read(struct findings *findings, struct study *study, struct error *error)
{
    findings->gathered.columns =
        COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME | COLUMN_REPORTED_TO | COLUMN_RESPONSIBLE;
    if (!pairs_find(&findings->pairs, study, error)
        || !gather_run(&findings->gathered, study, error))
        return false;
    return look_at_all(findings, error) && read_priorities(findings, study, error);
}

size_t findings_foremost(const struct findings *findings)
{
    size_t best = 0;
    for (size_t i = 1; i < findings->count; i++) {
        const struct finding *a = &findings->items[i], *b = &findings->items[best];
        if (a->crossing > b->crossing
            || (a->crossing == b->crossing && a->crossing_incidents > b->crossing_incidents))
            best = i;
    }
    return best;
}

bool findings_look(struct finding *view, const struct findings *findings, size_t number,
                   struct box extent, struct error *error)
{
    struct study *study = findings->gathered.study;
    const struct finding *finding = &findings->items[number];
    *view = (struct finding){.quality = finding->quality,
                             .owners = {finding->owners[0], finding->owners[1]},
                             .uncertain = {finding->uncertain[0], finding->uncertain[1]},
                             .cell_m = surface_cell_m(study, extent),
                             .band_m = finding->band_m};
    return take_sides(view, &findings->gathered, error) && take_squares(view, study, error)
           && run_border(view, study, extent, study->options->threads, error);
}

void finding_free(struct finding *finding)
{
    both_sides_free(&finding->incidents);
    border_free(&finding->border);
    for (int side = 0; side < SIDES; side++)
        array_free(&finding->squares[side].list.items);
    for (int r = 0; r < HOLDER_ROLES; r++)
        holdings_free(&finding->holdings[r]);
}

void findings_free(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        finding_free(&findings->items[i]);
    array_free(&findings->items);
    findings->count = 0;
    pairs_free(&findings->pairs);
    priority_rows_free(&findings->priorities);
    gather_free(&findings->gathered);
}
