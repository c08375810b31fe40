/* Tests that a room for which there is no memory says so, gives back what it had, and leaves what
 * it was given: each allocation of the disclosure and ownership rooms fails in its turn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/analysis/border.h"
#include "engine/analysis/plenty.h"
#include "engine/analysis/square_density.h"
#include "engine/core/text.h"
#include "engine/formats/seal.h"
#include "engine/formats/vocabulary.h"
#include "engine/formats/zip_write.h"
#include "engine/report/dots.h"
#include "engine/report/export_incidents.h"
#include "engine/report/handover_package.h"
#include "engine/report/handover_tables.h"
#include "engine/report/handover_verify.h"
#include "engine/space/assign.h"
#include "engine/study/districts.h"
#include "engine/study/handover_merge.h"
#include "engine/study/handover_rows.h"
#include "engine/study/handover_totals.h"
#include "engine/study/packages_join.h"
#include "tests/faults.h"
#include "tests/towns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a handover ---- */

enum { LEAST = 10, SQUARES = 6, QUARTERS = 2, FIRST = 2024 * 4 };

static bool are_enough(const void *state, const uint32_t *by_source, size_t source_count)
{
    (void)state;
    return source_count == 1 && by_source[0] >= LEAST;
}

/* Four squares that are one of 200 m, and two by themselves. */
static bool lay_out(struct handover *handover, const struct handover_options *options,
                    struct error *error)
{
    static const struct square squares[SQUARES] = {{1030, 5020, 1}, {1030, 5021, 1},
                                                   {1031, 5020, 1}, {1031, 5021, 1},
                                                   {1032, 5020, 1}, {1033, 5020, 1}};
    static const uint32_t sums[SQUARES] = {8, 4, 4, 4, 40, 60};
    const struct square_counts counts = {squares, SQUARES, 1, sums};
    *handover = (struct handover){.options = *options,
                                  .crs = "EPSG:28992",
                                  .least_per_ha = 20,
                                  .first_quarter = FIRST,
                                  .quarter_count = QUARTERS,
                                  .source_count = 1};
    handover->options.depth_m = 500;
    handover->options.least = LEAST;
    if (!array_new(&handover->squares, SQUARES, sizeof *squares, error))
        return false;
    memcpy(handover->squares, squares, sizeof squares);
    handover->square_count = SQUARES;
    return squares_join(&handover->pieces, &counts, are_enough, NULL, error)
           && handover_lay_out(handover, error);
}

static bool make(struct handover *handover, const struct handover_options *options,
                 struct error *error)
{
    uint32_t *counts = NULL;
    bool done = lay_out(handover, options, error)
                && array_new(&counts, handover->table.cell_count, sizeof *counts, error);
    for (size_t s = 0; done && s < SQUARES; s++) {
        static const uint32_t social[SQUARES] = {4, 2, 2, 2, 20, 40};
        counts[handover_cell(handover, DOMAIN_SOCIAL, s, 0)] = social[s];
        counts[handover_cell(handover, DOMAIN_SAFETY, s, 1)] = s < 4 ? social[s] : 20;
    }
    if (done)
        disclosure_add_source(&handover->table, counts);
    array_free(&counts);
    return done && handover_protect(handover, error);
}

static const struct handover_options NOTHING = {0};

static void make_it(struct handover *handover)
{
    assert_true(make(handover, &NOTHING, NULL));
}

static struct handover other; /* made before memory gets short */
static struct text table;     /* squares.csv */

static void write_table(void)
{
    struct sheet sheet = {0};
    make_it(&other);
    assert_true(handover_squares(&sheet, &other, NULL));
    sheet_write(&table, &sheet, SHEET_CSV);
    sheet_free(&sheet);
    handover_free(&other);
}

static bool read_table(struct handover *handover, struct error *error)
{
    const struct handover_facts facts = {"squares.csv", "EPSG:28992", LEAST,   20,
                                         500,           FIRST,        QUARTERS};
    return handover_read(handover, table.bytes, table.length, &facts, error);
}

/* With a package that the receiver has, and totals of squares within and across others. */
static bool play_made(struct error *error)
{
    struct handover_total items[] = {{{0, 0, 0}, HANDOVER_DOMAINS, FIRST, {0, 90}},
                                     {{1030, 5020, 2}, 0, HANDOVER_NO_QUARTER, {10, 10}},
                                     {{1030, 5020, 5}, 0, HANDOVER_NO_QUARTER, {10, 99}},
                                     {{1032, 5020, 2}, 0, FIRST + 1, {0, 99}}};
    const struct handover_totals totals = {items, 4, 4};
    struct handover handover;
    struct disclosure_leaks leaks = {0};
    bool done =
        make(&handover,
             &(struct handover_options){.earlier = &other, .earlier_count = 1, .totals = &totals},
             error)
        && disclosure_leaks_find(&leaks, &handover.table, error);
    disclosure_leaks_free(&leaks);
    handover_free(&handover);
    return done;
}

/* 3 and 20: with a total of 25 (23 to 27), the 3 would be known to lie between 1 and 9. */
static bool play_protected(struct error *error)
{
    struct disclosure published = {0};
    struct disclosure_axis axes[DISCLOSURE_AXES] = {0};
    const size_t parts[] = {0, 1};
    uint32_t *counts = NULL;
    size_t lost, node;
    bool done = true;
    for (int a = 0; done && a < DISCLOSURE_AXES; a++)
        done = disclosure_axis_new(&axes[a], a == 1 ? 2 : 1, error);
    if (!done || !disclosure_axis_add(&axes[1], parts, 2, &node, error)) {
        for (int a = 0; a < DISCLOSURE_AXES; a++)
            disclosure_axis_free(&axes[a]);
        return false;
    }
    if (!disclosure_new(&published, axes, LEAST, error))
        return false;
    if (array_new(&counts, 3, sizeof *counts, error)) {
        counts[0] = 3;
        counts[1] = 20;
        disclosure_add_source(&published, counts);
        disclosure_publish(&published, 1);
        done = disclosure_protect(&published, &lost, error);
        assert_true(!done || lost == 1);
    } else {
        done = false;
    }
    array_free(&counts);
    disclosure_free(&published);
    return done;
}

static void a_handover_is_made_or_not(void **state)
{
    (void)state;
    write_table();
    assert_true(read_table(&other, NULL));
    text_free(&table);
    each_allocation_fails(&(struct work){.name = "play_made", .run = play_made});
    each_allocation_fails(&(struct work){.name = "play_protected", .run = play_protected});
    handover_free(&other);
}

static bool play_merged(struct error *error)
{
    struct handover_joint joint;
    const struct handover packages[2] = {other, other};
    bool done = handover_merge(&joint, packages, error);
    handover_joint_free(&joint);
    return done;
}

static void two_packages_are_merged_or_not(void **state)
{
    (void)state;
    make_it(&other);
    each_allocation_fails(&(struct work){.name = "play_merged", .run = play_merged});
    handover_free(&other);
}

/* ---- its tables ---- */

static struct handover_row rows[2];

static bool play_tables(struct error *error)
{
    struct sheet squares = {0}, clusters = {0}, listed = {0};
    struct text texts[4] = {{0}};
    bool done =
        handover_squares(&squares, &other, error) && handover_clusters(&clusters, &other, error)
        && handover_rows(&listed, &other, error) && handover_geojson(&texts[3], &other, error);
    if (done) {
        sheet_write(&texts[0], &squares, SHEET_CSV);
        sheet_write(&texts[1], &clusters, SHEET_CSV);
        sheet_write(&texts[2], &listed, SHEET_CSV);
    }
    for (int t = 0; t < 4; t++) {
        done = done && text_check(&texts[t], error);
        text_free(&texts[t]);
    }
    sheet_free(&squares);
    sheet_free(&clusters);
    sheet_free(&listed);
    return done;
}

static void its_tables_are_whole_or_not_there(void **state)
{
    (void)state;
    make_it(&other);
    rows[0] = (struct handover_row){{1030, 5020, 1}, 0, HANDOVER_NO_QUARTER, "litter", "boa", 1};
    rows[1] = (struct handover_row){{1033, 5020, 1}, 2, FIRST, "", "politie", 3};
    other.rows = rows;
    other.row_count = 2;
    each_allocation_fails(&(struct work){.name = "play_tables", .run = play_tables});
    other.rows = NULL;
    handover_free(&other);
}

/* ---- what is read ---- */

static bool play_read(struct error *error)
{
    static const char lines[] = "square,x,y,domain,category,quarter,source,weight\n"
                                "E1030N5020,103050,502050,social,litter,2024-Q1,boa,1\n"
                                "E1032N5020,103250,502050,safety,dealing,,politie,1\n";
    const struct table_bytes file = {"incidents.csv", lines, sizeof lines - 1};
    struct handover handover;
    size_t incidents;
    bool done = read_table(&handover, error)
                && handover_rows_read(&handover, &incidents, &file, false, error);
    handover_free(&handover);
    return done;
}

static char path[] = "/tmp/plein-memory-XXXXXX";

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static bool play_totals(struct error *error)
{
    struct handover_totals totals = {0};
    bool done = handover_totals_read(&totals, path, error);
    handover_totals_free(&totals);
    return done;
}

static void tables_are_read_or_not(void **state)
{
    (void)state;
    write_table();
    each_allocation_fails(&(struct work){.name = "play_read", .run = play_read});
    text_free(&table);
    write_file("square,domain,quarter,incidents\nE1030N5020,,,3\n,social,2024-Q1,90\n");
    each_allocation_fails(&(struct work){.name = "play_totals", .run = play_totals});
}

/* ---- a package that is verified, whole and with all kinds of faults ---- */

static size_t faults; /* that were found */

static bool play_verified(struct error *error)
{
    struct handover_opened opened;
    bool done = handover_verify(&opened, path, error);
    faults = opened.faults.count;
    handover_opened_free(&opened);
    return done;
}

static void verify_without_memory(size_t wanted)
{
    each_allocation_fails(
        &(struct work){.name = "play_verified", .run = play_verified}); /* the last time with all */
    assert_int_equal(faults, wanted);
}

static void write_package(const char *clusters, const char *incidents)
{
    struct text manifest = {0};
    char hash[SEAL_HASH];
    seal_hash(hash, table.bytes, table.length);
    text_add(&manifest,
             "{\"crs\": \"EPSG:28992\", \"cluster_least_per_ha\": 20, \"depth_m\": 500, "
             "\"quarters\": {\"first\": \"2024-Q1\", \"last\": \"2024-Q2\"}, \"rowLevel\": true, "
             "\"agreement\": \"covenant 7\", "
             "\"disclosure\": {\"rules\": \"%s\", \"least\": %d}, "
             "\"resources\": [{\"path\": \"squares.csv\", \"bytes\": %zu, "
             "\"hash\": \"sha256:%s\"}, {\"hash\": \"\"}, {\"path\": \"none\"}, "
             "{\"path\": \"clusters.csv\"}]}",
             HANDOVER_RULES, LEAST, table.length, hash);
    const struct zip_member members[] = {
        {"datapackage.json", manifest.bytes, manifest.length},
        {"squares.csv", table.bytes, table.length},
        {"clusters.csv", clusters, strlen(clusters)},
        {"incidents.csv", incidents, strlen(incidents)},
    };
    assert_true(zip_write(path, members, incidents[0] != '\0' ? 4 : 3, NULL));
    text_free(&manifest);
}

static void a_package_is_verified_or_not(void **state)
{
    (void)state;
    struct text unprotected = {0};
    static const char *const squares[] = {"E1030N5020,100,103000,502000",
                                          "E1031N5020,100,103100,502000"};
    write_table();
    write_package("", "");
    verify_without_memory(6);
    write_package("", "square,x,y,domain,category,quarter,source,weight\n"
                      "E1030N5020,103050,502050,social,litter,2024-Q1,boa,1\n");
    verify_without_memory(22);
    text_free(&table);
    text_add(&unprotected, "square,size_m,x,y,domain,quarter,incidents\n");
    for (int s = 0; s < 2; s++)
        text_add(&unprotected, "%s,,,25\n%s,social,,20\n%s,,2024-Q1,20\n", squares[s], squares[s],
                 squares[s]);
    table = unprotected;
    write_package("", "");
    verify_without_memory(26);
    text_free(&table);
}

/* ---- packages in a study ---- */

static bool play_taken(struct error *error)
{
    struct square_list list = {0};
    struct box *boxes = NULL;
    size_t box_count = 0;
    struct study study = {.sources = dictionary_open(error)};
    struct handover handover = {0};
    const struct package_facts facts = {.sender_name = "Heemskerk"};
    struct packages *packages = &study.packages;
    study.selection.domains = 1;
    study.selection.has_box = true;
    study.selection.box[2] = study.selection.box[3] = INT32_MAX;
    study.selection.has_period = true;
    study.selection.last_day = 1 << 20;
    bool done = study.sources != NULL && read_table(&handover, error)
                && array_new(&packages->items, 1, sizeof *packages->items, error);
    if (done) {
        packages->count = 1;
        packages->items[0].source = text_copy("beverwijk", 9, error);
        done = packages->items[0].source != NULL
               && package_take(&packages->items[0], &study, &handover, &facts, error)
               && packages_list(&list, packages, OUTSIDE, error)
               && packages_boxes(&boxes, &box_count, packages, error);
    }
    array_free(&list.items);
    array_free(&boxes);
    handover_free(&handover);
    packages_free(packages);
    dictionary_close(study.sources);
    return done;
}

static void a_package_is_taken_or_not(void **state)
{
    (void)state;
    write_table();
    each_allocation_fails(&(struct work){.name = "play_taken", .run = play_taken});
    text_free(&table);
}

/* ---- incidents that leave ---- */

static struct towns towns;

static struct gathered gathered;

static bool play_exported(struct error *error)
{
    const struct export_source from = {&towns.study, &gathered};
    struct layer squares = {0}, listed = {0};
    bool done = export_squares(&squares, &from, error) && export_rows(&listed, &from, error);
    if (done)
        assert_int_equal(listed.row_count, 2);
    layer_free(&squares);
    layer_free(&listed);
    notes_free(&towns.study.notes); /* which may be lost */
    return done;
}

static void incidents_leave_or_not(void **state)
{
    (void)state;
    towns_make(&towns, 2);
    towns_write(&towns, "103950,502150,loitering,2024-02-03,politie,30\n"
                        "104020,502150,litter,2024-02-03,boa,12\n"
                        "103950,502150,organised-crime,2024-02-03,politie,1\n");
    towns_open(&towns, "A");
    gathered.columns = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME;
    assert_true(gather_run(&gathered, &towns.study, NULL));
    each_allocation_fails(&(struct work){.name = "play_exported", .run = play_exported});
    gather_free(&gathered);
    towns_close(&towns);
    towns_remove(&towns);
}

/* ---- densities ---- */

static bool play_density(struct error *error)
{
    static const struct counted_square items[] = {{{1030, 5020, 1}, 45}, {{1032, 5020, 2}, 60}};
    static const struct counted_squares squares = {items, 2};
    static const struct grid grid = {100000, 500000, 1};
    struct raster raster = {0};
    bool done = raster_new(&raster, (struct box){102900, 501900, 103500, 502300}, 50, error);
    for (int support = 0; done && support < 2; support++)
        done = square_density_add(&raster, &squares, &grid,
                                  &(struct density_options){.bandwidth_m = 100, .thread_count = 1},
                                  support == 1, error);
    raster_free(&raster);
    return done;
}

static bool play_plenty(struct error *error)
{
    struct plenty plenty;
    const struct frame frame = {
        .cell = 1, .reach2 = 100, .columns = 9, .rows = 9, .thread_count = 1};
    bool done = plenty_new(&plenty, &frame, 1, 10, error) && plenty_refresh(&plenty, error);
    plenty_free(&plenty);
    return done;
}

static void a_density_is_whole_or_not_there(void **state)
{
    (void)state;
    each_allocation_fails(&(struct work){.name = "play_density", .run = play_density});
    each_allocation_fails(&(struct work){.name = "play_plenty", .run = play_plenty});
}

/* ---- dots ---- */

static bool play_dots(struct error *error)
{
    static int32_t x[] = {1, 2}, y[] = {1, 1};
    static struct study study;
    static struct options options = {.sensitive = true};
    struct dots dots = {0};
    study.options = &options;
    const struct gathered two = {.count = 2, .grid_x = x, .grid_y = y, .study = &study};
    bool done = dots_take(&dots, &two, error);
    dots_free(&dots);
    return done;
}

static void dots_are_taken_or_not(void **state)
{
    (void)state;
    each_allocation_fails(&(struct work){.name = "play_dots", .run = play_dots});
}

/* ---- who owns a place ---- */

enum { SIDE_M = 400 };

/* Two squares side by side. */
static bool make_grounds(struct jurisdictions *grounds, const struct grid *grid,
                         struct error *error)
{
    *grounds = (struct jurisdictions){0};
    for (int j = 0; j < 2; j++) {
        struct jurisdiction item = {.code = text_copy(j == 0 ? "A" : "B", 1, error),
                                    .name = text_copy("", 0, error)};
        bool done = item.code != NULL && item.name != NULL && shape_new(&item.shape, 5, 1, error);
        for (int i = 0; done && i < 5; i++) {
            bool east = i == 1 || i == 2, north = i == 2 || i == 3;
            item.shape.x[i] = grid->origin_x + (j + (east ? 1 : 0)) * SIDE_M;
            item.shape.y[i] = grid->origin_y + (north ? SIDE_M : 0);
        }
        if (done)
            item.shape.ring_starts[1] = 5;
        if (!done || !jurisdictions_add(grounds, &item, error)) {
            free(item.code);
            free(item.name);
            shape_free(&item.shape);
            return false;
        }
    }
    return true;
}

static struct jurisdictions grounds;
static const struct grid GRID = {100000, 500000, 1};

static bool play_assigned(struct error *error)
{
    enum { MANY = 40 };
    int32_t x[MANY], y[MANY], owners[MANY];
    double border_m[MANY];
    struct assignment *assignment = assignment_open(
        &grounds, &(struct assignment_options){.grid = GRID, .gap_m = 1, .thread_count = 1}, error);
    if (assignment == NULL)
        return false;
    for (int i = 0; i < MANY; i++) {
        x[i] = (i * 25 - 100) * 1000;
        y[i] = 200 * 1000;
    }
    const struct points points = {x, y, MANY};
    assignment_owners(owners, assignment, &points);
    assignment_border_m(border_m, assignment, &(struct owned_points){points, owners}, INFINITY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(owners[i], i < 4 || i > 36 ? OUTSIDE : i <= 20 ? 0 : 1);
        if (owners[i] == 0)
            assert_true(border_m[i] == 400 - x[i] / 1e3);
    }
    assignment_close(assignment);
    return true;
}

static bool play_districts(struct error *error)
{
    const struct boundaries both = {.jurisdictions = grounds};
    struct overlay ground;
    bool done = districts_crossing(&ground, &both, &both, 1, error);
    if (done)
        assert_int_equal(ground.count, 0);
    overlay_free(&ground);
    return done;
}

static void a_place_has_its_owner_or_nobody_has_any(void **state)
{
    (void)state;
    assert_true(make_grounds(&grounds, &GRID, NULL));
    each_allocation_fails(&(struct work){.name = "play_assigned", .run = play_assigned});
    each_allocation_fails(&(struct work){.name = "play_districts", .run = play_districts});
    jurisdictions_free(&grounds);
}

/* ---- alone and together ---- */

enum { CROWD = 60, FRAME = 16 };

static bool play_border(struct error *error)
{
    static int32_t x[CROWD], y[CROWD];
    static uint8_t side[CROWD], domain[CROWD], ground[FRAME * FRAME];
    static double other_m[FRAME * FRAME];
    struct border border;
    struct border_input input = {
        .incidents = {.count = CROWD, .grid_x = x, .grid_y = y, .domain = domain, .grid = GRID},
        .side = side,
        .ground = ground,
        .other_m = other_m,
        .grounds = {&grounds.items[0].shape, &grounds.items[1].shape},
        .frame = {.x_min = GRID.origin_x,
                  .y_min = GRID.origin_y,
                  .cell_m = 50,
                  .columns = FRAME,
                  .rows = FRAME / 2},
    };
    const struct border_options options = {
        .density = {.bandwidth_m = 100, .thread_count = 1},
        .scale = 1e4,
        .clusters = {.radius_m = 35, .min_points = 5, .thread_count = 1},
    };
    for (int i = 0; i < CROWD; i++) {
        x[i] = 380000 + i % 8 * 5000;
        y[i] = 200000 + i / 8 * 5000;
        side[i] = x[i] > 400000;
    }
    for (size_t i = 0; i < input.frame.columns * input.frame.rows; i++) {
        double metres = ((double)(i % FRAME) + 0.5) * 50 - SIDE_M;
        ground[i] = metres > 0;
        other_m[i] = fabs(metres);
    }
    bool done = border_run(&border, &input, &options, error);
    if (done)
        assert_int_equal(border.together.count, 1);
    border_free(&border);
    return done;
}

static void a_border_is_seen_from_both_sides_or_not(void **state)
{
    (void)state;
    assert_true(make_grounds(&grounds, &GRID, NULL));
    each_allocation_fails(&(struct work){.name = "play_border", .run = play_border});
    jurisdictions_free(&grounds);
}

static int with_a_file(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int without_it(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handover_is_made_or_not),
        cmocka_unit_test(two_packages_are_merged_or_not),
        cmocka_unit_test(its_tables_are_whole_or_not_there),
        cmocka_unit_test(tables_are_read_or_not),
        cmocka_unit_test(a_package_is_verified_or_not),
        cmocka_unit_test(a_package_is_taken_or_not),
        cmocka_unit_test(incidents_leave_or_not),
        cmocka_unit_test(a_density_is_whole_or_not_there),
        cmocka_unit_test(dots_are_taken_or_not),
        cmocka_unit_test(a_place_has_its_owner_or_nobody_has_any),
        cmocka_unit_test(a_border_is_seen_from_both_sides_or_not),
    };
    return cmocka_run_group_tests(tests, with_a_file, without_it);
}
