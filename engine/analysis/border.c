/* A border that cuts a hotspot: what each side sees alone, what both see together, and what that
 * difference amounts to. */
#include "engine/analysis/border.h"
#include "engine/analysis/zonal.h"

#include <math.h>
#include <stdlib.h>

struct work {
    const struct border_input *input;
    const struct border_options *options;
    struct border *border;
    double *joint; /* per cell near the border: the joint density, corrected as the guess is */
};

static size_t weight_of(const struct border_input *input, size_t incident)
{
    return input->incidents.weight != NULL ? input->incidents.weight[incident] : 1;
}

static size_t cells_of(const struct raster *raster)
{
    return raster->columns * raster->rows;
}

/* The other of the two. */
static size_t across(size_t side)
{
    return 1 - side;
}

/* Alone and together */

/* The incidents of one side, side by side. */
struct half {
    int32_t *x, *y;
    uint32_t *weights;
    size_t count;
};

static void half_free(struct half *half)
{
    array_free(&half->x);
    array_free(&half->y);
    array_free(&half->weights);
}

static bool half_gather(struct half *half, const struct border_input *input, size_t side,
                        struct error *error)
{
    const struct cluster_input *incidents = &input->incidents;
    size_t count = 0;
    for (size_t i = 0; i < incidents->count; i++)
        count += input->side[i] == side;
    if (!array_new_raw(&half->x, count, sizeof *half->x, error)
        || !array_new_raw(&half->y, count, sizeof *half->y, error)
        || !array_new_raw(&half->weights, count, sizeof *half->weights, error))
        return false;
    for (size_t i = 0; i < incidents->count; i++) {
        if (input->side[i] != side)
            continue;
        half->x[half->count] = incidents->grid_x[i];
        half->y[half->count] = incidents->grid_y[i];
        half->weights[half->count++] = (uint32_t)weight_of(input, i);
    }
    return true;
}

static bool raster_like(struct raster *raster, const struct raster *frame, struct error *error)
{
    *raster = *frame;
    raster->values = NULL;
    return array_new(&raster->values, cells_of(frame), sizeof *raster->values, error);
}

static bool see_alone(struct work *work, size_t side, struct error *error)
{
    struct raster *alone = &work->border->surfaces.alone[side];
    struct density_options options = work->options->density;
    struct half half = {0};
    options.edge = EDGE_NONE;
    bool done = half_gather(&half, work->input, side, error);
    struct weighted_points points = {{half.x, half.y, half.count}, half.weights};
    done = done && raster_like(alone, &work->input->frame, error)
           && density_run(alone, &points, &work->input->incidents.grid, &options, error)
           && (work->input->squares[side].count == 0
               || square_density_add(alone, &work->input->squares[side],
                                     &work->input->incidents.grid, &options, false, error));
    double scale = work->options->scale != 0 ? work->options->scale : 1;
    for (size_t i = 0; done && i < cells_of(alone); i++)
        alone->values[i] *= scale;
    half_free(&half);
    return done;
}

static double missed_at(const struct border_surfaces *surfaces, uint8_t ground, size_t cell)
{
    if (ground >= SIDES)
        return NAN;
    double other = surfaces->alone[across(ground)].values[cell];
    return ground == 0 ? 0 - other : other; /* 0 - 0 is 0, -0 would not be */
}

static bool see(struct work *work, struct error *error)
{
    struct border_surfaces *surfaces = &work->border->surfaces;
    const struct raster *frame = &work->input->frame;
    if (!see_alone(work, 0, error) || !see_alone(work, 1, error)
        || !raster_like(&surfaces->together, frame, error)
        || !raster_like(&surfaces->missed, frame, error))
        return false;
    for (size_t i = 0; i < cells_of(frame); i++) {
        surfaces->together.values[i] = surfaces->alone[0].values[i] + surfaces->alone[1].values[i];
        surfaces->missed.values[i] = missed_at(surfaces, work->input->ground[i], i);
    }
    return true;
}

/* What a side would guess */

static void guess_nothing(struct work *work)
{
    for (size_t i = 0; i < cells_of(&work->input->frame); i++)
        work->joint[i] = work->border->surfaces.guess_error.values[i] = NAN;
}

static bool guess(struct work *work, struct error *error)
{
    if (work->options->without_guess) {
        guess_nothing(work);
        return true;
    }
    const struct border_input *input = work->input;
    struct border_surfaces *surfaces = &work->border->surfaces;
    const struct border_guess guess = {
        .density = &work->options->density,
        .frame = &input->frame,
        .ground = input->ground,
        .other_m = input->other_m,
        .grounds = {input->grounds[0], input->grounds[1]},
        .both = input->both,
        .alone = {surfaces->alone[0].values, surfaces->alone[1].values},
        .together = surfaces->together.values,
        .error = surfaces->guess_error.values,
        .joint = work->joint};
    return border_guess(&guess, error);
}

/* The strip */

/* NaN for a part of nothing. */
static double part_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* The integral from 0 to u of the cubic kernel by which Keys (1981, a = -1/2) interpolates; odd. */
static double cubic_integral(double u)
{
    double to = fmin(fabs(u), 2), half;
    if (to <= 1)
        half = to * (1 + to * to * (to * (3.0 / 8) - 5.0 / 6));
    else
        half = to * (2 + to * (to * (5.0 / 6 - to / 8) - 2)) - 1.0 / 6;
    return u < 0 ? -half : half;
}

/* How much a cell counts for in a side's strip: the integral over the strip, across the border, of
 * the cell's share in the cubic interpolation between cells. By whole cells a straight border would
 * give 15 % more or less as the raster lies; so it gives the same to 0.1 %, with 10 cells in a
 * bandwidth. Some cells beyond the border count too. */
static double weight_in_strip(const struct work *work, size_t side, size_t cell)
{
    const struct border_input *input = work->input;
    double cell_m = input->frame.cell_m, width_m = work->options->density.bandwidth_m;
    double inside = input->ground[cell] == side ? input->other_m[cell] : -input->other_m[cell];
    if (input->ground[cell] >= SIDES || !(inside > -2 * cell_m && inside < width_m + 2 * cell_m))
        return 0;
    return cubic_integral(inside / cell_m) - cubic_integral((inside - width_m) / cell_m);
}

struct strip_sums {
    double together, other;
    double joint, wrong, bias; /* where the side has a guess: on its own ground */
};

static void add_to_strip(struct strip_sums *sums, const struct work *work, size_t side, size_t cell)
{
    const struct border_surfaces *surfaces = &work->border->surfaces;
    double weight = weight_in_strip(work, side, cell);
    double error = surfaces->guess_error.values[cell];
    if (weight == 0)
        return;
    sums->together += weight * surfaces->together.values[cell];
    sums->other += weight * surfaces->alone[across(side)].values[cell];
    if (work->input->ground[cell] != side || isnan(error) || isnan(work->joint[cell]))
        return;
    sums->joint += weight * work->joint[cell];
    sums->wrong += weight * fabs(error);
    sums->bias += weight * error;
}

static void measure_strip(struct work *work, size_t side)
{
    const struct raster *frame = &work->input->frame;
    struct border_strip *strip = &work->border->strips[side];
    struct strip_sums sums = {0};
    for (size_t i = 0; i < cells_of(frame); i++) {
        strip->cells += work->input->ground[i] == side
                        && work->input->other_m[i] < work->options->density.bandwidth_m;
        add_to_strip(&sums, work, side, i);
    }
    double scale = work->options->scale != 0 ? work->options->scale : 1;
    strip->incidents = fmax(sums.together, 0) / scale * (frame->cell_m * frame->cell_m);
    /* Weights a little below 0 could make a part of next to nothing overshoot. */
    strip->blind = part_of(fmin(fmax(sums.other, 0), sums.together), sums.together);
    strip->guess_error = part_of(sums.wrong, sums.joint);
    strip->guess_bias = part_of(sums.bias, sums.joint);
}

/* Hotspots: alone over an outline */

static bool measure_hotspots(struct work *work, struct error *error)
{
    struct border *border = work->border;
    const struct raster *const alone[SIDES] = {&border->surfaces.alone[0],
                                               &border->surfaces.alone[1]};
    struct zonal zonal = {.rasters = alone, .count = SIDES};
    bool done = true;
    for (size_t c = 0; done && c < border->together.count; c++) {
        struct border_cluster *cluster = &border->clusters[c];
        double sums[SIDES];
        done = zonal_sum(&zonal, &border->together.items[c].outline, sums, error);
        cluster->cells = zonal.cells;
        for (size_t side = 0; done && side < SIDES; side++)
            cluster->blind[side] = part_of(sums[across(side)], sums[0] + sums[1]);
    }
    zonal_free(&zonal);
    return done;
}

/* Clusters alone and together */

/* Gives each side its own list out of the list of both. */
static bool split(struct border *border, struct clusters *found, const uint8_t *side,
                  struct error *error)
{
    int32_t *ranks = NULL; /* by number in the list of both; noise stays 0 */
    bool done = array_new(&ranks, found->count + 1, sizeof *ranks, error);
    for (int s = 0; done && s < SIDES; s++) {
        struct clusters *alone = &border->alone[s];
        alone->incident_count = found->incident_count;
        done = array_new(&alone->items, found->count, sizeof *alone->items, error)
               && array_new(&alone->membership, found->incident_count, sizeof *alone->membership,
                            error)
               && array_new(&alone->core, found->incident_count, sizeof *alone->core, error);
    }
    for (size_t c = 0; done && c < found->count; c++) {
        struct clusters *alone = &border->alone[found->items[c].group];
        alone->items[alone->count++] = found->items[c];
        found->items[c] = (struct cluster){0};
        ranks[c + 1] = alone->items[alone->count - 1].number = (int32_t)alone->count;
    }
    for (size_t i = 0; done && i < found->incident_count; i++) {
        border->alone[side[i]].membership[i] = ranks[found->membership[i]];
        border->alone[side[i]].core[i] = found->core[i];
    }
    array_free(&ranks);
    return done;
}

/* Both sides in one go, as groups: clusters never cross groups. */
static bool find_alone(struct work *work, struct error *error)
{
    struct cluster_input incidents = work->input->incidents;
    struct clusters found = {0};
    uint32_t *groups = NULL;
    bool done = array_new_raw(&groups, incidents.count, sizeof *groups, error);
    for (size_t i = 0; done && i < incidents.count; i++)
        groups[i] = work->input->side[i];
    incidents.group = groups;
    done = done && clusters_find(&found, &incidents, &work->options->clusters, error)
           && split(work->border, &found, work->input->side, error);
    clusters_free(&found);
    array_free(&groups);
    return done;
}

/* The joint cluster of each cluster alone: any of its core says it. */
static bool find_homes(size_t **homes, const struct border *border, int side, struct error *error)
{
    const struct clusters *alone = &border->alone[side];
    if (!array_new(homes, alone->count, sizeof **homes, error))
        return false;
    for (size_t i = 0; i < alone->incident_count; i++)
        if (alone->core[i])
            (*homes)[alone->membership[i] - 1] = (size_t)border->together.membership[i] - 1;
    return true;
}

static bool list_parts(struct border *border, int side, struct error *error)
{
    const struct clusters *alone = &border->alone[side];
    size_t *homes = NULL;
    bool done = find_homes(&homes, border, side, error);
    for (size_t a = 0; done && a < alone->count; a++)
        border->clusters[homes[a]].parts[side].count++;
    for (size_t c = 0; done && c < border->together.count; c++) {
        struct border_parts *parts = &border->clusters[c].parts[side];
        done = array_new(&parts->items, parts->count, sizeof *parts->items, error);
        parts->count = 0;
    }
    for (size_t a = 0; done && a < alone->count; a++) {
        struct border_cluster *cluster = &border->clusters[homes[a]];
        struct border_parts *parts = &cluster->parts[side];
        if (parts->count == 0)
            cluster->rank[side] = alone->items[a].number;
        parts->items[parts->count++] =
            (struct border_part){alone->items[a].number, alone->items[a].incidents};
    }
    array_free(&homes);
    return done;
}

static void count_sides(const struct work *work)
{
    struct border *border = work->border;
    for (size_t i = 0; i < work->input->incidents.count; i++) {
        size_t side = work->input->side[i], weight = weight_of(work->input, i);
        int32_t number = border->together.membership[i];
        border->incidents[side] += weight;
        if (number > 0)
            border->clusters[number - 1].sides.incidents[side] += weight;
    }
}

static void judge(const struct work *work)
{
    struct border *border = work->border;
    size_t lead = 0;
    count_sides(work);
    for (size_t c = 0; c < border->together.count; c++) {
        struct border_cluster *cluster = &border->clusters[c];
        cluster->number = border->together.items[c].number;
        cluster->sides = lead_judge(cluster->sides.incidents, &work->options->lead);
        cluster->crosses = cluster->sides.incidents[0] > 0 && cluster->sides.incidents[1] > 0;
        cluster->lead = cluster->crosses ? &border->leads.items[lead++] : NULL;
    }
}

static bool cluster(struct work *work, struct error *error)
{
    struct border *border = work->border;
    struct cluster_input incidents = work->input->incidents;
    struct lead_input lead_input = {&incidents, work->input->side, &border->together};
    struct lead_options lead_options = {work->options->clusters, work->options->lead};
    incidents.group = NULL;
    if (!clusters_find(&border->together, &incidents, &work->options->clusters, error)
        || !find_alone(work, error) || !lead_find(&border->leads, &lead_input, &lead_options, error)
        || !array_new(&border->clusters, border->together.count, sizeof *border->clusters, error)
        || !list_parts(border, 0, error) || !list_parts(border, 1, error))
        return false;
    judge(work);
    return measure_hotspots(work, error);
}

bool border_run(struct border *border, const struct border_input *input,
                const struct border_options *options, struct error *error)
{
    *border = (struct border){0};
    struct work work = {.input = input, .options = options, .border = border};
    bool done = array_new_raw(&work.joint, cells_of(&input->frame), sizeof *work.joint, error)
                && raster_like(&border->surfaces.guess_error, &input->frame, error)
                && see(&work, error) && guess(&work, error);
    for (size_t side = 0; done && side < SIDES; side++)
        measure_strip(&work, side);
    done = done && cluster(&work, error);
    array_free(&work.joint);
    if (!done)
        border_free(border);
    return done;
}

static void surfaces_free(struct border_surfaces *surfaces)
{
    raster_free(&surfaces->alone[0]);
    raster_free(&surfaces->alone[1]);
    raster_free(&surfaces->together);
    raster_free(&surfaces->missed);
    raster_free(&surfaces->guess_error);
}

void border_free(struct border *border)
{
    for (size_t c = 0; border->clusters != NULL && c < border->together.count; c++)
        for (int side = 0; side < SIDES; side++)
            array_free(&border->clusters[c].parts[side].items);
    array_free(&border->clusters);
    surfaces_free(&border->surfaces);
    clusters_free(&border->together);
    clusters_free(&border->alone[0]);
    clusters_free(&border->alone[1]);
    lead_free(&border->leads);
    *border = (struct border){0};
}

void border_uncertain(size_t counts[SIDES], const struct border_distances *distances, double band_m)
{
    counts[0] = counts[1] = 0;
    for (size_t i = 0; i < distances->count; i++)
        if (distances->other_m[i] < band_m)
            counts[distances->side[i]] += distances->weight != NULL ? distances->weight[i] : 1;
}
