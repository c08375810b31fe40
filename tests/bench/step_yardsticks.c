/* Times what the machine and others' libraries do with the same items: memory, PROJ, GEOS, libpng.
 */
#include "tests/bench/heatpicture.h"
#include "tests/bench/scatter.h"
#include "tests/bench/steps.h"

#include "engine/analysis/density.h"
#include "engine/core/parallel.h"
#include "engine/study/boundaries.h"

#include <geos_c.h>
#include <png.h>
#include <proj.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 1 << 28, STRIPE = 1 << 22 };

/* Memory read once from end to end. */
struct memory {
    uint64_t *words;
    uint64_t sums[MEMORY / STRIPE];
    int threads;
};

static bool add_stripe(void *state, size_t chunk, int worker, struct error *error)
{
    struct memory *memory = state;
    const uint64_t *words = memory->words + chunk * (STRIPE / sizeof(uint64_t));
    uint64_t sums[8] = {0};
    (void)worker, (void)error;
    for (size_t i = 0; i < STRIPE / sizeof(uint64_t); i += 8)
        for (size_t k = 0; k < 8; k++)
            sums[k] += words[i + k];
    for (size_t k = 0; k < 8; k++)
        memory->sums[chunk] += sums[k];
    return true;
}

static bool read_memory(void *state, struct error *error)
{
    struct memory *memory = state;
    return parallel_for(
        &(struct parallel_job){add_stripe, memory, MEMORY / STRIPE, memory->threads}, error);
}

static void time_memory(void)
{
    struct error error = {0};
    static struct memory memory;
    step_need(array_new_raw(&memory.words, MEMORY, 1, &error), &error);
    memset(memory.words, 1, MEMORY);
    for (int threads = 1;; threads = steps_threads()) {
        char name[40];
        snprintf(name, sizeof name, "memory.read.%d", threads);
        memory.threads = threads;
        step_run(&(struct step){.name = name, .items = MEMORY, .bytes = MEMORY, .threads = threads},
                 read_memory, &memory);
        if (threads == steps_threads())
            break;
    }
    array_free(&memory.words);
}

/* PROJ by itself. */
struct moving {
    PJ *way;
    double *from, *to; /* x, y of each */
    size_t count;
};

static bool move(void *state, struct error *error)
{
    struct moving *moving = state;
    const size_t step = 2 * sizeof(double);
    memcpy(moving->to, moving->from, moving->count * step);
    size_t moved = proj_trans_generic(moving->way, PJ_FWD, moving->to, step, moving->count,
                                      moving->to + 1, step, moving->count, NULL, 0, 0, NULL, 0, 0);
    return moved == moving->count || error_set(error, ERROR_INTERNAL, "PROJ moved %zu", moved);
}

static void time_proj(void)
{
    struct error error = {0};
    struct scatter scatter;
    struct moving moving = {.count = step_setting("POINTS", 1000000)};
    PJ_CONTEXT *context = proj_context_create();
    proj_context_set_enable_network(context, 0);
    PJ *stated = proj_create_crs_to_crs(context, "EPSG:4258", "EPSG:28992", NULL);
    moving.way = proj_normalize_for_visualization(context, stated);
    step_need(array_new(&moving.from, moving.count, 2 * sizeof(double), &error)
                  && array_new(&moving.to, moving.count, 2 * sizeof(double), &error),
              &error);
    scatter_begin(&scatter, step_setting("SEED", 1));
    for (size_t i = 0; i < moving.count; i++) {
        struct place degrees = ground_degrees(scatter_next(&scatter));
        moving.from[2 * i] = (double)degrees.x / 1e9;
        moving.from[2 * i + 1] = (double)degrees.y / 1e9;
    }
    step_run(&(struct step){.name = "proj", .items = moving.count, .threads = 1, .repeats = 3},
             move, &moving);
    proj_destroy(moving.way);
    proj_destroy(stated);
    proj_context_destroy(context);
    array_free(&moving.from);
    array_free(&moving.to);
}

/* GEOS by itself: prepared polygons, found through a tree when they are many. */
enum { AREAS_MOST = 400 };
struct owning {
    GEOSContextHandle_t geos;
    GEOSGeometry *areas[AREAS_MOST];
    const GEOSPreparedGeometry *prepared[AREAS_MOST];
    size_t numbers[AREAS_MOST], area_count;
    GEOSSTRtree *tree;
    const struct step_points *points;
    GEOSGeometry *point;
    size_t owner, owned;
};

static GEOSGeometry *polygon_of(GEOSContextHandle_t geos, const struct shape *shape)
{
    GEOSCoordSequence *ring = GEOSCoordSeq_create_r(geos, (unsigned)shape->point_count, 2);
    for (size_t i = 0; i < shape->point_count; i++)
        GEOSCoordSeq_setXY_r(geos, ring, (unsigned)i, shape->x[i], shape->y[i]);
    return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, ring), NULL, 0);
}

static void try_area(void *item, void *state)
{
    struct owning *owning = state;
    size_t area = *(const size_t *)item;
    if (owning->owner == SIZE_MAX
        && GEOSPreparedContains_r(owning->geos, owning->prepared[area], owning->point) == 1)
        owning->owner = area;
}

static bool own(void *state, struct error *error)
{
    struct owning *owning = state;
    const struct step_points *points = owning->points;
    (void)error;
    owning->owned = 0;
    for (size_t i = 0; i < points->count; i++) {
        owning->point =
            GEOSGeom_createPointFromXY_r(owning->geos, grid_metres_x(&points->grid, points->x[i]),
                                         grid_metres_y(&points->grid, points->y[i]));
        owning->owner = SIZE_MAX;
        if (owning->area_count > 2)
            GEOSSTRtree_query_r(owning->geos, owning->tree, owning->point, try_area, owning);
        for (size_t area = 0; area < owning->area_count && owning->area_count <= 2; area++)
            try_area(&owning->numbers[area], owning);
        GEOSGeom_destroy_r(owning->geos, owning->point);
        owning->owned += owning->owner != SIZE_MAX ? 1 : 0;
    }
    return true;
}

static void time_geos(const char *name, char *path, const struct step_points *points)
{
    struct error error = {0};
    struct options options = {.boundaries = path};
    struct boundaries boundaries = {0};
    static struct owning owning;
    step_need(boundaries_read(&boundaries, &options, NULL, &error), &error);
    owning = (struct owning){.geos = GEOS_init_r(), .points = points};
    owning.tree = GEOSSTRtree_create_r(owning.geos, 10);
    owning.area_count = boundaries.jurisdictions.count;
    for (size_t i = 0; i < owning.area_count && i < AREAS_MOST; i++) {
        owning.numbers[i] = i;
        owning.areas[i] = polygon_of(owning.geos, &boundaries.jurisdictions.items[i].shape);
        owning.prepared[i] = GEOSPrepare_r(owning.geos, owning.areas[i]);
        GEOSSTRtree_insert_r(owning.geos, owning.tree, owning.areas[i], &owning.numbers[i]);
    }
    step_run(&(struct step){.name = name, .items = points->count, .threads = 1, .repeats = 3}, own,
             &owning);
    GEOSSTRtree_destroy_r(owning.geos, owning.tree);
    for (size_t i = 0; i < owning.area_count; i++) {
        GEOSPreparedGeom_destroy_r(owning.geos, owning.prepared[i]);
        GEOSGeom_destroy_r(owning.geos, owning.areas[i]);
    }
    GEOS_finish_r(owning.geos);
    boundaries_free(&boundaries);
}

/* libpng as it comes: true colour, its own choice of filters and of level. */
struct packing {
    uint8_t *rgb;
    size_t written;
};

static void count_bytes(png_structp png, png_bytep bytes, size_t length)
{
    struct packing *packing = png_get_io_ptr(png);
    (void)bytes;
    packing->written += length;
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static bool pack(void *state, struct error *error)
{
    struct packing *packing = state;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    (void)error;
    packing->written = 0;
    png_set_write_fn(png, packing, count_bytes, flush_nothing);
    png_set_IHDR(png, info, HEAT_SIDE, HEAT_SIDE, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (size_t row = 0; row < HEAT_SIDE; row++)
        png_write_row(png, packing->rgb + row * HEAT_SIDE * 3);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

static void time_libpng(const struct step_points *points)
{
    static uint8_t indexes[HEAT_SIDE * HEAT_SIDE], rgb[HEAT_SIDE * HEAT_SIDE * 3];
    static uint32_t palette[256];
    struct error error = {0};
    struct raster raster;
    struct packing packing = {.rgb = rgb};
    const struct weighted_points all = {{points->x, points->y, points->count}, NULL};
    const struct density_options options = {.kernel = KERNEL_QUARTIC, .bandwidth_m = 100};
    heatpicture_raster(&raster);
    step_need(density_run(&raster, &all, &points->grid, &options, &error), &error);
    heatpicture_shade(indexes, palette, &raster);
    raster_free(&raster);
    for (size_t i = 0; i < sizeof indexes; i++)
        for (size_t part = 0; part < 3; part++)
            rgb[3 * i + part] = (uint8_t)(palette[indexes[i]] >> (16 - 8 * part));
    pack(&packing, &error);
    step_run(&(struct step){.name = "libpng.default",
                            .items = sizeof indexes,
                            .bytes = sizeof indexes,
                            .threads = 1,
                            .repeats = 3,
                            .size_mb = (double)packing.written / 1e6},
             pack, &packing);
}

int main(int argc, char **argv)
{
    char path[4200];
    struct step_points points;
    if (argc != 2)
        return 2;
    time_memory();
    time_proj();
    step_points_make(&points, step_setting("POINTS", 1000000));
    snprintf(path, sizeof path, "%s", step_file(argv[1], "areas2.shp"));
    time_geos("geos.2x5000", path, &points);
    snprintf(path, sizeof path, "%s", step_file(argv[1], "areas400.shp"));
    time_geos("geos.400x1000", path, &points);
    time_libpng(&points);
    step_points_free(&points);
    return 0;
}
