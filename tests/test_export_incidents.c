/* Tests what leaves of incidents in an export, by square and row by row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/dots.h"
#include "engine/report/export_incidents.h"
#include "tests/towns.h"

#include <math.h>

static struct towns towns;

static int make(void **state)
{
    (void)state;
    towns_make(&towns, 2);
    towns_write(&towns, "103950,502150,loitering,2024-02-03,politie,3\n");
    towns_open(&towns, NULL);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    towns_close(&towns);
    towns_remove(&towns);
    return 0;
}

/* Incidents of A as they would be gathered, some metres from the centre of its first square. */
enum { MOST = 64 };
struct fixture {
    int32_t x[MOST], y[MOST], owner[MOST];
    uint8_t domain[MOST];
    uint32_t category[MOST], source[MOST], weight[MOST];
    moment when[MOST];
    struct gathered gathered;
};

static void begin(struct fixture *fixture)
{
    notes_free(&towns.study.notes);
    fixture->gathered = (struct gathered){.grid_x = fixture->x,
                                          .grid_y = fixture->y,
                                          .owner = fixture->owner,
                                          .domain = fixture->domain,
                                          .category = fixture->category,
                                          .source = fixture->source,
                                          .weight = fixture->weight,
                                          .when = fixture->when,
                                          .study = &towns.study};
}

static void add(struct fixture *fixture, int metres, enum domain domain, uint32_t weight)
{
    static const char *const words[] = {"loitering", "litter", "dealing", "J. Jansen"};
    size_t i = fixture->gathered.count++;
    const struct grid *grid = &towns.study.boundaries.grid;
    fixture->x[i] = grid_x(grid, TOWN_X + 50 + metres);
    fixture->y[i] = grid_y(grid, TOWN_Y + 50);
    fixture->owner[i] = 0;
    fixture->domain[i] = (uint8_t)domain;
    fixture->weight[i] = weight;
    fixture->when[i] = MOMENT_UNKNOWN;
    assert_true(
        dictionary_number(&fixture->category[i], towns.study.categories, words[domain], NULL));
    assert_true(dictionary_number(&fixture->source[i], towns.study.sources, "politie", NULL));
}

/* ---- by square ---- */

/* Counts by domain, and what is shown of them; -1: hidden. */
static void the_total_less_what_is_shown_tells_no_small_count(void **state)
{
    (void)state;
    static const struct {
        uint32_t counts[DOMAIN_COUNT];
        int shown[DOMAIN_COUNT];
    } cases[] = {
        {{12, 0, 0, 0}, {12, 0, 0, 0}},     {{3, 4, 20, 0}, {-1, -1, 20, 0}},
        {{1, 2, 20, 9}, {-1, -1, 20, -1}},  {{2, 20, 0, 0}, {-1, -1, 0, 0}},
        {{20, 2, 20, 0}, {-1, -1, 20, 0}},  {{4, 0, 0, 1}, {-1, 0, 0, -1}},
        {{1, 1, 1, 2}, {-1, -1, -1, -1}},   {{5, 5, 5, 5}, {5, 5, 5, 5}},
        {{1, 1, 30, 40}, {-1, -1, -1, 40}}, {{4, 1, 30, 40}, {-1, -1, 30, 40}},
    };
    static struct fixture fixture;
    const struct export_source from = {&towns.study, &fixture.gathered};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct layer layer = {0};
        begin(&fixture);
        for (int d = 0; d < DOMAIN_COUNT; d++)
            if (cases[c].counts[d] > 0)
                add(&fixture, d, (enum domain)d, cases[c].counts[d]);
        assert_true(export_squares(&layer, &from, NULL));
        assert_int_equal(layer.row_count, 1);
        for (int d = 0; d < DOMAIN_COUNT; d++) {
            double told = layer.columns[4 + d].numbers[0];
            if (isnan(told) ? cases[c].shown[d] >= 0 : told != cases[c].shown[d])
                fail_msg("case %zu, domain %d: %g", c, d, told);
        }
        layer_free(&layer);
    }
}

static void squares_of_few_are_left_out_and_counted(void **state)
{
    (void)state;
    static struct fixture fixture;
    const struct export_source from = {&towns.study, &fixture.gathered};
    struct layer layer = {0};
    begin(&fixture);
    fixture.gathered.weight = NULL;
    for (int i = 0; i < 4 + 5 + 3; i++)
        add(&fixture, i < 4 ? 0 : i < 9 ? 100 : 200, DOMAIN_SOCIAL, 1);
    assert_true(export_squares(&layer, &from, NULL));
    assert_int_equal(layer.row_count, 1);
    assert_true(layer.columns[1].numbers[0] == TOWN_X + 150 && layer.columns[3].numbers[0] == 5);
    assert_int_equal(towns.study.notes.count, 1);
    assert_string_equal(towns.study.notes.lines[0],
                        "2 squares of fewer than 5 incidents (7 in all) are left out; --min-count "
                        "sets the limit");
    layer_free(&layer);
}

/* ---- row by row ---- */

/* Two rows that differ in one thing alone come in one order, whichever came first. */
static void rows_go_by_what_they_tell(void **state)
{
    (void)state;
    enum { X, Y, WHEN, CATEGORY, SOURCE, DOMAIN, WEIGHT, KINDS };
    static struct fixture fixture;
    const struct export_source from = {&towns.study, &fixture.gathered};
    for (int kind = 0; kind <= KINDS; kind++)
        for (int turn = 0; turn < 2; turn++) {
            struct layer layer = {0};
            begin(&fixture);
            add(&fixture, 0, DOMAIN_SOCIAL, 1);
            add(&fixture, 0, DOMAIN_SOCIAL, 1);
            int later = 1 - turn;
            fixture.x[later] += kind == X;
            fixture.y[later] += kind == Y;
            fixture.weight[later] += kind == WEIGHT;
            fixture.domain[later] = kind == DOMAIN ? DOMAIN_SAFETY : DOMAIN_SOCIAL;
            fixture.when[later] += kind == WHEN ? (moment)1 << 20 : 0;
            if (kind == CATEGORY)
                assert_true(dictionary_number(&fixture.category[later], towns.study.categories,
                                              "vandalism", NULL));
            if (kind == SOURCE)
                assert_true(
                    dictionary_number(&fixture.source[later], towns.study.sources, "zebra", NULL));
            assert_true(export_rows(&layer, &from, NULL));
            assert_int_equal(layer.row_count, 2);
            const double *numbers = layer.columns[9].numbers;
            const moment *moments = layer.columns[8].moments;
            const size_t column = kind == CATEGORY ? 5 : kind == DOMAIN ? 6 : 7;
            bool rises =
                kind == X        ? layer.x[0] < layer.x[1]
                : kind == Y      ? layer.y[0] < layer.y[1]
                : kind == WHEN   ? moments[0] < moments[1]
                : kind == WEIGHT ? numbers[0] < numbers[1]
                : kind == KINDS
                    ? numbers[0] == numbers[1]
                    : strcmp(layer_text(&layer, column, 0), layer_text(&layer, column, 1)) != 0;
            if (!rises)
                fail_msg("kind %d, turn %d", kind, turn);
            if (kind == CATEGORY)
                assert_string_equal(layer_text(&layer, 5, 1), "vandalism");
            if (kind == SOURCE)
                assert_string_equal(layer_text(&layer, 7, 1), "zebra");
            if (kind == DOMAIN)
                assert_string_equal(layer_text(&layer, 6, 1), "safety");
            layer_free(&layer);
        }
}

static void a_row_tells_no_word_that_is_not_known_and_no_organised_crime(void **state)
{
    (void)state;
    static struct fixture fixture;
    const struct export_source from = {&towns.study, &fixture.gathered};
    struct layer layer = {0};
    begin(&fixture);
    add(&fixture, 0, DOMAIN_UNMAPPED, 1);
    add(&fixture, 1, DOMAIN_SAFETY, 6);
    assert_true(
        dictionary_number(&fixture.category[1], towns.study.categories, "organised-crime", NULL));
    assert_true(export_rows(&layer, &from, NULL));
    assert_int_equal(layer.row_count, 1);
    assert_string_equal(layer_text(&layer, 5, 0), "");
    assert_string_equal(layer_text(&layer, 6, 0), "unmapped");
    layer_free(&layer);
    assert_true(export_squares(&layer, &from, NULL));
    assert_int_equal(layer.row_count, 0);
    layer_free(&layer);
}

/* ---- dots ---- */

static void single_incidents_take_two_words(void **state)
{
    (void)state;
    struct options options;
    struct error error = {0};
    assert_true(options_new(&options, NULL));
    assert_true(dots_allowed(&options, &error));
    options.points = true;
    options.min_count = 1; /* of a study file: nobody said so just now */
    assert_false(dots_allowed(&options, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_true(options_set(&options, options_find("min-count"), "2", NULL));
    assert_false(dots_allowed(&options, &error));
    assert_non_null(strstr(error.message, "say --min-count 1 as well"));
    assert_true(options_set(&options, options_find("min-count"), "1", NULL));
    assert_true(dots_allowed(&options, &error));
    options.no_clusters = true;
    assert_false(dots_allowed(&options, &error));
    assert_non_null(strstr(error.message, "--points and --no-clusters"));
    options_free(&options);
}

static void a_dot_stands_for_a_place_and_none_for_organised_crime(void **state)
{
    (void)state;
    static struct fixture fixture;
    struct dots dots;
    for (int kind = 0; kind < 3; kind++) {
        begin(&fixture);
        add(&fixture, 2, DOMAIN_SOCIAL, 1);
        add(&fixture, 1, DOMAIN_SOCIAL, 1);
        add(&fixture, 2, DOMAIN_PHYSICAL, 9);
        add(&fixture, 0, DOMAIN_SOCIAL, 1);
        fixture.y[3]++;
        add(&fixture, 7, DOMAIN_SAFETY, 6);
        assert_true(dictionary_number(&fixture.category[4], towns.study.categories,
                                      "organised-crime", NULL));
        towns.options.sensitive = kind == 2;
        fixture.gathered.weight = kind == 1 ? NULL : fixture.weight;
        assert_true(dots_take(&dots, &fixture.gathered, NULL));
        towns.options.sensitive = false;
        assert_int_equal(dots.count, kind == 2 ? 4 : 3);
        assert_int_equal(dots.left_out, kind == 0 ? 6 : kind == 1 ? 1 : 0);
        assert_true(dots.x[0] == TOWN_X + 51 && dots.x[1] == TOWN_X + 52);
        assert_true(dots.y[dots.count - 1] > dots.y[0]);
        dots_free(&dots);
    }
    begin(&fixture);
    assert_true(dots_take(&dots, &fixture.gathered, NULL));
    assert_int_equal(dots.count, 0);
    dots_free(&dots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_total_less_what_is_shown_tells_no_small_count),
        cmocka_unit_test(squares_of_few_are_left_out_and_counted),
        cmocka_unit_test(rows_go_by_what_they_tell),
        cmocka_unit_test(a_row_tells_no_word_that_is_not_known_and_no_organised_crime),
        cmocka_unit_test(single_incidents_take_two_words),
        cmocka_unit_test(a_dot_stands_for_a_place_and_none_for_organised_crime),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
