/* Tests the hours of the week and the line per month: scales, names that never meet, and what
 * gives way, over seeded charts. */
#include "engine/draw/timestrip.h"
#include "engine/draw/tracks.h"
#include "tests/cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static double between(uint32_t *state, double low, double high)
{
    return low + (high - low) * (next(state) % 10000) / 10000;
}

enum { ITEMS = 30, MONTHS_MOST = 150, MEASURES = 14, PHASES = 5 };

/* A long name that comes first leaves room for the short ones of those behind it. */
static void every_mark_has_its_number_where_it_can(void **state)
{
    (void)state;
    const struct track_item items[] = {{20, {100, 10}}, {60, {40, 10}}, {90, {40, 10}}};
    const struct track_room room = {0, 145, 1, 2};
    struct track_spot spots[3];
    tracks_place(spots, items, 3, &room);
    assert_int_equal(spots[0].form, TRACK_SHORT);
    assert_int_equal(spots[1].form, TRACK_SHORT);
    assert_int_equal(spots[2].form, TRACK_LONG);
}

static void names_in_tracks_never_meet(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= cases_looked(300); seed++) {
        uint32_t chance = seed;
        struct track_item items[ITEMS];
        struct track_spot spots[ITEMS];
        struct track_room room = {10, between(&chance, 80, 500), next(&chance) % 4, 2.5};
        size_t count = next(&chance) % (ITEMS + 1);
        for (size_t i = 0; i < count; i++)
            items[i] = (struct track_item){
                between(&chance, 10, room.right),
                {between(&chance, 5, 90), next(&chance) % 2 ? between(&chance, 4, 14) : 0}};
        tracks_place(spots, items, count, &room);
        assert_true(tracks_rows(spots, count) <= room.rows);
        for (size_t i = 0; i < count; i++) {
            double right =
                spots[i].form == TRACK_NONE ? 0 : spots[i].left + items[i].widths[spots[i].form];
            if (spots[i].form == TRACK_NONE)
                continue;
            assert_true(spots[i].left >= room.left && right <= room.right);
            for (size_t j = 0; j < i; j++)
                if (spots[j].form != TRACK_NONE && spots[j].row == spots[i].row
                    && spots[i].left < spots[j].left + items[j].widths[spots[j].form]
                    && spots[j].left < right)
                    fail_msg("seed %u: %zu and %zu meet", seed, j, i);
        }
    }
}

static void the_first_name_is_placed_first_and_a_short_one_stands_in(void **state)
{
    (void)state;
    const struct track_item items[] = {{50, {60, 10}}, {52, {60, 10}}, {54, {60, 0}}};
    const struct track_room room = {0, 115, 1, 2};
    struct track_spot spots[3];
    tracks_place(spots, items, 3, &room);
    assert_int_equal(spots[0].form, TRACK_LONG);
    assert_int_equal(spots[1].form, TRACK_SHORT);
    assert_true(spots[1].left == 40); /* ends at its mark */
    assert_int_equal(spots[2].form, TRACK_NONE);
    const struct track_room two = {0, 115, 2, 2};
    tracks_place(spots, items, 3, &two);
    assert_int_equal(spots[0].form, TRACK_LONG);
    assert_int_equal(spots[1].form, TRACK_LONG);
    assert_int_equal(spots[1].row, 1);
}

static void limits_rise_and_the_first_is_the_minimum(void **state)
{
    (void)state;
    static const size_t steps[][3] = {{5, 86, 80},     {5, 40, 40},        {5, 3, 9},
                                      {1, 0, 5},       {1, 18, 16},        {10, 12, 14},
                                      {5, 1000, 1000}, {5, 123456, 100000}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct classes classes;
        hoursheat_classes(&classes, steps[i][0], steps[i][1]);
        if (classes.limits[4] != (double)steps[i][2])
            fail_msg("%zu, %zu: %g", steps[i][0], steps[i][1], classes.limits[4]);
    }
    for (size_t least = 0; least < 30; least++)
        for (size_t most = 0; most < 3000; most += 7) {
            struct classes classes;
            hoursheat_classes(&classes, least, most);
            assert_int_equal(classes.count, 5);
            assert_true(classes.limits[0] == (double)(least > 0 ? least : 1));
            for (size_t i = 1; i < 5; i++)
                assert_true(classes.limits[i] > classes.limits[i - 1]);
            assert_int_equal(classes_of(&classes, 0), 0);
            if (least > 1)
                assert_int_equal(classes_of(&classes, (double)(least - 1)), 0);
        }
}

static void an_axis_reaches_over_the_most_in_few_round_steps(void **state)
{
    (void)state;
    for (int steps = 1; steps <= 4; steps++)
        for (double most = 0; most < 5000; most += 3) {
            struct months_axis axis = monthsline_axis(most, steps);
            assert_true(axis.steps >= 1 && axis.steps <= steps);
            assert_true(axis.step * axis.steps >= most);
        }
    assert_true(monthsline_axis(320, 4).step == 100 && monthsline_axis(320, 4).steps == 4);
    assert_true(monthsline_axis(0, 4).step == 1 && monthsline_axis(0, 4).steps == 1);
}

/* A chart by chance, with words of all lengths. */
struct scene {
    size_t counts[3][MONTHS_MOST];
    struct months_measure measures[MEASURES];
    struct months_phase phases[PHASES];
    char names[MEASURES][60], numbers[MEASURES][8];
    struct months_chart chart;
    struct hours_table hours;
    struct map_area areas[2];
    struct map_texts texts;
};

static const char *const LONG_NAME = "Noordoostpolder en omstreken";
static const char *const LETTERS[] = {"j", "f", "m", "a", "m", "j", "j", "a", "s", "o", "n", "d"};
static const char *const DAYS[] = {"ma", "di", "wo", "do", "vr", "za", "zo"};

static void make_measures(struct scene *scene, uint32_t *chance)
{
    double count = (double)scene->chart.count;
    scene->chart.measures = scene->measures;
    scene->chart.measure_count = next(chance) % (MEASURES + 1);
    for (size_t i = 0; i < scene->chart.measure_count; i++) {
        double from = between(chance, -2, count - 0.01);
        snprintf(scene->numbers[i], sizeof scene->numbers[i], "M%zu", i + 1);
        snprintf(scene->names[i], sizeof scene->names[i], "M%zu %.*s", i + 1,
                 (int)(next(chance) % 40), "extra toezicht door boa's en jongerenwerkers");
        scene->measures[i] = (struct months_measure){from, fmax(from, 0) + between(chance, 0.1, 9),
                                                     scene->names[i], scene->numbers[i]};
    }
}

static void make_phases(struct scene *scene, uint32_t *chance)
{
    static const char *const names[PHASES] = {"nulmeting", "voorbereiding", "extra-toezicht",
                                              "evaluatie met alle partners", "borging"};
    double at = between(chance, -3, 2);
    scene->chart.phases = scene->phases;
    for (size_t i = 0; i < PHASES && next(chance) % 5 > 0; i++) {
        double until = at + between(chance, 0.5, 14);
        if (until > 0 && at < (double)scene->chart.count)
            scene->phases[scene->chart.phase_count++] = (struct months_phase){at, until, names[i]};
        at = until - (next(chance) % 4 == 0 ? 0.4 : 0);
    }
}

static void make(struct scene *scene, uint32_t seed)
{
    uint32_t chance = seed * 77u;
    size_t most = next(&chance) % 4 == 0 ? 4 : next(&chance) % 4 == 0 ? 40000 : 400;
    *scene = (struct scene){.texts = {.and_more = "en meer", .decimal = ',', .thousands = '.'},
                            .areas = {{NULL, "Beverwijk", 0}, {NULL, LONG_NAME, 1}}};
    struct months_chart *chart = &scene->chart;
    *chart = (struct months_chart){
        .head = {"Vóór oktober 2024 gemiddeld 252 per maand, daarna 240", "meldingen per maand"},
        .first_month = 2023 * 12 + (int)(next(&chance) % 12),
        .count = 1 + (next(&chance) % 3 == 0 ? next(&chance) % MONTHS_MOST : next(&chance) % 26),
        .total = scene->counts[0],
        .total_name = "samen",
        .first_partial = next(&chance) % 2 == 0,
        .last_partial = next(&chance) % 2 == 0,
    };
    for (size_t i = 0; i < chart->count; i++) {
        scene->counts[1][i] = next(&chance) % most;
        scene->counts[2][i] = next(&chance) % most;
        scene->counts[0][i] = scene->counts[1][i] + scene->counts[2][i];
    }
    for (int side = 0; side < 2 && seed % 3 > 0; side++)
        chart->sides[side] = scene->counts[side + 1];
    for (int i = 0; i < 12; i++)
        chart->initials[i] = LETTERS[i];
    for (uint32_t i = 0; i < next(&chance) % 4; i++)
        chart->foot[i] = "Een daling na een maatregel bewijst de werking niet.";
    make_measures(scene, &chance);
    make_phases(scene, &chance);
    scene->hours = (struct hours_table){
        .head = {"Drukste uren: donderdag en vrijdag van 20 tot 24 uur",
                 "5.971 meldingen per uur van de week, 564 in het kader; 31 zonder uur"},
        .hour = "uur",
        .total = "totaal",
        .scale_head = "meldingen",
        .has_totals = next(&chance) % 4 > 0};
    for (int day = 0; day < HOURS_DAYS; day++) {
        scene->hours.day_names[day] = DAYS[day];
        for (int hour = 0; hour < HOURS_DAY; hour++)
            scene->hours.cells[day][hour] = next(&chance) % most;
    }
    hoursheat_classes(&scene->hours.classes, 5, most);
}

static void assert_apart(const struct labels *written, struct box within, uint32_t seed)
{
    assert_true(written->count > 10);
    for (size_t i = 0; i < written->count; i++) {
        const struct label_box *box = &written->items[i].box;
        if (box->x - box->half_width < within.x_min - 0.5
            || box->x + box->half_width > within.x_max + 0.5
            || box->y - box->half_height < within.y_min - 0.5
            || box->y + box->half_height > within.y_max + 0.5)
            fail_msg("seed %u: text %zu at %g, %g (%g by %g) leaves the strip", seed, i, box->x,
                     box->y, 2 * box->half_width, 2 * box->half_height);
        for (size_t j = 0; j < i; j++)
            if (label_boxes_overlap(box, &written->items[j].box))
                fail_msg("seed %u: texts %zu and %zu lie on one another at %g, %g", seed, j, i,
                         box->x, box->y);
    }
}

static void no_two_texts_meet_and_none_leaves_the_strip(void **state)
{
    (void)state;
    static struct scene scene;
    struct style style;
    style_default(&style);
    struct canvas *canvas = canvas_open_image(
        (struct canvas_size){.width_px = 700, .height_px = 300, .scale = 1}, NULL);
    assert_non_null(canvas);
    for (uint32_t seed = 1; seed <= cases_looked(200); seed++) {
        uint32_t chance = seed;
        struct labels written = {0};
        struct kit kit = {canvas, &style, between(&chance, 0.75, 1.3), 0, 1};
        kit.unit = kit.k * between(&chance, 0.78, 1);
        make(&scene, seed);
        struct map_times times = {seed % 5 == 0 ? NULL : &scene.hours,
                                  seed % 7 == 0 ? NULL : &scene.chart};
        double high = timestrip_height(&kit, &times, between(&chance, 100, 700));
        struct block block = {.kit = kit,
                              .texts = &scene.texts,
                              .written = &written,
                              .sides = {&scene.areas[0], &scene.areas[1]},
                              .x = 20,
                              .y = 20,
                              .width = between(&chance, 420, 660) * fmin(kit.k, 1),
                              .height = high};
        labels_begin(&written, (struct box){0, 0, 700, 300});
        if (times.hours != NULL || times.months != NULL) {
            assert_true(timestrip_draw(&block, &times, NULL));
            assert_apart(&written, (struct box){20, 20, 20 + block.width, 20 + block.height}, seed);
        }
        assert_true(canvas_check(canvas, NULL));
        labels_free(&written);
    }
    canvas_close(canvas);
}

static void nothing_wanted_takes_no_height(void **state)
{
    (void)state;
    struct style style;
    style_default(&style);
    struct kit kit = {NULL, &style, 1, 1, 1};
    struct map_times none = {NULL, NULL};
    assert_true(timestrip_height(&kit, NULL, 400) == 0);
    assert_true(timestrip_height(&kit, &none, 400) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mark_has_its_number_where_it_can),
        cmocka_unit_test(names_in_tracks_never_meet),
        cmocka_unit_test(the_first_name_is_placed_first_and_a_short_one_stands_in),
        cmocka_unit_test(limits_rise_and_the_first_is_the_minimum),
        cmocka_unit_test(an_axis_reaches_over_the_most_in_few_round_steps),
        cmocka_unit_test(no_two_texts_meet_and_none_leaves_the_strip),
        cmocka_unit_test(nothing_wanted_takes_no_height),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
