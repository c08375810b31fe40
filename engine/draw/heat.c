/* Turns rasters of density into a picture of filled classes with smooth edges. */
#include "engine/draw/heat.h"

#include <math.h>
#include <string.h>

/* Cells around a place along one axis, and how much each counts. */
struct taps {
    size_t cells[4];
    double weights[4];
    bool outside;
};

/* Catmull and Rom's spline through the cell centres: limits come out round, and at the centres
 * stands what the raster says. Beyond the outer centres the edge cell goes on. */
static struct taps taps_at(double cell, size_t count)
{
    struct taps taps = {.outside = !(cell >= -0.5 && cell <= (double)count - 0.5)};
    if (taps.outside)
        return taps;
    double whole = floor(cell), t = cell - whole;
    for (int i = 0; i < 4; i++)
        taps.cells[i] = (size_t)fmin(fmax(whole + i - 1, 0), (double)count - 1);
    taps.weights[0] = ((2 - t) * t - 1) * t / 2;
    taps.weights[1] = ((3 * t - 5) * t * t + 2) / 2;
    taps.weights[2] = ((4 - 3 * t) * t + 1) * t / 2;
    taps.weights[3] = (t - 1) * t * t / 2;
    return taps;
}

/* What is not known does not spread further than half a cell. */
static double weigh(const double values[4], const struct taps *taps)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += values[i] * taps->weights[i];
    if (!isnan(sum))
        return sum;
    return taps->weights[1] >= taps->weights[2] ? values[1] : values[2];
}

/* Between the two nearest cells only: a count must not overshoot. */
static double weigh_linear(const double values[4], double t)
{
    return values[1] * (1 - t) + values[2] * t;
}

/* One raster, read along rows of the picture. */
struct sampler {
    const struct raster *raster;
    struct taps *across; /* of each sample in a row */
    double *shares;      /* of each sample: how far past its cell's centre */
    double *row;         /* the raster between its rows, one value a column */
    size_t first, end;   /* columns that are needed */
    bool linear;
    double quiet; /* a row of cells all below this stays uncoloured and is not looked at closer */
};

static void free_sampler(struct sampler *sampler)
{
    array_free(&sampler->across);
    array_free(&sampler->shares);
    array_free(&sampler->row);
}

/* The lattice of samples: corners of the picture's pixels, from its upper left. */
struct lattice {
    double x, y, step; /* metres */
    size_t columns, rows;
};

static bool open_sampler(struct sampler *sampler, const struct raster *raster,
                         const struct lattice *lattice, struct error *error)
{
    sampler->raster = raster;
    if (!array_new(&sampler->across, lattice->columns, sizeof *sampler->across, error)
        || !array_new(&sampler->shares, lattice->columns, sizeof *sampler->shares, error)
        || !array_new(&sampler->row, raster->columns, sizeof *sampler->row, error))
        return false;
    sampler->first = raster->columns;
    for (size_t i = 0; i < lattice->columns; i++) {
        double x = lattice->x + (double)i * lattice->step;
        double cell = (x - raster->x_min) / raster->cell_m - 0.5;
        sampler->across[i] = taps_at(cell, raster->columns);
        sampler->shares[i] = cell - floor(cell);
        if (sampler->across[i].outside)
            continue;
        if (sampler->across[i].cells[0] < sampler->first)
            sampler->first = sampler->across[i].cells[0];
        sampler->end = sampler->across[i].cells[3] + 1;
    }
    return true;
}

/* Fills sampler->row with the raster between its rows; false when nothing in it can matter. */
static bool mix_rows(struct sampler *sampler, const struct taps *down, double share)
{
    const struct raster *raster = sampler->raster;
    const double *rows[4];
    bool quiet = true;
    for (int i = 0; i < 4; i++)
        rows[i] = raster->values + down->cells[i] * raster->columns;
    for (size_t c = sampler->first; c < sampler->end; c++) {
        const double four[4] = {rows[0][c], rows[1][c], rows[2][c], rows[3][c]};
        double value = sampler->linear ? weigh_linear(four, share) : weigh(four, down);
        sampler->row[c] = value;
        quiet = quiet && value < sampler->quiet; /* NaN is not quiet */
    }
    return !quiet;
}

/* Fills values[lattice->columns] for one row of samples; 0 off the raster, since what lies there is
 * told by the areas. False when the whole row is quiet: it then is all 0. */
static bool sample_row(double *values, struct sampler *sampler, const struct lattice *lattice,
                       size_t row)
{
    const struct raster *raster = sampler->raster;
    double y = lattice->y - (double)row * lattice->step;
    double cell = (y - raster->y_min) / raster->cell_m - 0.5, share = cell - floor(cell);
    struct taps down = taps_at(cell, raster->rows);
    bool loud = !down.outside && mix_rows(sampler, &down, share);
    memset(values, 0, lattice->columns * sizeof *values);
    for (size_t i = 0; i < lattice->columns && loud; i++) {
        const struct taps *across = &sampler->across[i];
        if (across->outside)
            continue;
        const double four[4] = {sampler->row[across->cells[0]], sampler->row[across->cells[1]],
                                sampler->row[across->cells[2]], sampler->row[across->cells[3]]};
        values[i] = sampler->linear ? weigh_linear(four, sampler->shares[i]) : weigh(four, across);
    }
    return loud;
}

/* Everything that goes on while a picture is made. */
struct making {
    struct heat *heat;
    const struct heat_source *source;
    struct lattice lattice;
    struct sampler density, support;
    double *rows[4];       /* density and support above and below a row of pixels */
    uint8_t *corners[2];   /* the class of each sample above and below */
    uint32_t palette[256]; /* opaque colours by class; class 0 is transparent */
    bool loud[2];          /* whether anything but class 0 can lie in the row above, below */
    uint8_t *dropped;      /* 1: a patch too small to show */
};

static uint8_t class_of(const struct heat_source *source, double value, double support)
{
    if (value < source->classes->limits[0])
        return 0;
    if (isnan(value))
        return HEAT_NO_DATA;
    size_t rank = classes_of(source->classes, value);
    /* Counts are whole numbers; what a hair below the least is, is a sum of weights. */
    if (rank > 0 && source->support && !(support >= source->least_support - 1e-9))
        return HEAT_WITHHELD;
    return (uint8_t)rank;
}

static double middle_of(const double *above, const double *below, size_t column)
{
    return (above[column] + above[column + 1] + below[column] + below[column + 1]) / 4;
}

/* Reads sample row `row` into rows[which] (density) and rows[which + 2] (support). */
static void read_row(struct making *making, int which, size_t row)
{
    uint8_t *corners = making->corners[which];
    making->loud[which] = sample_row(making->rows[which], &making->density, &making->lattice, row);
    if (making->source->support && making->loud[which])
        sample_row(making->rows[which + 2], &making->support, &making->lattice, row);
    memset(corners, 0, making->lattice.columns);
    for (size_t i = 0; i < making->lattice.columns && making->loud[which]; i++)
        corners[i] = class_of(making->source, making->rows[which][i], making->rows[which + 2][i]);
}

static void next_row(struct making *making, size_t row)
{
    for (int i = 0; i < 4; i += 2) {
        double *above = making->rows[i];
        making->rows[i] = making->rows[i + 1];
        making->rows[i + 1] = above;
    }
    uint8_t *corners = making->corners[0];
    making->corners[0] = making->corners[1];
    making->corners[1] = corners;
    making->loud[0] = making->loud[1];
    read_row(making, 1, row);
}

static void classify_row(struct making *making, size_t row)
{
    struct heat *heat = making->heat;
    const uint8_t *above = making->corners[0], *below = making->corners[1];
    uint8_t *classes = heat->classes + row * (size_t)heat->width;
    if (!making->loud[0] && !making->loud[1])
        return;
    for (size_t i = 0; i < (size_t)heat->width; i++)
        classes[i] = above[i] == below[i + 1] && above[i + 1] == below[i] && above[i] == below[i]
                         ? above[i]
                         : class_of(making->source, middle_of(making->rows[0], making->rows[1], i),
                                    middle_of(making->rows[2], making->rows[3], i));
}

/* A patch being walked: pixels of one sort that touch. */
struct patch {
    uint32_t *pixels; /* all of it, as far as walked */
    size_t count, capacity;
    bool cut; /* reaches the frame, so that its size is not known */
};

/* 0 nothing, 1 coloured, 2 withheld. */
static int sort_of(uint8_t rank)
{
    return rank == 0 || rank == HEAT_NO_DATA ? 0 : rank == HEAT_WITHHELD ? 2 : 1;
}

enum { UNSEEN = 0, DROPPED = 1, SEEN = 2 };

static bool visit(struct patch *patch, struct making *making, size_t at, struct error *error)
{
    struct capacity capacity = {patch->capacity, sizeof *patch->pixels};
    if (!array_reserve(&patch->pixels, &capacity, patch->count + 1, error))
        return false;
    patch->capacity = capacity.held;
    making->dropped[at] = SEEN;
    patch->pixels[patch->count++] = (uint32_t)at;
    return true;
}

static bool walk(struct patch *patch, struct making *making, size_t start, struct error *error)
{
    const struct heat *heat = making->heat;
    size_t width = (size_t)heat->width, height = (size_t)heat->height;
    int sort = sort_of(heat->classes[start]);
    patch->count = 0;
    patch->cut = false;
    if (!visit(patch, making, start, error))
        return false;
    for (size_t next = 0; next < patch->count; next++) {
        size_t at = patch->pixels[next], column = at % width, row = at / width;
        if (column == 0 || row == 0 || column + 1 == width || row + 1 == height)
            patch->cut = true;
        const size_t beside[4] = {column > 0 ? at - 1 : at, column + 1 < width ? at + 1 : at,
                                  row > 0 ? at - width : at, row + 1 < height ? at + width : at};
        for (int i = 0; i < 4; i++)
            if (making->dropped[beside[i]] == UNSEEN && sort_of(heat->classes[beside[i]]) == sort
                && !visit(patch, making, beside[i], error))
                return false;
    }
    return true;
}

static void drop(struct making *making, const struct patch *patch)
{
    for (size_t i = 0; i < patch->count; i++)
        making->dropped[patch->pixels[i]] = DROPPED;
}

static bool drop_small_patches(struct making *making, struct error *error)
{
    const struct heat *heat = making->heat;
    double step = making->lattice.step;
    const double least[3] = {0, making->source->smallest_coloured_m2,
                             making->source->smallest_hatched_m2};
    size_t count = (size_t)heat->width * (size_t)heat->height;
    struct patch patch = {0};
    bool done = true;
    for (size_t at = 0; done && at < count; at++) {
        int sort = sort_of(heat->classes[at]);
        if (making->dropped[at] != UNSEEN || sort == 0 || !(least[sort] > 0))
            continue;
        done = walk(&patch, making, at, error);
        if (done && !patch.cut && (double)patch.count * step * step < least[sort])
            drop(making, &patch);
    }
    for (size_t at = 0; done && at < count; at++) {
        if (making->dropped[at] == DROPPED)
            heat->classes[at] = 0;
    }
    array_free(&patch.pixels);
    return done;
}

/* The smooth edge of a patch runs over the pixels around it. */
static bool near_dropped(const struct making *making, size_t at)
{
    const struct heat *heat = making->heat;
    size_t width = (size_t)heat->width, column = at % width, row = at / width;
    return making->dropped[at] == DROPPED || (column > 0 && making->dropped[at - 1] == DROPPED)
           || (column + 1 < width && making->dropped[at + 1] == DROPPED)
           || (row > 0 && making->dropped[at - width] == DROPPED)
           || (row + 1 < (size_t)heat->height && making->dropped[at + width] == DROPPED);
}

enum { FINE = 4 }; /* a pixel that a limit crosses is looked at in FINE * FINE places */

struct corners {
    double value[4], support[4]; /* upper left, upper right, lower left, lower right */
};

static double within(const double corners[4], double u, double v)
{
    return (corners[0] * (1 - u) + corners[1] * u) * (1 - v)
           + (corners[2] * (1 - u) + corners[3] * u) * v;
}

static uint32_t mix_pixel(const struct making *making, const struct corners *corners)
{
    uint32_t sums[4] = {0};
    for (int i = 0; i < FINE * FINE; i++) {
        double u = (i % FINE + 0.5) / FINE, v = ((int)(i / FINE) + 0.5) / FINE;
        uint8_t rank =
            class_of(making->source, within(corners->value, u, v), within(corners->support, u, v));
        uint32_t colour = making->palette[rank];
        for (int part = 0; part < 4; part++)
            sums[part] += colour >> (8 * part) & 255;
    }
    uint32_t pixel = 0;
    for (int part = 0; part < 4; part++)
        pixel |= (sums[part] + FINE * FINE / 2) / (FINE * FINE) << (8 * part);
    return pixel;
}

static void paint_row(struct making *making, size_t row)
{
    const struct heat *heat = making->heat;
    const uint8_t *above = making->corners[0], *below = making->corners[1];
    size_t width = (size_t)heat->width;
    if (!making->loud[0] && !making->loud[1])
        return;
    for (size_t i = 0; i < width; i++) {
        bool same = above[i] == above[i + 1] && above[i] == below[i] && above[i] == below[i + 1];
        size_t at = row * width + i;
        if ((same && above[i] == 0) || near_dropped(making, at))
            continue;
        struct corners corners = {0};
        for (size_t k = 0; k < 4 && !same; k++) {
            corners.value[k] = making->rows[k / 2][i + k % 2];
            corners.support[k] = making->rows[2 + k / 2][i + k % 2];
        }
        heat->pixels[at] = same ? making->palette[above[i]] : mix_pixel(making, &corners);
    }
}

static bool open_making(struct making *making, struct error *error)
{
    const struct heat_source *source = making->source;
    struct heat *heat = making->heat;
    size_t count = (size_t)heat->width * (size_t)heat->height;
    for (size_t k = 0; k < source->classes->count; k++)
        making->palette[k + 1] = colour_pixel(source->colours[k]);
    making->palette[HEAT_NO_DATA] = colour_pixel(source->no_data);
    for (int i = 0; i < 4; i++)
        if (!array_new(&making->rows[i], making->lattice.columns, sizeof(double), error))
            return false;
    for (int i = 0; i < 2; i++)
        if (!array_new(&making->corners[i], making->lattice.columns, 1, error))
            return false;
    making->support.linear = true;
    making->support.quiet = -INFINITY;
    /* Between cells the spline rises at most a quarter above the highest. */
    making->density.quiet = source->classes->limits[0] * 0.75;
    return array_new(&heat->pixels, count, sizeof *heat->pixels, error)
           && array_new(&heat->classes, count, 1, error)
           && array_new(&making->dropped, count, 1, error)
           && open_sampler(&making->density, source->density, &making->lattice, error)
           && (!source->support
               || open_sampler(&making->support, source->support, &making->lattice, error));
}

static void close_making(struct making *making)
{
    for (int i = 0; i < 4; i++)
        array_free(&making->rows[i]);
    for (int i = 0; i < 2; i++)
        array_free(&making->corners[i]);
    array_free(&making->dropped);
    free_sampler(&making->density);
    free_sampler(&making->support);
}

/* Twice over the rows: what a patch's size decides must be known before it is painted. */
static bool make(struct making *making, struct error *error)
{
    struct heat *heat = making->heat;
    if (!open_making(making, error))
        return false;
    read_row(making, 1, 0);
    for (size_t row = 0; row < (size_t)heat->height; row++) {
        next_row(making, row + 1);
        classify_row(making, row);
    }
    if (!drop_small_patches(making, error))
        return false;
    read_row(making, 1, 0);
    for (size_t row = 0; row < (size_t)heat->height; row++) {
        next_row(making, row + 1);
        paint_row(making, row);
    }
    heat->has_withheld =
        memchr(heat->classes, HEAT_WITHHELD, (size_t)heat->width * (size_t)heat->height) != NULL;
    return true;
}

bool heat_read(struct heat *heat, const struct heat_source *source, struct error *error)
{
    const struct view *view = source->view;
    *heat = (struct heat){.width = (int)(view->width * source->pixels_per_point + 0.5),
                          .height = (int)(view->height * source->pixels_per_point + 0.5)};
    struct making making = {.heat = heat, .source = source};
    making.lattice = (struct lattice){
        .x = view->ground.x_min,
        .y = view->ground.y_max,
        .step = 1 / (view->scale * source->pixels_per_point),
        .columns = (size_t)heat->width + 1,
        .rows = (size_t)heat->height + 1,
    };
    bool done = make(&making, error);
    close_making(&making);
    if (!done)
        heat_free(heat);
    return done;
}

void heat_free(struct heat *heat)
{
    array_free(&heat->pixels);
    array_free(&heat->classes);
    *heat = (struct heat){0};
}

static bool is_withheld(const struct heat *heat, int column, int row)
{
    return column >= 0 && row >= 0 && column < heat->width && row < heat->height
           && heat->classes[(size_t)row * (size_t)heat->width + (size_t)column] == HEAT_WITHHELD;
}

static struct colour blend(struct colour under, struct colour over, double share)
{
    return (struct colour){under.red + (over.red - under.red) * share,
                           under.green + (over.green - under.green) * share,
                           under.blue + (over.blue - under.blue) * share, 1};
}

/* Lines rise to the right; how much of the pixel a line covers falls off over one pixel. */
static struct colour hatch_at(const struct hatching *hatching, int column, int row)
{
    const double root_half = 0.70710678118654752;
    double across = fmod((column + row) * root_half, hatching->spacing);
    double distance = fmin(across, hatching->spacing - across);
    double cover = fmin(fmax(hatching->width / 2 + 0.5 - distance, 0), 1);
    return blend(hatching->ground, hatching->line, cover);
}

bool heat_hatch(uint32_t **pixels, const struct heat *heat, const struct hatching *hatching,
                struct error *error)
{
    size_t width = (size_t)heat->width;
    if (!array_new(pixels, width * (size_t)heat->height, sizeof **pixels, error))
        return false;
    for (int row = 0; row < heat->height; row++)
        for (int column = 0; column < heat->width; column++) {
            if (!is_withheld(heat, column, row))
                continue;
            bool edge = !is_withheld(heat, column - 1, row) || !is_withheld(heat, column + 1, row)
                        || !is_withheld(heat, column, row - 1)
                        || !is_withheld(heat, column, row + 1);
            (*pixels)[(size_t)row * width + (size_t)column] =
                colour_pixel(edge ? hatching->edge : hatch_at(hatching, column, row));
        }
    return true;
}
