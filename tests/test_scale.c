/* Tests where a map's scale comes from: --classes at its edges, and the note of another map. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/png.h"
#include "engine/report/scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/plein-scale-XXXXXX", path[64];

static int in_a_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/a.png", folder);
    return 0;
}

static int without_it(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Four hundred cells that rise, most of them little. */
static struct raster slope(void)
{
    struct raster raster = {.columns = 20, .rows = 20, .cell_m = 10};
    assert_true(array_new(&raster.values, 400, sizeof *raster.values, NULL));
    for (int i = 0; i < 400; i++)
        raster.values[i] = (double)i * i * i / 1e6;
    return raster;
}

static bool choose(struct classes *classes, const struct options *options, struct error *error)
{
    struct style style = {.heat.classes = 5};
    struct raster raster = slope();
    *error = (struct error){0};
    bool done = scale_choose(classes, &raster, &style, options, error);
    raster_free(&raster);
    return done;
}

/* What scale_tell says of it, or the error. */
static void expect(const struct options *options, const char *wanted)
{
    struct classes classes = {0};
    struct error error;
    struct text text = {0};
    if (choose(&classes, options, &error))
        scale_tell(&text, &classes, options);
    else
        text_add(&text, "%s", error.message);
    if (strstr(text.bytes, wanted) == NULL)
        fail_msg("'%s', not '%s'", text.bytes, wanted);
    text_free(&text);
}

static void expect_classes(char *given, const char *wanted)
{
    expect(&(struct options){.classes = given}, wanted);
}

static void classes_are_a_method_or_limits(void **state)
{
    (void)state;
    expect_classes("5,10,20", "5 10 20 per ha");
    expect_classes("manual:1,2,3,4,5,6,7", "1 2 3 4 5 6 7 per ha");
    expect_classes("0.25", "0.25 per ha");
    expect_classes("1,2,3,4,5,6,7,8", "--classes 1,2,3,4,5,6,7,8: say round");
    static char *const wrong[] = {"",        "5,",      "5,5",  "5,4",     "0,1",
                                  "-1",      "x",       "roun", "rounds",  "5;10",
                                  "manual5", "manual:", "5,x",  "equal,3", "manual:x,2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_classes(wrong[i], ": say round, equal, quantile");
    static char *const counts[] = {
        "equal:1", "equal:8", "equal:", "equal:x", "equal:2.5", "equal:-3"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        expect_classes(counts[i], "2 to 7 classes can be told apart");
}

static size_t count_of(char *given, bool *smooth)
{
    struct classes classes = {0};
    struct error error;
    if (!choose(&classes, &(struct options){.classes = given}, &error))
        fail_msg("%s: %s", given, error.message);
    *smooth = classes.smooth;
    return classes.count;
}

static void a_method_has_two_to_seven_classes_or_the_styles(void **state)
{
    (void)state;
    bool smooth;
    for (int count = 2; count <= 7; count++) {
        char given[16];
        snprintf(given, sizeof given, "equal:%d", count);
        assert_int_equal(count_of(given, &smooth), count);
        assert_false(smooth);
    }
    static char *const methods[] = {"round", "equal", "quantile", "jenks", "geometric"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct text words = {0};
        assert_int_equal(count_of(methods[i], &smooth), 5);
        assert_false(smooth);
        text_add(&words, "%s", "");
        scale_words(&words, &(struct options){.classes = methods[i]});
        assert_int_equal(words.length > 0, i > 0); /* of round ones there is nothing to say */
        text_free(&words);
    }
    assert_int_equal(count_of("continuous:4", &smooth), 4);
    assert_true(smooth);
}

static void write_note(const char *key, const char *note)
{
    static const uint8_t pixels[16];
    const struct png_note notes[] = {{"Title", "5 6 per ha"}, {key, note}};
    assert_true(
        png_write(path, &(struct png_pixels){.bytes = pixels, .stride = 8, .width = 2, .height = 2},
                  &(struct png_options){.notes = notes, .note_count = 2}, NULL));
}

static void expect_note(const char *note, enum density_unit unit, const char *wanted)
{
    char copy[sizeof path];
    memcpy(copy, path, sizeof path);
    write_note(SCALE_NOTE, note);
    expect(&(struct options){.scale = copy, .unit = (int)unit}, wanted);
}

static void another_maps_scale_is_its_note(void **state)
{
    (void)state;
    expect_note("5 10 20.5 per ha", UNIT_HECTARE, "5 10 20.5 per ha");
    expect_note("5 10 per km2", UNIT_KM2, "5 10 per km2");
    expect_note("5 10 per ha, continuous", UNIT_HECTARE, "5 10 per ha, continuous");
    expect_note("1 2 3 4 5 6 7 per ha", UNIT_HECTARE, "1 2 3 4 5 6 7 per ha");
    expect_note("1 2 3 4 5 6 7 8 per ha", UNIT_HECTARE, "cannot be read");
    expect_note("5 10 per km2", UNIT_HECTARE, "its scale is per km2, this map is per ha");
    expect_note("5 10 per ha", UNIT_KM2, "its scale is per ha, this map is per km2");
    expect_note("5 10", UNIT_HECTARE, "its scale '5 10' cannot be read");
    expect_note("5 x per ha", UNIT_HECTARE, "its scale '5 x per ha' cannot be read");
    expect_note("10 5 per ha", UNIT_HECTARE, "cannot be read");
    expect_note(" per ha", UNIT_HECTARE, "cannot be read");
    char copy[sizeof path];
    memcpy(copy, path, sizeof path);
    write_note("Scales", "5 10 per ha");
    expect(&(struct options){.scale = copy}, "no scale is in it");
    expect(&(struct options){.scale = copy, .classes = "round"}, "do not go together");
    unlink(path);
    expect(&(struct options){.scale = copy}, "No such file or directory");
}

static void without_both_it_is_round_in_as_many_classes_as_the_style_has(void **state)
{
    (void)state;
    struct classes classes = {0};
    struct error error;
    assert_true(choose(&classes, &(struct options){0}, &error));
    assert_int_equal(classes.count, 5);
    assert_false(classes.smooth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_a_method_or_limits),
        cmocka_unit_test(a_method_has_two_to_seven_classes_or_the_styles),
        cmocka_unit_test(another_maps_scale_is_its_note),
        cmocka_unit_test(without_both_it_is_round_in_as_many_classes_as_the_style_has),
    };
    return cmocka_run_group_tests(tests, in_a_folder, without_it);
}
