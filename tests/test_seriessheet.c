/* Tests sheets of small maps: any number of them on any page, alike, in reading order, and no text
 * on another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/borderscene.h"

#include "engine/draw/seriesgrid.h"
#include "engine/draw/seriessheet.h"

#include <stdlib.h>
#include <unistd.h>

/* Made once: it takes its time. */
static struct border_scene border;

static int make_border(void **state)
{
    (void)state;
    borderscene_make(&border);
    borderscene_priorities(&border);
    return 0;
}

static int free_border(void **state)
{
    (void)state;
    borderscene_free(&border);
    return 0;
}

/* A sheet of maps that all show the scene. */
struct shot {
    struct style style;
    struct series_map maps[SERIES_MAPS_MOST];
    char titles[SERIES_MAPS_MOST][80];
    struct series_sheet sheet;
    struct series_result result;
};

static const char *const months[12] = {"Januari",   "Februari", "Maart",    "April",
                                       "Mei",       "Juni",     "Juli",     "Augustus",
                                       "September", "Oktober",  "November", "December"};

static struct shot *begin(size_t count)
{
    struct shot *shot = calloc(1, sizeof *shot);
    assert_non_null(shot);
    style_default(&shot->style);
    shot->sheet.base = border.sheet.base;
    shot->sheet.base.page.dpi = getenv("PLEIN_LOOK") ? 100 : 36;
    shot->sheet.maps = shot->maps;
    shot->sheet.count = count;
    for (size_t i = 0; i < count; i++) {
        snprintf(shot->titles[i], sizeof shot->titles[i], "%s %d", months[i % 12],
                 2023 + (int)(i / 12));
        shot->maps[i] = (struct series_map){.title = shot->titles[i],
                                            .note = "1.234 meldingen",
                                            .note_short = "1.234",
                                            .density = &border.density[i % 3],
                                            .support = &border.support[i % 3]};
    }
    return shot;
}

static void draw(struct shot *shot, const char *path)
{
    struct error error = {0};
    const struct series_drawing drawing = {&shot->sheet, &shot->style, NULL, 0, 2, MAP_PNG};
    if (!seriessheet_write(&shot->result, path, &drawing, &error))
        fail_msg("%s", error.message);
}

/* With PLEIN_LOOK=FOLDER every sheet is left there for looking at. */
static void draw_named(struct shot *shot, const char *name)
{
    const char *folder = getenv("PLEIN_LOOK");
    char path[300];
    snprintf(path, sizeof path, "%s/plein_test_seriessheet_%s.png", folder ? folder : "/tmp", name);
    draw(shot, path);
    if (!folder)
        unlink(path);
}

static void end(struct shot *shot)
{
    series_result_free(&shot->result);
    free(shot);
}

static void hold_labels(const struct labels *labels, const char *what)
{
    for (size_t i = 0; i < labels->count; i++) {
        double corners[8];
        if (labels->items[i].kind != LABEL_TEXT)
            continue;
        label_box_corners(corners, &labels->items[i].box);
        for (int k = 0; k < 4; k++)
            if (corners[2 * k] < labels->frame.x_min - 0.01
                || corners[2 * k] > labels->frame.x_max + 0.01
                || corners[2 * k + 1] < labels->frame.y_min - 0.01
                || corners[2 * k + 1] > labels->frame.y_max + 0.01)
                fail_msg("%s: text %zu leaves the frame at %g, %g", what, i, corners[2 * k],
                         corners[2 * k + 1]);
        for (size_t j = 0; j < i; j++)
            if (labels->items[j].kind == LABEL_TEXT
                && label_boxes_overlap(&labels->items[i].box, &labels->items[j].box))
                fail_msg("%s: texts %zu and %zu overlap at %g, %g", what, i, j,
                         labels->items[i].box.x, labels->items[i].box.y);
    }
}

/* Frames lie on the page, are alike, part, and run as one reads. */
static void hold_frames(const struct shot *shot, const char *what)
{
    const struct series_result *result = &shot->result;
    for (size_t i = 0; i < shot->sheet.count; i++) {
        const double *frame = result->frames_px[i], *first = result->frames_px[0];
        if (frame[0] < 0 || frame[1] < 0 || frame[0] + frame[2] > result->width_px
            || frame[1] + frame[3] > result->height_px)
            fail_msg("%s: map %zu leaves the page", what, i);
        if (fabs(frame[2] - first[2]) > 0.01 || fabs(frame[3] - first[3]) > 0.01)
            fail_msg("%s: map %zu is another size", what, i);
        if (i == 0)
            continue;
        const double *before = result->frames_px[i - 1];
        bool beside = i % result->columns != 0;
        if (beside ? frame[0] < before[0] + before[2] + 1 || frame[1] != before[1]
                   : frame[0] != first[0] || frame[1] < before[1] + before[3] + 1)
            fail_msg("%s: map %zu does not follow the one before", what, i);
    }
}

static void hold_sheet(const struct shot *shot, const char *what)
{
    hold_frames(shot, what);
    hold_labels(&shot->result.written, what);
    for (size_t i = 0; i < shot->result.count; i++)
        hold_labels(&shot->result.labels[i], what);
    assert_int_equal(shot->result.count, shot->sheet.count);
}

/* Width and height of a slide, A4 lying and standing, A3, and a square. */
static const double pages[][2] = {{960, 540}, {842, 595}, {595, 842}, {1191, 842}, {700, 700}};

static void any_number_of_maps_fits_any_page(void **state)
{
    (void)state;
    for (size_t page = 0; page < sizeof pages / sizeof *pages; page++)
        for (size_t count = 1; count <= SERIES_MAPS_MOST; count += page == 0 ? 1 : 3) {
            struct shot *shot = begin(count);
            char name[40];
            snprintf(name, sizeof name, "%.0fx%.0f_%02zu", pages[page][0], pages[page][1], count);
            shot->sheet.base.page.width = pages[page][0];
            shot->sheet.base.page.height = pages[page][1];
            shot->sheet.whole = count % 2 == 0 ? 12 : 0;
            draw_named(shot, name);
            hold_sheet(shot, name);
            end(shot);
        }
}

static void every_caption_tells_its_title_and_number(void **state)
{
    (void)state;
    for (size_t count = 1; count <= SERIES_MAPS_MOST; count += 5) {
        struct shot *with = begin(count), *without = begin(count);
        draw_named(with, "with");
        for (size_t i = 0; i < count; i++)
            without->maps[i].note = without->maps[i].note_short = NULL;
        draw_named(without, "without");
        assert_int_equal(with->result.written.count, without->result.written.count + count);
        end(with);
        end(without);
    }
}

static void long_titles_overlap_nothing(void **state)
{
    (void)state;
    for (size_t count = 2; count <= SERIES_MAPS_MOST; count += 3) {
        struct shot *shot = begin(count);
        for (size_t i = 0; i < count; i++)
            if (i % 3 == 0)
                shot->maps[i].title = "Overlast van jongeren in de openbare ruimte bij het station";
        draw_named(shot, "long");
        hold_sheet(shot, "long");
        end(shot);
    }
}

static void the_ground_shown_lies_within_reach(void **state)
{
    (void)state;
    for (size_t page = 0; page < sizeof pages / sizeof *pages; page++)
        for (size_t count = 1; count <= SERIES_MAPS_MOST; count += 3) {
            struct shot *shot = begin(count);
            shot->sheet.base.page.width = pages[page][0];
            shot->sheet.base.page.height = pages[page][1];
            if (count % 2 == 0) /* higher than wide */
                shot->sheet.base.ground.x_max = shot->sheet.base.ground.x_min + 620;
            struct box reach = seriessheet_reach(shot->sheet.base.ground);
            draw_named(shot, "reach");
            const double slack = 0.02 * (reach.x_max - reach.x_min);
            assert_true(shot->result.ground.x_min > reach.x_min - slack);
            assert_true(shot->result.ground.x_max < reach.x_max + slack);
            assert_true(shot->result.ground.y_min > reach.y_min - slack);
            assert_true(shot->result.ground.y_max < reach.y_max + slack);
            end(shot);
        }
}

static void two_years_of_months_stand_year_under_year(void **state)
{
    struct grid_room room = {.width = 912,
                             .height = 390,
                             .gap = 13,
                             .least_gap = 6,
                             .row_gap = 11,
                             .title = 20,
                             .caption = 60,
                             .shape = 0.62,
                             .narrowest = 0.39,
                             .broadest = 1.3,
                             .count = 24,
                             .whole = 12,
                             .legend_cell = {150, 92},
                             .legend_strip = 38};
    (void)state;
    assert_int_equal(seriesgrid_choose(&room).columns, 12);
    room.caption = 140; /* titles too long for that */
    assert_true(seriesgrid_choose(&room).columns <= 8);
}

static void a_page_too_small_is_refused(void **state)
{
    struct shot *shot = begin(24);
    struct error error = {0};
    const struct series_drawing drawing = {&shot->sheet, &shot->style, NULL, 0, 1, MAP_PNG};
    (void)state;
    shot->sheet.base.page.width = 200;
    shot->sheet.base.page.height = 200;
    assert_false(
        seriessheet_write(&shot->result, "/tmp/plein_test_seriessheet_no.png", &drawing, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    end(shot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_maps_fits_any_page),
        cmocka_unit_test(every_caption_tells_its_title_and_number),
        cmocka_unit_test(long_titles_overlap_nothing),
        cmocka_unit_test(the_ground_shown_lies_within_reach),
        cmocka_unit_test(two_years_of_months_stand_year_under_year),
        cmocka_unit_test(a_page_too_small_is_refused),
    };
    return cmocka_run_group_tests(tests, make_border, free_border);
}
