/* Tests the sheet: what is drawn, what gives way, and the golden pictures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/golden.h"
#include "tests/scene.h"

#include "engine/draw/furniture.h"
#include "engine/draw/heat.h"
#include "engine/draw/name.h"

#include <stdlib.h>
#include <unistd.h>

/* A sheet, drawn and read back. */
struct shot {
    struct scene scene;
    struct style style;
    struct map_result result;
    struct png_picture picture;
    char path[100];
};

static void begin(struct shot *shot, const char *name)
{
    *shot = (struct shot){0};
    scene_make(&shot->scene);
    style_default(&shot->style);
    shot->scene.sheet.page.dpi = 72;
    snprintf(shot->path, sizeof shot->path, "/tmp/plein_test_map_%s.png", name);
}

static void draw(struct shot *shot)
{
    struct error error = {0};
    struct map_drawing drawing = {&shot->scene.sheet, &shot->style, NULL, 0, 0, MAP_PNG, NULL};
    if (!map_write(&shot->result, shot->path, &drawing, &error)
        || !png_read(&shot->picture, shot->path, &error))
        fail_msg("%s", error.message);
    assert_int_equal(shot->picture.width, shot->result.width_px);
    assert_int_equal(shot->picture.height, shot->result.height_px);
}

static void end(struct shot *shot)
{
    map_result_free(&shot->result);
    png_picture_free(&shot->picture);
    scene_free(&shot->scene);
    unlink(shot->path);
}

/* The pixel at a place on the ground, as 0xRRGGBB. */
static unsigned pixel_at(const struct shot *shot, double x, double y)
{
    double column = shot->result.frame_px[0]
                    + (scene_x + x - shot->result.ground.x_min) / shot->result.metres_per_pixel;
    double row = shot->result.frame_px[1]
                 + (shot->result.ground.y_max - scene_y - y) / shot->result.metres_per_pixel;
    const uint8_t *rgba =
        shot->picture.rgba + ((size_t)row * shot->picture.width + (size_t)column) * 4;
    return (unsigned)rgba[0] << 16 | (unsigned)rgba[1] << 8 | rgba[2];
}

static size_t count_pixels(const struct shot *shot, unsigned colour)
{
    size_t count = 0;
    for (size_t i = 0; i < (size_t)shot->picture.width * shot->picture.height; i++) {
        const uint8_t *rgba = shot->picture.rgba + 4 * i;
        count += ((unsigned)rgba[0] << 16 | (unsigned)rgba[1] << 8 | rgba[2]) == colour ? 1 : 0;
    }
    return count;
}

/* No two texts overlap, and none leaves the frame. */
static void hold_labels(const struct shot *shot)
{
    const struct labels *labels = &shot->result.labels;
    for (size_t i = 0; i < labels->count; i++) {
        double corners[8];
        if (labels->items[i].kind != LABEL_TEXT)
            continue;
        label_box_corners(corners, &labels->items[i].box);
        for (int k = 0; k < 4; k++)
            if (corners[2 * k] < labels->frame.x_min - 1e-6
                || corners[2 * k] > labels->frame.x_max + 1e-6
                || corners[2 * k + 1] < labels->frame.y_min - 1e-6
                || corners[2 * k + 1] > labels->frame.y_max + 1e-6)
                fail_msg("label %zu leaves the frame", i);
        for (size_t j = 0; j < i; j++)
            if (labels->items[j].kind == LABEL_TEXT
                && label_boxes_overlap(&labels->items[i].box, &labels->items[j].box))
                fail_msg("labels %zu and %zu overlap", i, j);
    }
}

static void the_border_is_dark_and_the_peak_has_the_darkest_class(void **state)
{
    struct shot shot;
    (void)state;
    begin(&shot, "border");
    draw(&shot);
    for (int i = 3; i < SCENE_BORDER - 2; i++) {
        double x = (scene_border[2 * i] + scene_border[2 * i + 2]) / 2;
        double y = (scene_border[2 * i + 1] + scene_border[2 * i + 3]) / 2;
        unsigned pixel = pixel_at(&shot, x, y);
        if ((pixel >> 16) > 0x40 || (pixel & 255) > 0x40)
            fail_msg("the border is #%06X in its stretch %d", pixel, i);
    }
    /* 20 m off the line, beyond its light edge, on the peak */
    assert_int_equal(pixel_at(&shot, 740, 536), 0x370035);
    /* every class of the legend is there, on the map and in the legend alike */
    static const unsigned classes[] = {0xFEE4BC, 0xEE9862, 0xCE4349, 0x6F296B, 0x370035};
    for (int i = 0; i < 5; i++)
        assert_true(count_pixels(&shot, classes[i]) > 600);
    hold_labels(&shot);
    end(&shot);
}

static void the_meeting_sheet_is_the_golden_one(void **state)
{
    struct shot shot;
    (void)state;
    begin(&shot, "meeting");
    draw(&shot);
    assert_true(golden_equal(shot.path, "meeting.png"));
    end(&shot);
}

static void the_print_sheet_is_the_golden_one_and_grey(void **state)
{
    struct shot shot;
    struct error error = {0};
    (void)state;
    begin(&shot, "print");
    if (!style_read(&shot.style, "styles/print.ini", &error))
        fail_msg("%s", error.message);
    shot.scene.sheet.page.dpi = 100;
    shot.scene.sheet.support = &shot.scene.support;
    shot.scene.sheet.least_support = 10;
    shot.scene.sheet.smallest_hatched_m2 = 900;
    shot.scene.sheet.smallest_coloured_m2 = 2500;
    draw(&shot);
    assert_true(golden_equal(shot.path, "print.png"));
    for (size_t i = 0; i < (size_t)shot.picture.width * shot.picture.height; i++) {
        const uint8_t *rgba = shot.picture.rgba + 4 * i;
        if (abs(rgba[0] - rgba[1]) > 2 || abs(rgba[1] - rgba[2]) > 2)
            fail_msg("pixel %zu is not grey", i);
    }
    assert_true(shot.result.has_withheld);
    end(&shot);
}

static void the_same_sheet_is_the_same_pixels(void **state)
{
    struct shot one, two;
    (void)state;
    begin(&one, "one");
    begin(&two, "two");
    draw(&one);
    draw(&two);
    assert_memory_equal(one.picture.rgba, two.picture.rgba,
                        (size_t)one.picture.width * one.picture.height * 4);
    end(&one);
    end(&two);
}

static void too_few_are_hatched_and_never_coloured(void **state)
{
    struct shot shot;
    (void)state;
    begin(&shot, "few");
    shot.scene.sheet.support = &shot.scene.support;
    shot.scene.sheet.least_support = 1e9;
    draw(&shot);
    assert_true(shot.result.has_withheld);
    /* only the boxes of the legend hold the darkest class */
    assert_true(count_pixels(&shot, 0x370035) < 1000);
    end(&shot);
}

/* Every listed cluster has its badge: only badges take a square place. */
static void hold_badges(const struct shot *shot)
{
    size_t badges = 0;
    for (size_t i = 0; i < shot->result.labels.count; i++) {
        const struct placed_label *label = &shot->result.labels.items[i];
        badges +=
            label->kind == LABEL_TEXT && label->box.half_width == label->box.half_height ? 1 : 0;
    }
    if (badges < 5)
        fail_msg("%zu badges instead of 5", badges);
}

static void hold_page(double width, double height)
{
    struct shot shot;
    begin(&shot, "page");
    shot.scene.sheet.page.width = width;
    shot.scene.sheet.page.height = height;
    shot.scene.sheet.texts.title =
        "Een bijzonder lange titel over het Burgemeester Van der Heijdenplantsoenplein, dat op de "
        "grens van Nederweert-Eind en 's-Gravenvoerendonk ligt en drukker is dan elk ander";
    shot.scene.cluster[0].name = "Burgemeester Van der Heijdenplantsoenplein achter het station";
    shot.scene.area[0].name = "Nuenen, Gerwen en Nederwetten bij Valkenswaard";
    draw(&shot);
    hold_labels(&shot);
    hold_badges(&shot);
    /* nothing is drawn over the edge of the sheet: a margin stays white all round */
    for (uint32_t i = 0; i < shot.picture.width; i++) {
        assert_int_equal(shot.picture.rgba[4 * i], 255);
        assert_int_equal(
            shot.picture.rgba[4 * ((size_t)(shot.picture.height - 1) * shot.picture.width + i)],
            255);
    }
    for (uint32_t i = 0; i < shot.picture.height; i++) {
        assert_int_equal(shot.picture.rgba[4 * ((size_t)i * shot.picture.width)], 255);
        assert_int_equal(
            shot.picture.rgba[4 * ((size_t)i * shot.picture.width + shot.picture.width - 1)], 255);
    }
    end(&shot);
}

static void long_names_and_odd_pages_are_survived(void **state)
{
    (void)state;
    hold_page(960, 540);
    hold_page(842, 595);
    hold_page(595, 842);
    hold_page(1191, 842);
    hold_page(2000, 300);
    hold_page(300, 1400);
}

static void a_page_too_small_for_its_texts_is_refused(void **state)
{
    struct shot shot;
    struct error error = {0};
    (void)state;
    begin(&shot, "small");
    shot.scene.sheet.page.width = shot.scene.sheet.page.height = 150;
    struct map_drawing drawing = {&shot.scene.sheet, &shot.style, NULL, 0, 0, MAP_PNG, NULL};
    assert_false(map_write(&shot.result, shot.path, &drawing, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_int_equal(access(shot.path, F_OK), -1);
    end(&shot);
}

static void a_sheet_with_next_to_nothing_is_drawn(void **state)
{
    (void)state;
    for (int missing = 0; missing < 7; missing++) {
        struct shot shot;
        begin(&shot, "nothing");
        struct map_sheet *sheet = &shot.scene.sheet;
        if (missing == 0)
            *sheet = (struct map_sheet){.page = sheet->page};
        if (missing == 1)
            sheet->cluster_count = 0;
        if (missing == 2)
            sheet->feature_count = 0;
        if (missing == 3)
            sheet->density = NULL;
        if (missing == 4)
            for (size_t i = 0; i < shot.scene.density.columns * shot.scene.density.rows; i++)
                shot.scene.density.values[i] = NAN;
        if (missing == 5)
            sheet->area_count = 1, sheet->border_count = 0;
        if (missing == 6)
            sheet->ground = (struct box){NAN, 0, 1, INFINITY};
        draw(&shot);
        hold_labels(&shot);
        end(&shot);
    }
}

static void coordinates_that_are_no_numbers_are_passed_over(void **state)
{
    struct shot shot;
    (void)state;
    begin(&shot, "nan");
    shot.scene.features[0].x[1] = NAN;
    shot.scene.outlines[1].y[4] = INFINITY;
    shot.scene.areas[0].x[3] = -1e300;
    draw(&shot);
    end(&shot);
}

/* A board of n * n square jurisdictions; every border between two is its own line. */
static void hold_board(size_t side)
{
    struct shot shot;
    struct shape *shapes;
    struct map_area *areas;
    char(*names)[24];
    size_t count = side * side;
    begin(&shot, "board");
    assert_true(array_new(&shapes, count, sizeof *shapes, NULL));
    assert_true(array_new(&areas, count, sizeof *areas, NULL));
    assert_true(array_new(&names, count, sizeof *names, NULL));
    for (size_t i = 0; i < count; i++) {
        double size = 1700.0 / (double)side, x = (double)(i % side) * size - 100;
        double y = (double)(i / side) * size - 300;
        scene_shape(&shapes[i],
                    (double[]){x, y, x + size, y, x + size, y + size, x, y + size, x, y}, 5);
        snprintf(names[i], sizeof names[i], "Gemeente %zu", i + 1);
        areas[i] = (struct map_area){&shapes[i], names[i], i};
    }
    shot.scene.sheet.areas = areas;
    shot.scene.sheet.area_count = count;
    shot.scene.sheet.border_count = 0;
    for (size_t c = 0; c < SCENE_CLUSTERS; c++)
        for (size_t s = 0; s < shot.scene.cluster[c].share_count; s++)
            shot.scene.shares[c][s].area = (c + s) % count;
    draw(&shot);
    hold_labels(&shot);
    end(&shot);
    for (size_t i = 0; i < count; i++)
        shape_free(&shapes[i]);
    array_free(&shapes);
    array_free(&areas);
    array_free(&names);
}

static void one_four_and_a_hundred_jurisdictions_are_drawn(void **state)
{
    (void)state;
    hold_board(1);
    hold_board(2);
    hold_board(4);
    hold_board(12);
}

/* Scenes with everything somewhere else. */
static void over_many_scenes_no_label_lies_on_another(void **state)
{
    (void)state;
    for (int number = 1; number <= 24; number++) {
        struct shot shot;
        begin(&shot, "random");
        uint64_t seed = (uint64_t)number * 2654435761u;
        for (size_t c = 0; c < SCENE_CLUSTERS; c++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            double dx = (double)(seed >> 44 & 1023) - 512, dy = (double)(seed >> 54) - 512;
            for (size_t i = 0; i < shot.scene.outlines[c].point_count; i++) {
                shot.scene.outlines[c].x[i] += dx;
                shot.scene.outlines[c].y[i] += dy * 0.7;
            }
        }
        struct canvas *canvas = canvas_open_image(map_size(&shot.scene.sheet, &shot.style), NULL);
        assert_non_null(canvas);
        struct map_drawing drawing = {&shot.scene.sheet, &shot.style, NULL, 0, 0, MAP_PNG, NULL};
        assert_true(map_draw(&shot.result, canvas, &drawing, NULL));
        hold_labels(&shot);
        canvas_close(canvas);
        end(&shot);
    }
}

static void a_scale_bar_is_round_and_neither_short_nor_long(void **state)
{
    (void)state;
    for (double width = 3; width < 3e6; width *= 1.07) {
        double length = furniture_scale_length(width);
        double figure = length;
        while (figure >= 10)
            figure /= 10;
        while (figure < 1)
            figure *= 10;
        assert_true(fabs(figure - 1) < 1e-9 || fabs(figure - 2) < 1e-9 || fabs(figure - 5) < 1e-9);
        if (length < 0.1 * width - 1e-9 || length > 0.25 * width + 1e-9)
            fail_msg("%g m on a map of %g m", length, width);
    }
}

static void percents_add_up_to_a_hundred(void **state)
{
    static const double shares[][3] = {
        {0.485, 0.515, 0}, {1 / 3.0, 1 / 3.0, 1 / 3.0}, {0.005, 0.995, 0}, {1, 0, 0}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct map_share of[3] = {{0, shares[i][0]}, {1, shares[i][1]}, {2, shares[i][2]}};
        int percents[3];
        furniture_percents(percents, of, 3);
        assert_int_equal(percents[0] + percents[1] + percents[2], 100);
    }
}

static void figures_are_written_as_in_the_language(void **state)
{
    struct map_texts dutch = {.decimal = ',', .thousands = '.'}, english = {.thousands = ','};
    char text[FIGURE_TEXT];
    (void)state;
    kit_figure(text, 1234567, &dutch);
    assert_string_equal(text, "1.234.567");
    kit_figure(text, 0.5, &dutch);
    assert_string_equal(text, "0,5");
    kit_figure(text, 12000, &english);
    assert_string_equal(text, "12,000");
    kit_figure(text, 80, &dutch);
    assert_string_equal(text, "80");
}

static void capitals_keep_their_accents(void **state)
{
    char capitals[NAME_LONGEST];
    (void)state;
    name_capitals(capitals, "'s-Gravenhage");
    assert_string_equal(capitals, "'S-GRAVENHAGE");
    name_capitals(capitals, "Súdwest-Fryslân ijmuiden ÿ ł ž ß ÷");
    assert_string_equal(capitals, "SÚDWEST-FRYSLÂN IJMUIDEN Ÿ Ł Ž ß ÷");
}

/* The heat's classes against the value at each pixel's middle, one by one. */
static void the_heat_is_what_the_raster_says(void **state)
{
    struct scene scene;
    struct heat heat;
    (void)state;
    scene_make(&scene);
    struct view view = view_fit(scene.sheet.ground, (double[4]){0, 0, 300, 204});
    struct colour colours[5] = {0};
    struct heat_source source = {.density = &scene.density,
                                 .classes = &scene.sheet.classes,
                                 .colours = colours,
                                 .view = &view,
                                 .pixels_per_point = 1};
    assert_true(heat_read(&heat, &source, NULL));
    size_t wrong = 0;
    for (size_t i = 0; i < (size_t)(heat.width * heat.height); i++) {
        double x = view.ground.x_min + ((double)(i % 300) + 0.5) / view.scale;
        double y = view.ground.y_max - ((double)(i / 300) + 0.5) / view.scale;
        double value = raster_at(&scene.density, x, y);
        size_t rank = classes_of(&scene.sheet.classes, value);
        /* the spline and the straight line part by little, so only well within a class */
        bool well = rank == classes_of(&scene.sheet.classes, value * 1.06)
                    && rank == classes_of(&scene.sheet.classes, value * 0.94);
        wrong += well && heat.classes[i] != rank ? 1 : 0;
    }
    assert_int_equal(wrong, 0);
    heat_free(&heat);
    scene_free(&scene);
}

static void small_patches_are_left_white(void **state)
{
    struct scene scene;
    struct heat all, large;
    (void)state;
    scene_make(&scene);
    struct view view = view_fit(scene.sheet.ground, (double[4]){0, 0, 300, 204});
    struct colour colours[5];
    for (int i = 0; i < 5; i++)
        colours[i] = colour_from_bytes(200, 100, 0);
    struct heat_source source = {.density = &scene.density,
                                 .classes = &scene.sheet.classes,
                                 .colours = colours,
                                 .view = &view,
                                 .pixels_per_point = 1};
    assert_true(heat_read(&all, &source, NULL));
    source.smallest_coloured_m2 = 10000;
    assert_true(heat_read(&large, &source, NULL));
    size_t at = (size_t)((scene_high - 445) * view.scale) * 300 + (size_t)(1415 * view.scale);
    size_t peak = (size_t)((scene_high - 520) * view.scale) * 300 + (size_t)(755 * view.scale);
    assert_true(all.classes[at] > 0 && all.pixels[at] != 0);
    assert_true(large.classes[at] == 0 && large.pixels[at] == 0);
    assert_true(large.classes[peak] == all.classes[peak] && large.pixels[peak] != 0);
    heat_free(&all);
    heat_free(&large);
    scene_free(&scene);
}

static void a_sheet_too_large_is_refused(void **state)
{
    struct error error = {0};
    (void)state;
    assert_null(canvas_open_image(
        (struct canvas_size){.width_px = 30000, .height_px = 10, .scale = 1}, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_null(canvas_open_image(
        (struct canvas_size){.width_px = 20000, .height_px = 20000, .scale = 1}, &error));
    assert_null(canvas_open_image((struct canvas_size){.height_px = 10, .scale = 1}, &error));
}

static void a_coordinate_that_is_no_number_is_told(void **state)
{
    struct error error = {0};
    (void)state;
    struct canvas *canvas =
        canvas_open_image((struct canvas_size){.width_px = 10, .height_px = 10, .scale = 1}, NULL);
    assert_non_null(canvas);
    assert_true(canvas_check(canvas, &error));
    canvas_move(canvas, NAN, 1);
    assert_false(canvas_check(canvas, &error));
    assert_int_equal(error.kind, ERROR_INTERNAL);
    canvas_close(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_border_is_dark_and_the_peak_has_the_darkest_class),
        cmocka_unit_test(the_meeting_sheet_is_the_golden_one),
        cmocka_unit_test(the_print_sheet_is_the_golden_one_and_grey),
        cmocka_unit_test(the_same_sheet_is_the_same_pixels),
        cmocka_unit_test(too_few_are_hatched_and_never_coloured),
        cmocka_unit_test(long_names_and_odd_pages_are_survived),
        cmocka_unit_test(a_page_too_small_for_its_texts_is_refused),
        cmocka_unit_test(a_sheet_with_next_to_nothing_is_drawn),
        cmocka_unit_test(coordinates_that_are_no_numbers_are_passed_over),
        cmocka_unit_test(one_four_and_a_hundred_jurisdictions_are_drawn),
        cmocka_unit_test(over_many_scenes_no_label_lies_on_another),
        cmocka_unit_test(a_scale_bar_is_round_and_neither_short_nor_long),
        cmocka_unit_test(percents_add_up_to_a_hundred),
        cmocka_unit_test(figures_are_written_as_in_the_language),
        cmocka_unit_test(capitals_keep_their_accents),
        cmocka_unit_test(the_heat_is_what_the_raster_says),
        cmocka_unit_test(small_patches_are_left_white),
        cmocka_unit_test(a_sheet_too_large_is_refused),
        cmocka_unit_test(a_coordinate_that_is_no_number_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
