/* Tests that a surface of incidents that come part by part is that of all of them, bit for bit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/surface.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 6000, PARTS = 4 };
static const size_t PART_ROWS[PARTS] = {1, 700, 2500, 0};

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

/* Around the Europaplein; the last third of the rows counts up to 9 times. Some have no place, and
 * some lie outside. */
static void write_incidents(const char *path, uint64_t seed)
{
    static const char *const CATEGORIES[] = {"litter", "dealing", "loitering"};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "x,y,category,occurred_at,weight\n");
    for (int i = 0; i < ROWS; i++) {
        uint64_t draw = next(&seed);
        if (draw % 50 == 0)
            fprintf(file, ",,");
        else
            fprintf(file, "%" PRIu64 ".%03" PRIu64 ",%" PRIu64 ".5,",
                    104000 + (draw >> 8) % (draw % 20 == 1 ? 90000 : 3500), (draw >> 32) % 1000,
                    499500 + (draw >> 20) % 3500);
        fprintf(file, "%s,2024-%02" PRIu64 "-03,%" PRIu64 "\n", CATEGORIES[draw % 3],
                1 + (draw >> 44) % 12, i < ROWS * 2 / 3 ? 1 : 1 + (draw >> 50) % 9);
    }
    assert_int_equal(fclose(file), 0);
}

static void set(struct options *options, const char *name, const char *value)
{
    assert_true(options_set(options, options_find(name), value, NULL));
}

struct pictured {
    struct raster density, support;
    struct gathered gathered;
};

static void make_rasters(struct pictured *pictured, struct study *study)
{
    struct box extent;
    assert_true(surface_extent(&extent, study, NULL));
    double cell = surface_cell_m(study, extent);
    assert_true(raster_new(&pictured->density, extent, cell, NULL));
    assert_true(raster_new(&pictured->support, extent, cell, NULL));
    pictured->gathered.columns = COLUMN_TIME;
}

static void pictured_free(struct pictured *pictured)
{
    raster_free(&pictured->density);
    raster_free(&pictured->support);
    gather_free(&pictured->gathered);
}

static void make_whole(struct pictured *pictured, struct study *study)
{
    make_rasters(pictured, study);
    assert_true(gather_run(&pictured->gathered, study, NULL));
    assert_true(surface_density(&pictured->density, study, &pictured->gathered, NULL));
    assert_true(surface_support(&pictured->support, study, &pictured->gathered, NULL));
}

static void make_in_parts(struct pictured *pictured, struct study *study, size_t rows)
{
    struct surface surface = {0};
    const struct gather_parts parts = {rows, surface_take, &surface};
    make_rasters(pictured, study);
    assert_true(surface_open(&surface, &pictured->density, study, NULL));
    assert_true(surface_open_support(&surface, &pictured->support, 0, NULL));
    assert_true(gather_run_in_parts(&pictured->gathered, study, &parts, NULL));
    assert_true(surface_finish(&pictured->density, &surface, &pictured->gathered, NULL));
    assert_true(surface_finish_support(&pictured->support, &surface, NULL));
    assert_int_equal(pictured->gathered.count, 0);
    surface_close(&surface);
}

static void assert_same(const struct pictured *a, const struct pictured *b)
{
    size_t bytes = a->density.columns * a->density.rows * sizeof(double);
    assert_memory_equal(a->density.values, b->density.values, bytes);
    assert_memory_equal(a->support.values, b->support.values, bytes);
    assert_int_equal(a->gathered.incidents, b->gathered.incidents);
    assert_int_equal(a->gathered.outside, b->gathered.outside);
    assert_int_equal(a->gathered.no_place, b->gathered.no_place);
    assert_true(a->gathered.first == b->gathered.first && a->gathered.last == b->gathered.last);
}

/* What is asked besides; NULL ends it. */
static void hold(const char *path, const char *const *asked)
{
    struct options options;
    struct study study;
    struct pictured whole = {0}, parts = {0};
    assert_true(options_new(&options, NULL));
    set(&options, "boundaries", "data/europaplein/gemeenten.shp");
    set(&options, "incidents", path);
    set(&options, "extent", "104500,500000,106503,502007");
    for (; *asked != NULL; asked += 2)
        set(&options, asked[0], asked[1]);
    assert_true(study_open(&study, &options, NULL));
    make_whole(&whole, &study);
    assert_true(whole.gathered.count > 100 && whole.gathered.outside + whole.gathered.no_place > 0);
    for (int i = 0; i < PARTS; i++) {
        make_in_parts(&parts, &study, PART_ROWS[i]);
        assert_same(&whole, &parts);
        pictured_free(&parts);
        parts = (struct pictured){0};
    }
    pictured_free(&whole);
    study_close(&study);
    options_free(&options);
}

static void parts_of_any_size_make_the_surface_of_the_whole(void **state)
{
    char path[] = "/tmp/plein-surface-XXXXXX";
    (void)state;
    static const char *const ASKED[][9] = {
        {NULL},                                    /* few: kept and summed one by one */
        {"bandwidth", "1500", "cell", "10", NULL}, /* many: a tally, begun when some are kept */
        {"bandwidth", "1500", "cell", "10", "edge", "diggle", "threads", "2", NULL},
        {"kernel", "gaussian", "cell", "20", "edge", "uniform", NULL},
        {"kernel", "uniform", "cell", "20", "per-year", "", "category", "litter", NULL},
        {"domain", "social", "from", "2024-03-01", "to", "2024-10-31", NULL},
    };
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    write_incidents(path, 88172645463325252u);
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++)
        hold(path, ASKED[i]);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_any_size_make_the_surface_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
