/* Tests colours, their distances, and the ramps that ship. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/colour.h"
#include "engine/draw/ramp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct colour hex(const char *text)
{
    struct colour colour = {0};
    assert_true(colour_parse(&colour, text));
    return colour;
}

static void a_colour_is_six_or_eight_digits_behind_a_hash(void **state)
{
    struct colour colour = {0};
    (void)state;
    assert_true(colour_parse(&colour, "#FF8000"));
    assert_true(fabs(colour.green - 128 / 255.0) < 1e-12 && colour.alpha == 1);
    assert_true(colour_parse(&colour, "#00000080"));
    assert_true(fabs(colour.alpha - 128 / 255.0) < 1e-12);
    static const char *const wrong[] = {"",        "#",        "FF8000",    "#FF800",
                                        "#GG8000", "#FF80001", "#FF800012x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(colour_parse(&colour, wrong[i]));
}

static void a_pixel_is_premultiplied(void **state)
{
    (void)state;
    assert_int_equal(colour_pixel(hex("#FF0000")), 0xFFFF0000u);
    assert_int_equal(colour_pixel(colour_fade(hex("#FFFFFF"), 0.5)), 0x80808080u);
}

/* Pairs 1, 7, 14, 17, 20 and 24 of Sharma, Wu and Dalal's test data. */
static void ciede2000_is_sharmas(void **state)
{
    static const double data[][7] = {
        {50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425},
        {50, 0, 0, 50, -1, 2, 2.3669},
        {50, -0.0010, 2.4900, 50, 0.0011, -2.4900, 4.7461},
        {50, 2.5, 0, 73, 25, -18, 27.1492},
        {50, 2.5, 0, 58, 24, 15, 19.4535},
        {50, 2.5, 0, 50, 1.8634, 0.5757, 1.0000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        const double *d = data[i];
        double found =
            colour_difference_lab((struct lab){d[0], d[1], d[2]}, (struct lab){d[3], d[4], d[5]});
        if (fabs(found - d[6]) > 6e-5)
            fail_msg("pair %zu: %.5f instead of %.4f", i, found, d[6]);
    }
}

static void oklab_comes_back(void **state)
{
    (void)state;
    struct lab white = colour_oklab(hex("#FFFFFF"));
    assert_true(fabs(white.l - 1) < 1e-4 && fabs(white.a) < 1e-4 && fabs(white.b) < 1e-4);
    static const char *const colours[] = {"#FEE4BC", "#CE4349", "#370035", "#0E4F86"};
    for (size_t i = 0; i < 4; i++) {
        struct colour back = colour_from_oklab(colour_oklab(hex(colours[i])));
        assert_int_equal(colour_pixel(back), colour_pixel(hex(colours[i])));
    }
}

static void somebody_without_red_cones_confuses_red_and_green(void **state)
{
    (void)state;
    struct colour red = hex("#C04040"), green = hex("#5F6B2A");
    double seen =
        colour_difference(colour_seen(red, VISION_PROTANOPE), colour_seen(green, VISION_PROTANOPE));
    assert_true(seen < colour_difference(red, green) / 3);
    assert_int_equal(colour_pixel(colour_seen(red, VISION_NORMAL)), colour_pixel(red));
}

static void hold_ramp(const char *name, size_t count, double least)
{
    struct ramp ramp;
    struct error error = {0};
    struct colour colours[RAMP_MOST];
    char path[100];
    snprintf(path, sizeof path, "styles/%s.cpt", name);
    if (!ramp_read(&ramp, path, &error))
        fail_msg("%s", error.message);
    assert_int_equal(ramp.count, count);
    ramp_classes(colours, count, &ramp);
    for (int vision = 0; vision < VISIONS; vision++)
        for (size_t i = 1; i < count; i++) {
            struct colour a = colour_seen(colours[i - 1], (enum vision)vision);
            struct colour b = colour_seen(colours[i], (enum vision)vision);
            double step = colour_difference(a, b);
            if (step < least)
                fail_msg("%s: classes %zu and %zu are %.1f apart in vision %d", name, i, i + 1,
                         step, vision);
        }
}

static void neighbouring_classes_differ_in_every_kind_of_vision(void **state)
{
    (void)state;
    hold_ramp("meeting-5", 5, 13);
    hold_ramp("meeting-7", 7, 8);
    hold_ramp("print-5", 5, 13);
    hold_ramp("print-7", 7, 8);
    hold_ramp("diverging-7", 7, 13);
    hold_ramp("print-diverging-7", 7, 13);
    hold_ramp("dark-5", 5, 13);
    hold_ramp("dark-7", 7, 8);
    hold_ramp("dark-diverging-7", 7, 13);
}

/* By at least 5 from class to class: darker, or lighter on a dark sheet. */
static void hold_lightness(const char *name, size_t count, bool darker)
{
    struct ramp ramp;
    struct colour colours[RAMP_MOST];
    char path[100];
    snprintf(path, sizeof path, "styles/%s.cpt", name);
    assert_true(ramp_read(&ramp, path, NULL));
    ramp_classes(colours, count, &ramp);
    for (int vision = 0; vision < VISIONS; vision++)
        for (size_t i = 1; i < count; i++) {
            double before = colour_cielab(colour_seen(colours[i - 1], (enum vision)vision)).l;
            double step = colour_cielab(colour_seen(colours[i], (enum vision)vision)).l - before;
            if ((darker ? -step : step) < 5)
                fail_msg("%s: from class %zu to %zu lightness goes by %.1f", name, i, i + 1, step);
        }
}

static void more_is_darker_or_lighter_throughout(void **state)
{
    (void)state;
    hold_lightness("meeting-5", 5, true);
    hold_lightness("meeting-7", 7, true);
    hold_lightness("print-5", 5, true);
    hold_lightness("print-7", 7, true);
    hold_lightness("dark-5", 5, false);
    hold_lightness("dark-7", 7, false);
}

static void a_ramp_is_sampled_in_even_steps(void **state)
{
    struct ramp ramp;
    struct colour colours[5];
    (void)state;
    assert_true(ramp_parse(&ramp, "# a remark\n0 255/255/255 1 0/0/0\nB 1/2/3\n", "x.cpt", NULL));
    ramp_classes(colours, 5, &ramp);
    assert_int_equal(colour_pixel(colours[0]), 0xFFFFFFFFu);
    assert_int_equal(colour_pixel(colours[4]), 0xFF000000u);
    for (int i = 1; i < 5; i++)
        assert_true(fabs(colour_oklab(colours[i]).l - (1 - i * 0.25)) < 0.01);
    ramp_classes(colours, 1, &ramp);
}

static void a_wrong_ramp_is_an_error_with_its_line(void **state)
{
    static const struct {
        const char *text, *word;
    } wrong[] = {
        {"", "no colour"},
        {"0 1/2/3 1\n", "x.cpt:1:"},
        {"# c\n0 1/2/300 1 1/2/3\n", "x.cpt:2:"},
        {"1 1/2/3 0 1/2/3\n", "x.cpt:1:"},
        {"0 1/2/3 1 1/2/3\n0.5 1/2/3 2 1/2/3\n", "x.cpt:2:"},
        {"# COLOR_MODEL = HSV\n0 1/1/1 1 1/1/1\n", "RGB"},
        {"0 #12 1 #123456\n", "x.cpt:1:"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ramp ramp;
        struct error error = {0};
        assert_false(ramp_parse(&ramp, wrong[i].text, "x.cpt", &error));
        assert_int_equal(error.kind, ERROR_SETTINGS);
        if (!strstr(error.message, wrong[i].word))
            fail_msg("'%s' does not say '%s'", error.message, wrong[i].word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_colour_is_six_or_eight_digits_behind_a_hash),
        cmocka_unit_test(a_pixel_is_premultiplied),
        cmocka_unit_test(ciede2000_is_sharmas),
        cmocka_unit_test(oklab_comes_back),
        cmocka_unit_test(somebody_without_red_cones_confuses_red_and_green),
        cmocka_unit_test(neighbouring_classes_differ_in_every_kind_of_vision),
        cmocka_unit_test(more_is_darker_or_lighter_throughout),
        cmocka_unit_test(a_ramp_is_sampled_in_even_steps),
        cmocka_unit_test(a_wrong_ramp_is_an_error_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
