/* Turns rasters of density into a picture of filled classes with smooth edges. */
#include "engine/draw/heat.h"

#include "engine/core/parallel.h"
#include "engine/draw/patches.h"
#include "engine/draw/resample.h"

#include <math.h>
#include <string.h>

/* Everything that goes on while a picture is made. */
struct making {
    struct heat *heat;
    const struct heat_source *source;
    struct lattice lattice;
    struct sampler density, support;
    uint8_t *loud;      /* of each raster row's blocks of columns: may a pixel near be coloured? */
    size_t block_count; /* of a row */
    size_t *block_samples;          /* the first sample in each block, block_count + 1 */
    double cuts[CLASSES_FINE_MOST]; /* limits between the steps of colour */
    size_t cut_count;
    uint32_t palette[256]; /* opaque colours by step; step 0 is transparent */
};

/* Rows of pixels that one worker makes. */
struct band {
    const struct making *making;
    struct span *spans; /* where something may be coloured; elsewhere all stays 0 */
    size_t span_count;
    double *rows[4];     /* density and support above and below a row of pixels */
    uint8_t *corners[2]; /* the class of each sample above and below */
    double *mixed;       /* a raster between its rows */
};

/* How many cuts lie at or below the value: by halves while there are many, the rest counted. */
static size_t rank_of(const struct making *making, double value)
{
    const double *cuts = making->cuts;
    size_t rank = 0, count = making->cut_count;
    while (count > CLASSES_MOST) {
        size_t half = count / 2;
        if (value >= cuts[half - 1]) {
            cuts += half;
            rank += half;
        }
        count -= half;
    }
    for (size_t i = 0; i < count; i++)
        rank += value >= cuts[i] ? 1 : 0;
    return rank;
}

static uint8_t class_of(const struct making *making, double value, double support)
{
    const struct heat_source *source = making->source;
    if (value < making->cuts[0])
        return 0;
    if (isnan(value))
        return HEAT_NO_DATA;
    size_t rank = rank_of(making, value);
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
static void read_row(struct band *band, int which, size_t row)
{
    const struct making *making = band->making;
    uint8_t *corners = band->corners[which];
    const struct sampling sampling = {&making->lattice, row, band->spans, band->span_count};
    sampler_row(band->rows[which], &making->density, &sampling, band->mixed);
    if (making->source->support)
        sampler_row(band->rows[which + 2], &making->support, &sampling, band->mixed);
    for (size_t s = 0; s < band->span_count; s++)
        for (size_t i = band->spans[s].begin; i < band->spans[s].end; i++)
            corners[i] = class_of(making, band->rows[which][i], band->rows[which + 2][i]);
}

static void next_row(struct band *band, size_t row)
{
    for (int i = 0; i < 4; i += 2) {
        double *above = band->rows[i];
        band->rows[i] = band->rows[i + 1];
        band->rows[i + 1] = above;
    }
    uint8_t *corners = band->corners[0];
    band->corners[0] = band->corners[1];
    band->corners[1] = corners;
    read_row(band, 1, row);
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
            class_of(making, within(corners->value, u, v), within(corners->support, u, v));
        uint32_t colour = making->palette[rank];
        for (int part = 0; part < 4; part++)
            sums[part] += colour >> (8 * part) & 255;
    }
    uint32_t pixel = 0;
    for (int part = 0; part < 4; part++)
        pixel |= (sums[part] + FINE * FINE / 2) / (FINE * FINE) << (8 * part);
    return pixel;
}

/* A pixel whose corners are of one class is of that class; else it is looked at closer. */
static void paint_pixel(const struct band *band, size_t row, size_t column)
{
    const struct making *making = band->making;
    const uint8_t *above = band->corners[0] + column, *below = band->corners[1] + column;
    size_t at = row * (size_t)making->heat->width + column;
    if (above[0] == above[1] && above[0] == below[0] && above[0] == below[1]) {
        making->heat->classes[at] = above[0];
        making->heat->pixels[at] = making->palette[above[0]];
        return;
    }
    struct corners corners = {0};
    for (size_t k = 0; k < 4; k++) {
        corners.value[k] = band->rows[k / 2][column + k % 2];
        corners.support[k] = band->rows[2 + k / 2][column + k % 2];
    }
    making->heat->pixels[at] = mix_pixel(making, &corners);
    making->heat->classes[at] = class_of(making, middle_of(band->rows[0], band->rows[1], column),
                                         middle_of(band->rows[2], band->rows[3], column));
}

static void paint_row(const struct band *band, size_t row)
{
    size_t width = (size_t)band->making->heat->width;
    for (size_t s = 0; s < band->span_count; s++) {
        struct span span = band->spans[s];
        size_t end = span.end < width ? span.end : width;
        for (size_t i = span.begin > 0 ? span.begin - 1 : 0; i < end; i++)
            paint_pixel(band, row, i);
    }
}

static size_t tiles_across(const struct heat *heat)
{
    return ((size_t)heat->width + HEAT_TILE - 1) / HEAT_TILE;
}

/* A patch that is wiped afterwards stays marked. */
static void mark_tiles(const struct band *band, size_t row)
{
    const struct heat *heat = band->making->heat;
    uint8_t *tiles = heat->tiles + row / HEAT_TILE * tiles_across(heat);
    size_t width = (size_t)heat->width;
    for (size_t s = 0; s < band->span_count; s++) {
        size_t end = band->spans[s].end < width ? band->spans[s].end : width;
        for (size_t i = band->spans[s].begin > 0 ? band->spans[s].begin - 1 : 0; i < end; i++)
            tiles[i / HEAT_TILE] |= heat->pixels[row * width + i] != 0;
    }
}

/* Between cells the spline rises at most an eighth above the highest along one axis, so that over
 * both, with what it dips below 0, it stays under a third: cells all below this colour nothing. */
static bool is_loud(const struct making *making, double value)
{
    const double share = 0.6;
    return !(value < making->source->classes->limits[0] * share); /* nor is NaN quiet */
}

/* A block is wider than a sample and the one beside it reach past its cell together. */
enum { BLOCK = 4, BAND_ROWS = HEAT_TILE };

static bool find_loud_blocks(struct making *making, struct error *error)
{
    const struct raster *raster = making->density.raster;
    size_t count = making->block_count = (raster->columns + BLOCK - 1) / BLOCK, sample = 0;
    if (!array_new(&making->loud, count * raster->rows, 1, error)
        || !array_new(&making->block_samples, count + 1, sizeof *making->block_samples, error))
        return false;
    for (size_t row = 0; row < raster->rows; row++)
        for (size_t c = 0; c < raster->columns; c++)
            if (is_loud(making, raster->values[row * raster->columns + c]))
                making->loud[row * count + c / BLOCK] = 1;
    while (sample < making->lattice.columns && making->density.across[sample].outside)
        sample++;
    for (size_t block = 0; block <= count; block++) {
        while (sample < making->lattice.columns && !making->density.across[sample].outside
               && making->density.across[sample].cells[1] < block * BLOCK)
            sample++;
        making->block_samples[block] = sample;
    }
    return true;
}

/* The raster rows that a row of samples reads, and one more on each side. */
static struct span rows_near(const struct making *making, size_t row)
{
    const struct raster *raster = making->density.raster;
    double y = making->lattice.y - (double)row * making->lattice.step;
    double cell = floor((y - raster->y_min) / raster->cell_m - 0.5), last = (double)raster->rows;
    return (struct span){(size_t)fmin(fmax(cell - 2, 0), last),
                         (size_t)fmin(fmax(cell + 4, 0), last)};
}

static bool is_block_loud(const struct making *making, struct span rows, size_t block)
{
    for (size_t row = rows.begin; row < rows.end; row++)
        if (making->loud[row * making->block_count + block])
            return true;
    return false;
}

/* Samples in and beside loud blocks. Where samples lie farther apart than cells, all of them. */
static void find_spans(struct band *band, size_t first_row, size_t end_row)
{
    const struct making *making = band->making;
    const double nearly = 0.99;
    struct span rows = {rows_near(making, end_row).begin, rows_near(making, first_row).end};
    band->span_count = 0;
    if (!(making->lattice.step < nearly * making->density.raster->cell_m)) {
        band->spans[band->span_count++] = (struct span){0, making->lattice.columns};
        return;
    }
    for (size_t block = 0; block < making->block_count; block++) {
        if (!is_block_loud(making, rows, block))
            continue;
        size_t before = block > 0 ? block - 1 : 0, count = making->block_count;
        size_t behind = block + 2 < count ? block + 2 : count;
        struct span span = {making->block_samples[before], making->block_samples[behind]};
        struct span *last = band->span_count > 0 ? &band->spans[band->span_count - 1] : NULL;
        if (last != NULL && span.begin <= last->end)
            last->end = span.end;
        else if (span.begin < span.end)
            band->spans[band->span_count++] = span;
    }
}

static bool open_band(struct band *band, struct error *error)
{
    const struct making *making = band->making;
    size_t columns = making->lattice.columns, cells = making->density.raster->columns;
    if (making->source->support && making->source->support->columns > cells)
        cells = making->source->support->columns;
    for (int i = 0; i < 4; i++)
        if (!array_new(&band->rows[i], columns, sizeof(double), error))
            return false;
    for (int i = 0; i < 2; i++)
        if (!array_new(&band->corners[i], columns, 1, error))
            return false;
    return array_new(&band->mixed, cells, sizeof *band->mixed, error)
           && array_new(&band->spans, making->block_count + 1, sizeof *band->spans, error);
}

static void close_band(struct band *band)
{
    for (int i = 0; i < 4; i++)
        array_free(&band->rows[i]);
    for (int i = 0; i < 2; i++)
        array_free(&band->corners[i]);
    array_free(&band->mixed);
    array_free(&band->spans);
}

static bool make_band(void *state, size_t chunk, int worker, struct error *error)
{
    const struct making *making = state;
    struct band band = {.making = making};
    size_t first = chunk * BAND_ROWS, end = first + BAND_ROWS;
    (void)worker;
    if (end > (size_t)making->heat->height)
        end = (size_t)making->heat->height;
    bool done = open_band(&band, error);
    if (done)
        find_spans(&band, first, end);
    if (done && band.span_count > 0) {
        read_row(&band, 1, first);
        for (size_t row = first; row < end; row++) {
            next_row(&band, row + 1);
            paint_row(&band, row);
            mark_tiles(&band, row);
        }
    }
    close_band(&band);
    return done;
}

/* The smooth edge of a patch runs over the pixels around it. */
static void wipe_run(struct heat *heat, const struct patch_run *run)
{
    size_t width = (size_t)heat->width, at = run->row * width;
    size_t left = run->begin > 0 ? run->begin - 1 : 0;
    size_t right = run->end < width ? run->end + 1 : width, length = run->end - run->begin;
    memset(heat->classes + at + run->begin, 0, length);
    memset(heat->pixels + at + left, 0, (right - left) * sizeof *heat->pixels);
    if (run->row > 0)
        memset(heat->pixels + at - width + run->begin, 0, length * sizeof *heat->pixels);
    if (run->row + 1 < (size_t)heat->height)
        memset(heat->pixels + at + width + run->begin, 0, length * sizeof *heat->pixels);
}

enum { SORT_COLOURED = 1, SORT_WITHHELD = 2 };

static bool drop_small_patches(const struct making *making, struct error *error)
{
    struct heat *heat = making->heat;
    const double least[3] = {0, making->source->smallest_coloured_m2,
                             making->source->smallest_hatched_m2};
    double pixel_m2 = making->lattice.step * making->lattice.step;
    uint8_t sorts[256] = {[HEAT_WITHHELD] = SORT_WITHHELD};
    struct patches patches;
    if (!(least[SORT_COLOURED] > 0) && !(least[SORT_WITHHELD] > 0))
        return true;
    memset(sorts + 1, SORT_COLOURED, HEAT_WITHHELD - 1);
    const struct patch_picture picture = {heat->classes, (size_t)heat->width, (size_t)heat->height,
                                          sorts};
    if (!patches_find(&patches, &picture, error))
        return false;
    for (size_t i = 0; i < patches.run_count; i++) {
        const struct patch *patch = &patches.patches[patches.runs[i].patch];
        if (!patch->cut && (double)patch->pixels * pixel_m2 < least[patch->sort])
            wipe_run(heat, &patches.runs[i]);
    }
    patches_free(&patches);
    return true;
}

static bool open_making(struct making *making, struct error *error)
{
    const struct heat_source *source = making->source;
    struct heat *heat = making->heat;
    size_t count = (size_t)heat->width * (size_t)heat->height;
    making->cut_count = classes_fine(making->cuts, source->classes);
    for (size_t k = 0; k < making->cut_count; k++)
        making->palette[k + 1] = colour_pixel(source->colours[k]);
    making->palette[HEAT_NO_DATA] = colour_pixel(source->no_data);
    making->support.linear = true;
    size_t tiles_down = ((size_t)heat->height + HEAT_TILE - 1) / HEAT_TILE;
    return array_new(&heat->pixels, count, sizeof *heat->pixels, error)
           && array_new(&heat->classes, count, 1, error)
           && array_new(&heat->tiles, tiles_across(heat) * tiles_down, 1, error)
           && sampler_open(&making->density, source->density, &making->lattice, error)
           && (!source->support
               || sampler_open(&making->support, source->support, &making->lattice, error))
           && find_loud_blocks(making, error);
}

static void close_making(struct making *making)
{
    sampler_free(&making->density);
    sampler_free(&making->support);
    array_free(&making->loud);
    array_free(&making->block_samples);
}

/* From steps of colour to classes. */
static void join_steps(struct heat *heat)
{
    for (size_t i = 0; i < (size_t)heat->width * (size_t)heat->height; i++)
        if (heat->classes[i] > 0 && heat->classes[i] < HEAT_WITHHELD)
            heat->classes[i] = (uint8_t)((heat->classes[i] - 1) / CLASSES_STEPS + 1);
}

bool heat_may_colour(const struct heat *heat, const double box[4])
{
    double right = heat->width - 1, bottom = heat->height - 1;
    if (!(box[0] <= right && box[1] >= 0 && box[2] <= bottom && box[3] >= 0))
        return false;
    size_t first = (size_t)fmax(box[0], 0) / HEAT_TILE;
    size_t last = (size_t)fmin(box[1], right) / HEAT_TILE;
    size_t end = (size_t)fmin(box[3], bottom) / HEAT_TILE + 1;
    for (size_t row = (size_t)fmax(box[2], 0) / HEAT_TILE; row < end; row++)
        if (memchr(heat->tiles + row * tiles_across(heat) + first, 1, last - first + 1) != NULL)
            return true;
    return false;
}

static bool make(struct making *making, struct error *error)
{
    struct heat *heat = making->heat;
    size_t bands = ((size_t)heat->height + BAND_ROWS - 1) / BAND_ROWS;
    const struct parallel_job job = {make_band, making, bands, making->source->thread_count};
    if (!open_making(making, error) || !parallel_for(&job, error)
        || !drop_small_patches(making, error))
        return false;
    if (making->source->classes->smooth)
        join_steps(heat);
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
    array_free(&heat->tiles);
    *heat = (struct heat){0};
}
