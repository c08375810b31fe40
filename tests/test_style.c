/* Tests reading styles. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Writes a style into a file of its own; returns its path. */
static const char *write_style(const char *text)
{
    static char path[] = "/tmp/plein_test_style_XXXXXX";
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return path;
}

static void hold_error(const char *text, const char *const words[3])
{
    struct style style;
    struct error error = {0};
    const char *path = write_style(text);
    bool done = style_read(&style, path, &error);
    unlink(path);
    assert_false(done);
    assert_int_equal(error.kind, ERROR_SETTINGS);
    for (int i = 0; i < 3 && words[i]; i++)
        if (!strstr(error.message, words[i]))
            fail_msg("'%s' does not say '%s'", error.message, words[i]);
}

/* Two styles without their padding bytes: key by key. */
static void hold_equal(const struct style *a, const struct style *b)
{
    assert_memory_equal(&a->page, &b->page, sizeof a->page);
    assert_memory_equal(&a->type, &b->type, sizeof a->type);
    assert_memory_equal(&a->colour, &b->colour, sizeof a->colour);
    assert_memory_equal(&a->line, &b->line, sizeof a->line);
    assert_int_equal(a->heat.classes, b->heat.classes);
    assert_memory_equal(&a->heat.ramp, &b->heat.ramp, sizeof a->heat.ramp);
    assert_memory_equal(&a->heat.ramp_more, &b->heat.ramp_more, sizeof a->heat.ramp);
    assert_memory_equal(&a->heat.diverging, &b->heat.diverging, sizeof a->heat.ramp);
    for (int i = 0; i < STYLE_SIDES; i++)
        assert_memory_equal(&a->side[i].bar, &b->side[i].bar, 4 * sizeof a->side[i].bar);
}

static void the_meeting_style_is_the_one_without_a_file(void **state)
{
    struct style built_in, read;
    struct error error = {0};
    (void)state;
    style_default(&built_in);
    if (!style_read(&read, "styles/meeting.ini", &error))
        fail_msg("%s", error.message);
    hold_equal(&built_in, &read);
}

static void the_print_style_has_its_own_page_and_greys(void **state)
{
    struct style style;
    struct error error = {0};
    struct colour colours[CLASSES_FINE_MOST];
    struct classes classes = {.count = 5};
    (void)state;
    if (!style_read(&style, "styles/print.ini", &error))
        fail_msg("%s", error.message);
    assert_true(style.page.width == 595 && style.page.height == 842 && style.page.dpi == 200);
    assert_false(style.layers.buildings);
    assert_true(style.layers.streets); /* not in the file: as in meeting.ini */
    style_heat_colours(colours, &classes, &style);
    for (int i = 0; i < 5; i++)
        assert_true(colours[i].red == colours[i].green && colours[i].green == colours[i].blue);
}

/* The lowest class and the ground, for everybody who looks. */
static void the_lowest_class_stands_off_the_ground(void **state)
{
    (void)state;
    static const char *const names[] = {"styles/meeting.ini", "styles/print.ini",
                                        "styles/dark.ini"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t count = 2; count <= 7; count++) {
            struct style style;
            struct colour colours[CLASSES_FINE_MOST];
            struct classes classes = {.count = count};
            assert_true(style_read(&style, names[i], NULL));
            style_heat_colours(colours, &classes, &style);
            /* On paper only land and white streets lie beneath; the greys of water are not met. */
            const struct colour *beneath[] = {&style.colour.land,   &style.colour.street,
                                              &style.colour.square, &style.colour.water,
                                              &style.colour.green,  &style.colour.building};
            for (size_t k = 0; k < (i == 1 ? 3 : 6); k++)
                for (int vision = 0; vision < VISIONS; vision++) {
                    double apart = colour_difference(colour_seen(colours[0], (enum vision)vision),
                                                     colour_seen(*beneath[k], (enum vision)vision));
                    if (apart < 6)
                        fail_msg("%s: %zu classes, ground %zu: %.1f apart in vision %d", names[i],
                                 count, k, apart, vision);
                }
        }
}

static void a_key_is_changed_and_the_rest_stays(void **state)
{
    struct style style, usual;
    (void)state;
    style_default(&usual);
    const char *path = write_style("[colours]\nborder = #FF0000\n[layers]\nbuildings = no\n"
                                   "[type]\ntitle = 18,5\n");
    assert_true(style_read(&style, path, NULL));
    unlink(path);
    assert_true(style.colour.border.red == 1 && style.colour.border.green == 0);
    assert_false(style.layers.buildings);
    assert_true(style.type.title == 18.5);
    assert_true(style.type.head == usual.type.head);
}

static void a_wrong_key_names_the_line_and_the_nearest_one(void **state)
{
    (void)state;
    hold_error("[colours]\nink = #000000\nboarder = #000000\n",
               (const char *const[3]){":3:", "boarder", "'border'"});
    hold_error("[colors]\nink = #000000\n", (const char *const[3]){":1:", "[colors]", "[colours]"});
    hold_error("[zzzzzzzz]\nink = 1\n", (const char *const[3]){":1:", "README", NULL});
    hold_error("[type]\nqqqqqqqqqqqq = 1\n", (const char *const[3]){":2:", "README", NULL});
}

static void a_wrong_value_names_what_would_do(void **state)
{
    (void)state;
    hold_error("[colours]\nink = black\n", (const char *const[3]){":2:", "black", "#RRGGBB"});
    hold_error("[type]\ntitle = 200\n", (const char *const[3]){":2:", "200", "4 to 72"});
    hold_error("[type]\ntitle = nan\n", (const char *const[3]){":2:", "number", NULL});
    hold_error("[heat]\nclasses = 2.5\n", (const char *const[3]){":2:", "whole", "2 to 7"});
    hold_error("[layers]\nstreets = perhaps\n", (const char *const[3]){":2:", "yes", "no"});
    hold_error("[heat]\nramp = nowhere.cpt\n", (const char *const[3]){":2:", "nowhere.cpt", NULL});
}

static void every_key_is_documented(void **state)
{
    static char text[200000];
    (void)state;
    FILE *file = fopen("styles/README.md", "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    size_t count = 0;
    for (const struct style_key *key; (key = style_key(count)) != NULL; count++) {
        char row[300];
        snprintf(row, sizeof row, "| `%s` |", key->name);
        const char *section = strstr(text, key->section);
        if (!section || !strstr(section, row) || !strstr(text, key->help))
            fail_msg("[%s] %s is not in styles/README.md", key->section, key->name);
    }
    assert_true(count > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_meeting_style_is_the_one_without_a_file),
        cmocka_unit_test(the_print_style_has_its_own_page_and_greys),
        cmocka_unit_test(the_lowest_class_stands_off_the_ground),
        cmocka_unit_test(a_key_is_changed_and_the_rest_stays),
        cmocka_unit_test(a_wrong_key_names_the_line_and_the_nearest_one),
        cmocka_unit_test(a_wrong_value_names_what_would_do),
        cmocka_unit_test(every_key_is_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
