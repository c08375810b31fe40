/* Tests the whole way from other people's files to owners: incident by incident against GEOS. */
#include "engine/study/query.h"
#include "engine/study/stages.h"

#include <geos_c.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* One pair of files, as an analyst would name them. */
struct pair {
    const char *boundaries, *incidents;
    bool zipped; /* the incidents come through zcat and standard input */
};

static const struct pair LANCASHIRE = {"boundaries/lancashire_districts.shp",
                                       "incidents/lancashire_asb.tab", false};
static const struct pair CHICAGO = {"boundaries/chicago_police_districts.shp",
                                    "incidents/chicago_aggravated_assaults.csv.gz", true};
static const struct pair BERLIN = {"boundaries/berlin/lor_bzr.shp",
                                   "incidents/berlin_strassenverkehrsunfaelle_2019.csv", false};

/* A study of a pair of files, and the pipe that stands in for standard input. */
struct fixture {
    struct options options;
    struct study study;
    char incidents[4096];
    FILE *pipe;
    int standard_input; /* as it was */
};

/* The path of a real file, or a loud skip of the test. */
static void need_real(char *path, size_t size, const char *name)
{
    const char *folder = getenv("PLEIN_REAL");
    snprintf(path, size, "%s/%s", folder != NULL ? folder : "../shared/real", name);
    if (access(path, R_OK) == 0)
        return;
    fprintf(stderr, "SKIPPED: %s is not there; set PLEIN_REAL\n", path);
    skip();
}

static void set(struct options *options, const char *name, const char *value)
{
    struct error error = {0};
    if (!options_set(options, options_find(name), value, &error))
        fail_msg("%s", error.message);
}

static void fixture_open(struct fixture *fixture, const struct pair *pair)
{
    char boundaries[4096];
    struct error error = {0};
    need_real(boundaries, sizeof boundaries, pair->boundaries);
    need_real(fixture->incidents, sizeof fixture->incidents, pair->incidents);
    assert_true(options_new(&fixture->options, &error));
    set(&fixture->options, "boundaries", boundaries);
    set(&fixture->options, "incidents", pair->zipped ? "-" : fixture->incidents);
    set(&fixture->options, "vocabulary", "data/vocabulary.csv");
    if (!study_open(&fixture->study, &fixture->options, &error))
        fail_msg("%s", error.message);
}

static void fixture_close(struct fixture *fixture)
{
    study_close(&fixture->study);
    options_free(&fixture->options);
}

/* `zcat FILE | ...` on the test's own standard input. */
static void zcat_begin(struct fixture *fixture, const struct pair *pair)
{
    char command[8192];
    if (!pair->zipped)
        return;
    snprintf(command, sizeof command, "zcat '%s'", fixture->incidents);
    fixture->pipe = popen(command, "r");
    assert_non_null(fixture->pipe);
    fixture->standard_input = dup(STDIN_FILENO);
    assert_int_equal(dup2(fileno(fixture->pipe), STDIN_FILENO), STDIN_FILENO);
    clearerr(stdin);
}

static void zcat_end(struct fixture *fixture, const struct pair *pair)
{
    if (!pair->zipped)
        return;
    if (fixture->standard_input >= 0) {
        dup2(fixture->standard_input, STDIN_FILENO);
        close(fixture->standard_input);
    }
    assert_int_equal(pclose(fixture->pipe), 0);
}

/* The oracle: the jurisdictions as GEOS polygons in whole units of the grid. */
struct oracle {
    GEOSContextHandle_t geos;
    GEOSGeometry **areas;
    const GEOSPreparedGeometry **prepared;
    size_t count;
    double gap_units;
    size_t several, near_none; /* how often the rule had to decide */
};

static GEOSGeometry *ring_of(GEOSContextHandle_t geos, const struct shape *shape, size_t ring,
                             const struct grid *grid)
{
    size_t first = shape->ring_starts[ring], count = shape->ring_starts[ring + 1] - first;
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, (unsigned)count, 2);
    for (size_t i = 0; i < count; i++)
        GEOSCoordSeq_setXY_r(geos, points, (unsigned)i, grid_x(grid, shape->x[first + i]),
                             grid_y(grid, shape->y[first + i]));
    GEOSGeometry *made = GEOSGeom_createLinearRing_r(geos, points);
    assert_non_null(made);
    return made;
}

/* A study's shapes have their shells counter-clockwise, each before its holes. */
static GEOSGeometry *area_of(GEOSContextHandle_t geos, const struct shape *shape,
                             const struct grid *grid)
{
    GEOSGeometry **parts = calloc(shape->ring_count + 1, sizeof *parts);
    GEOSGeometry **holes = calloc(shape->ring_count + 1, sizeof *holes);
    size_t part_count = 0;
    assert_true(parts != NULL && holes != NULL);
    for (size_t ring = 0; ring < shape->ring_count;) {
        GEOSGeometry *shell = ring_of(geos, shape, ring++, grid);
        unsigned hole_count = 0;
        while (ring < shape->ring_count && shape_ring_area2(shape, ring) < 0)
            holes[hole_count++] = ring_of(geos, shape, ring++, grid);
        parts[part_count] = GEOSGeom_createPolygon_r(geos, shell, holes, hole_count);
        assert_non_null(parts[part_count++]);
    }
    GEOSGeometry *area =
        GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, (unsigned)part_count);
    free(parts);
    free(holes);
    assert_non_null(area);
    return area;
}

static void oracle_open(struct oracle *oracle, const struct study *study)
{
    const struct boundaries *boundaries = &study->boundaries;
    oracle->geos = GEOS_init_r();
    oracle->count = boundaries->jurisdictions.count;
    oracle->gap_units = study->options->gap_m * 1000 / boundaries->grid.unit_mm;
    oracle->areas = calloc(oracle->count, sizeof(GEOSGeometry *));
    oracle->prepared = calloc(oracle->count, sizeof(const GEOSPreparedGeometry *));
    assert_true(oracle->areas != NULL && oracle->prepared != NULL);
    for (size_t j = 0; j < oracle->count; j++) {
        oracle->areas[j] =
            area_of(oracle->geos, &boundaries->jurisdictions.items[j].shape, &boundaries->grid);
        oracle->prepared[j] = GEOSPrepare_r(oracle->geos, oracle->areas[j]);
        assert_non_null(oracle->prepared[j]);
    }
}

static void oracle_close(struct oracle *oracle)
{
    for (size_t j = 0; j < oracle->count; j++) {
        GEOSPreparedGeom_destroy_r(oracle->geos, oracle->prepared[j]);
        GEOSGeom_destroy_r(oracle->geos, oracle->areas[j]);
    }
    free(oracle->areas);
    free(oracle->prepared);
    GEOS_finish_r(oracle->geos);
}

/* In none: the nearer of two that are within the gap, else outside. */
static int32_t nearest_over_the_gap(struct oracle *oracle, const GEOSGeometry *point)
{
    size_t within = 0;
    double best = INFINITY;
    int32_t nearest = OUTSIDE;
    for (size_t j = 0; j < oracle->count; j++) {
        double distance;
        assert_int_equal(
            GEOSPreparedDistance_r(oracle->geos, oracle->prepared[j], point, &distance), 1);
        if (distance > oracle->gap_units)
            continue;
        within++;
        distance = floor(distance * distance); /* whole square units */
        if (distance < best) {
            best = distance;
            nearest = (int32_t)j;
        }
    }
    if (within == 0)
        return OUTSIDE;
    oracle->near_none += within > 1;
    return within > 1 ? nearest : OUTSIDE;
}

static int32_t oracle_owner(struct oracle *oracle, int32_t x, int32_t y)
{
    if (x == GRID_NOWHERE)
        return NO_PLACE;
    if (x == GRID_FAR)
        return OUTSIDE;
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(oracle->geos, x, y);
    int32_t owner = OUTSIDE;
    size_t covering = 0;
    for (size_t j = 0; j < oracle->count; j++) {
        char covers = GEOSPreparedCovers_r(oracle->geos, oracle->prepared[j], point);
        assert_in_range(covers, 0, 1);
        if (covers == 1 && covering++ == 0)
            owner = (int32_t)j; /* the jurisdictions stand in the order of their codes */
    }
    oracle->several += covering > 1;
    if (covering == 0)
        owner = nearest_over_the_gap(oracle, point);
    GEOSGeom_destroy_r(oracle->geos, point);
    return owner;
}

/* What was seen of the incidents, batch by batch. */
struct comparison {
    struct oracle oracle;
    size_t incidents, outside, no_place, different;
    size_t *counts; /* by the oracle, per jurisdiction */
};

static bool compare(void *state, const struct incidents *batch, struct error *error)
{
    struct comparison *to = state;
    (void)error;
    for (size_t i = 0; i < batch->count; i++) {
        int32_t owner = oracle_owner(&to->oracle, batch->grid_x[i], batch->grid_y[i]);
        to->incidents++;
        to->outside += owner == OUTSIDE;
        to->no_place += owner == NO_PLACE;
        if (owner >= 0)
            to->counts[owner]++;
        if (owner != batch->owner[i] && to->different++ < 10)
            print_error("row %zu at %d, %d: plein says %d, GEOS %d\n",
                        batch->first_row + batch->row[i], batch->grid_x[i], batch->grid_y[i],
                        batch->owner[i], owner);
    }
    return true;
}

static void query_says_the_same(const struct pair *pair, const struct comparison *seen)
{
    struct fixture fixture = {0};
    struct query query = {0};
    struct error error = {0};
    assert_true(query_parse_keys(&query, "jurisdiction", &error));
    fixture_open(&fixture, pair);
    zcat_begin(&fixture, pair);
    if (!query_run(&query, &fixture.study, &error))
        fail_msg("%s", error.message);
    zcat_end(&fixture, pair);
    assert_int_equal(query.rows.count, seen->oracle.count);
    for (size_t r = 0; r < query.rows.count; r++) {
        int64_t owner = query_value(&query.rows.items[r], KEY_JURISDICTION);
        assert_in_range(owner, 0, seen->oracle.count - 1);
        assert_int_equal(query.rows.items[r].amount.incidents, seen->counts[owner]);
    }
    assert_int_equal(query.outside, seen->outside);
    assert_int_equal(query.no_place, seen->no_place);
    assert_int_equal(query.total, seen->incidents);
    query_free(&query);
    fixture_close(&fixture);
}

/* Reads a pair of files and holds every owner against the oracle, then the counts of a query. */
static void owners_equal_geos(const struct pair *pair, size_t rows)
{
    struct fixture fixture = {0};
    struct comparison seen = {0};
    struct error error = {0};
    fixture_open(&fixture, pair);
    oracle_open(&seen.oracle, &fixture.study);
    seen.counts = calloc(seen.oracle.count, sizeof *seen.counts);
    assert_non_null(seen.counts);
    zcat_begin(&fixture, pair);
    if (!stages_run(&fixture.study, &(struct fold){.take = compare, .state = &seen}, &error))
        fail_msg("%s", error.message);
    zcat_end(&fixture, pair);
    const struct row_report *report = &fixture.study.files[0].report;
    print_message("# %zu rows, %zu skipped, %zu outside, %zu without a place; the rule decided %zu "
                  "times in several, %zu times in a gap\n",
                  report->rows_read, row_report_skipped(report), seen.outside, seen.no_place,
                  seen.oracle.several, seen.oracle.near_none);
    assert_int_equal(report->rows_read, rows);
    assert_int_equal(seen.incidents + row_report_skipped(report), rows);
    assert_int_equal(seen.different, 0);
    assert_true(seen.outside < rows / 10); /* else the files were not put on one another */
    query_says_the_same(pair, &seen);
    free(seen.counts);
    oracle_close(&seen.oracle);
    fixture_close(&fixture);
}

static void lancashires_owners_are_those_of_geos(void **state)
{
    (void)state;
    owners_equal_geos(&LANCASHIRE, 56434);
}

static void chicagos_owners_through_zcat_are_those_of_geos(void **state)
{
    (void)state;
    owners_equal_geos(&CHICAGO, 148636);
}

static void berlins_owners_are_those_of_geos(void **state)
{
    (void)state;
    owners_equal_geos(&BERLIN, 13390);
}

struct tally {
    size_t count, outside;
};

static uint32_t next_chance(uint32_t *chance)
{
    *chance = *chance * 1664525U + 1013904223U;
    return *chance >> 16;
}

/* Vertices of every border, and places up to 2 m from them: where the rule decides. */
static size_t write_places(FILE *file, const struct boundaries *boundaries, uint32_t seed)
{
    size_t rows = 0;
    fprintf(file, "x,y\n");
    for (size_t j = 0; j < boundaries->jurisdictions.count; j++) {
        const struct shape *shape = &boundaries->jurisdictions.items[j].shape;
        for (size_t i = 0; i < shape->point_count; i++) {
            double off_x = ((double)(next_chance(&seed) % 4001) - 2000) / 1000;
            double off_y = ((double)(next_chance(&seed) % 4001) - 2000) / 1000;
            fprintf(file, "%.3f,%.3f\n", shape->x[i], shape->y[i]);
            fprintf(file, "%.3f,%.3f\n", shape->x[i] + off_x, shape->y[i] + off_y);
            rows += 2;
        }
    }
    return rows;
}

static void places_at_the_borders_have_the_owner_of_the_rule(const struct pair *pair, uint32_t seed)
{
    struct fixture fixture = {0};
    struct comparison seen = {0};
    struct error error = {0};
    char path[] = "/tmp/plein_placesXXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fixture_open(&fixture, pair);
    size_t rows = write_places(file, &fixture.study.boundaries, seed);
    assert_int_equal(fclose(file), 0);
    words_free(&fixture.options.incidents);
    set(&fixture.options, "incidents", path);
    oracle_open(&seen.oracle, &fixture.study);
    seen.counts = calloc(seen.oracle.count, sizeof *seen.counts);
    assert_non_null(seen.counts);
    bool done = stages_run(&fixture.study, &(struct fold){.take = compare, .state = &seen}, &error);
    unlink(path);
    if (!done)
        fail_msg("%s", error.message);
    print_message("# seed %u, %s: %zu places, %zu in several, %zu in a gap\n", seed,
                  pair->boundaries, seen.incidents, seen.oracle.several, seen.oracle.near_none);
    assert_int_equal(seen.incidents, rows);
    assert_int_equal(seen.different, 0);
    assert_true(seen.oracle.several > 100);
    free(seen.counts);
    oracle_close(&seen.oracle);
    fixture_close(&fixture);
}

static void places_at_real_borders_follow_the_rule(void **state)
{
    static const char *const FILES[] = {"boundaries/ijmond_2017.shp",
                                        "boundaries/ijmond_detailed.shp"};
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++)
        for (size_t f = 0; f < sizeof FILES / sizeof *FILES; f++) {
            const struct pair pair = {FILES[f], FILES[f], false};
            places_at_the_borders_have_the_owner_of_the_rule(&pair, seed);
        }
}

static bool count_only(void *state, const struct incidents *batch, struct error *error)
{
    struct tally *tally = state;
    (void)error;
    tally->count += batch->count;
    for (size_t i = 0; i < batch->count; i++)
        tally->outside += batch->owner[i] == OUTSIDE;
    return true;
}

static void berlin_is_read_without_an_option(void **state)
{
    struct fixture fixture = {0};
    struct error error = {0};
    struct tally seen = {0};
    (void)state;
    fixture_open(&fixture, &BERLIN);
    if (!stages_run(&fixture.study, &(struct fold){.take = count_only, .state = &seen}, &error))
        fail_msg("%s", error.message);
    const struct source_facts *facts = &fixture.study.files[0];
    assert_int_equal(facts->report.rows_read, 13390);
    assert_int_equal(fixture.study.boundaries.jurisdictions.count, 143);
    assert_int_equal(facts->csv.delimiter, ';');
    assert_true(facts->csv.decimal_comma);
    assert_false(facts->csv.is_utf8);
    assert_string_equal(fixture.study.boundaries.crs, "EPSG:25833");
    /* OBJECTID 201196 has its columns shifted: it lies far away, and is neither lost nor counted.
     */
    assert_int_equal(row_report_skipped(&facts->report), 0);
    assert_int_equal(seen.count, 13390);
    assert_int_equal(seen.outside, 1);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lancashires_owners_are_those_of_geos),
        cmocka_unit_test(chicagos_owners_through_zcat_are_those_of_geos),
        cmocka_unit_test(berlins_owners_are_those_of_geos),
        cmocka_unit_test(berlin_is_read_without_an_option),
        cmocka_unit_test(places_at_real_borders_follow_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
