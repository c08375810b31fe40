/* Tests the border sheet: maps on one scale, what each side lacks, and what gives way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/borderscene.h"
#include "tests/golden.h"

#include <stdlib.h>
#include <unistd.h>

/* A sheet, drawn and read back. */
struct shot {
    struct border_scene border;
    struct style style;
    struct border_result result;
    struct png_picture picture;
    char path[100];
};

static struct shot *begin(const char *name)
{
    struct shot *shot = calloc(1, sizeof *shot);
    assert_non_null(shot);
    borderscene_make(&shot->border);
    style_default(&shot->style);
    shot->border.sheet.base.page.dpi = 72;
    snprintf(shot->path, sizeof shot->path, "/tmp/plein_test_bordersheet_%s.png", name);
    return shot;
}

static void draw(struct shot *shot)
{
    struct error error = {0};
    struct border_drawing drawing = {&shot->border.sheet, &shot->style, NULL, 0, 2, MAP_PNG};
    if (!bordersheet_write(&shot->result, shot->path, &drawing, &error)
        || !png_read(&shot->picture, shot->path, &error))
        fail_msg("%s", error.message);
    assert_int_equal(shot->picture.width, shot->result.width_px);
    assert_int_equal(shot->picture.height, shot->result.height_px);
}

/* With PLEIN_LOOK=FOLDER every sheet is left there for looking at, at 144 dpi. */
static void look_at(const struct shot *shot)
{
    const char *folder = getenv("PLEIN_LOOK");
    struct border_sheet sheet = shot->border.sheet;
    struct border_drawing drawing = {&sheet, &shot->style, NULL, 0, 2, MAP_PNG};
    struct border_result result;
    char path[300];
    if (!folder)
        return;
    sheet.base.page.dpi = 144;
    snprintf(path, sizeof path, "%s/%s", folder,
             shot->path + strlen("/tmp/plein_test_bordersheet_"));
    assert_true(bordersheet_write(&result, path, &drawing, NULL));
    border_result_free(&result);
}

static void end(struct shot *shot)
{
    look_at(shot);
    border_result_free(&shot->result);
    png_picture_free(&shot->picture);
    borderscene_free(&shot->border);
    unlink(shot->path);
    free(shot);
}

static unsigned pixel(const struct shot *shot, double column, double row)
{
    const uint8_t *rgba =
        shot->picture.rgba + ((size_t)row * shot->picture.width + (size_t)column) * 4;
    return (unsigned)rgba[0] << 16 | (unsigned)rgba[1] << 8 | rgba[2];
}

/* The pixel at a place on the ground (metres from the lower left), as 0xRRGGBB. */
static unsigned pixel_at(const struct shot *shot, size_t map, double x, double y)
{
    const double *frame = shot->result.frames_px[map];
    return pixel(
        shot, frame[0] + (scene_x + x - shot->result.ground.x_min) / shot->result.metres_per_pixel,
        frame[1] + (shot->result.ground.y_max - scene_y - y) / shot->result.metres_per_pixel);
}

static size_t count_pixels(const struct shot *shot, unsigned colour)
{
    size_t count = 0;
    for (uint32_t row = 0; row < shot->picture.height; row++)
        for (uint32_t column = 0; column < shot->picture.width; column++)
            count += pixel(shot, column, row) == colour ? 1 : 0;
    return count;
}

/* No two texts overlap, and none leaves its frame. */
static void hold_labels(const struct labels *labels, const char *what)
{
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
                fail_msg("%s: text %zu leaves the frame at %g, %g", what, i, corners[2 * k],
                         corners[2 * k + 1]);
        for (size_t j = 0; j < i; j++)
            if (labels->items[j].kind == LABEL_TEXT
                && label_boxes_overlap(&labels->items[i].box, &labels->items[j].box))
                fail_msg("%s: texts %zu and %zu overlap at %g, %g", what, i, j,
                         labels->items[i].box.x, labels->items[i].box.y);
    }
}

/* A margin stays white all round: nothing is cut off by the edge. */
static void hold_margin(const struct shot *shot)
{
    uint32_t width = shot->picture.width, height = shot->picture.height;
    for (uint32_t i = 0; i < width; i++)
        for (uint32_t k = 0; k < 4; k++)
            if (pixel(shot, i, k) != 0xFFFFFF || pixel(shot, i, height - 1 - k) != 0xFFFFFF)
                fail_msg("the margin is drawn on in column %u", i);
    for (uint32_t i = 0; i < height; i++)
        for (uint32_t k = 0; k < 8; k++)
            if (pixel(shot, k, i) != 0xFFFFFF || pixel(shot, width - 1 - k, i) != 0xFFFFFF)
                fail_msg("the margin is drawn on in row %u", i);
}

static void hold_sheet(const struct shot *shot, const char *what)
{
    for (int map = 0; map < BORDER_MAPS; map++)
        hold_labels(&shot->result.labels[map], what);
    hold_labels(&shot->result.written, what);
    hold_margin(shot);
    /* one scale: the frames are alike */
    for (int map = 1; map < BORDER_MAPS; map++)
        for (int side = 2; side < 4; side++)
            assert_true(fabs(shot->result.frames_px[map][side] - shot->result.frames_px[0][side])
                        < 1.01);
}

/* The middles of badges: only they take a square place. */
static size_t badges_of(double places[][2], size_t most, const struct labels *labels)
{
    size_t count = 0;
    for (size_t i = 0; i < labels->count && count < most; i++) {
        const struct placed_label *label = &labels->items[i];
        if (label->kind != LABEL_TEXT || label->box.half_width != label->box.half_height)
            continue;
        places[count][0] = label->box.x;
        places[count++][1] = label->box.y;
    }
    return count;
}

static void the_slide_holds(void **state)
{
    struct shot *shot = begin("slide");
    (void)state;
    draw(shot);
    hold_sheet(shot, "slide");
    end(shot);
}

static void all_maps_have_the_colours_of_one_legend(void **state)
{
    struct shot *shot = begin("colours");
    (void)state;
    shot->border.sheet.base.feature_count = 0;
    draw(shot);
    /* Where the other side adds nothing, alone and together are the same colour. */
    assert_int_equal(pixel_at(shot, 0, 330, 745), pixel_at(shot, 2, 330, 745));
    assert_int_equal(pixel_at(shot, 1, 1125, 310), pixel_at(shot, 2, 1125, 310));
    static const unsigned classes[] = {0xFEE4BC, 0xEE9862, 0xCE4349, 0x6F296B, 0x370035};
    for (int i = 0; i < 5; i++)
        if (count_pixels(shot, classes[i]) < 400)
            fail_msg("class %d is hardly there", i + 1);
    /* The darkest class is reached by both together alone. */
    const double *last = shot->result.frames_px[2];
    for (uint32_t row = 0; row < last[1] + last[3]; row++)
        for (uint32_t column = 0; column < last[0] - 1; column++)
            assert_int_not_equal(pixel(shot, column, row), 0x370035);
    end(shot);
}

static void the_neighbours_ground_is_no_data_and_outlines_end_there(void **state)
{
    struct shot *shot = begin("nodata");
    (void)state;
    draw(shot);
    for (size_t map = 0; map < 2; map++) {
        const struct small_map *of = &shot->border.sheet.maps[map];
        for (size_t c = 0; c < of->cluster_count; c++)
            for (size_t i = 0; i < of->clusters[c].outline->point_count; i++) {
                double x = of->clusters[c].outline->x[i], y = of->clusters[c].outline->y[i];
                bool deep = true; /* not only just over the line */
                for (int k = 0; k < 9; k++)
                    deep = deep
                           && shape_holds(&shot->border.scene.areas[1 - map], x + (k % 3 - 1) * 25,
                                          y + (int)(k / 3) * 25 - 25);
                unsigned found = pixel_at(shot, map, x - scene_x, y - scene_y);
                if (deep && ((found >> 16) < 0xC0 || (found & 255) < 0xB8))
                    fail_msg("map %zu has #%06X at point %zu of outline %zu, beyond the border",
                             map, found, i, c);
            }
    }
    end(shot);
}

static void badges_and_names_stand_on_ground_with_data(void **state)
{
    static const size_t wanted[BORDER_MAPS] = {5, 4, 6};
    struct shot *shot = begin("badges");
    (void)state;
    draw(shot);
    for (size_t map = 0; map < BORDER_MAPS; map++) {
        double places[20][2];
        size_t count = badges_of(places, 20, &shot->result.labels[map]);
        assert_int_equal(count, wanted[map]);
        for (size_t i = 0; i < count && map < 2; i++) {
            double x =
                shot->result.ground.x_min
                + (places[i][0] - shot->result.frames_px[map][0]) * shot->result.metres_per_pixel;
            double y =
                shot->result.ground.y_max
                - (places[i][1] - shot->result.frames_px[map][1]) * shot->result.metres_per_pixel;
            if (!shape_holds(&shot->border.scene.areas[map], x, y))
                fail_msg("a badge of map %zu stands beyond the border", map);
        }
    }
    end(shot);
}

/* The second class of each half of that scale, which nothing else on the sheet has. */
static void count_missed(size_t counts[2], const struct shot *shot)
{
    counts[0] = count_pixels(shot, 0x4C84BC);
    counts[1] = count_pixels(shot, 0xA5762E);
}

static void what_a_side_misses_is_drawn_on_its_own_ground(void **state)
{
    size_t both[2], one[2];
    struct shot *whole = begin("whole");
    (void)state;
    whole->border.sheet.base.page.dpi = 144;
    draw(whole);
    count_missed(both, whole);
    end(whole);
    for (int missing = 0; missing < 2; missing++) {
        struct shot *shot = begin("missed");
        shot->border.sheet.base.page.dpi = 144;
        shot->border.sheet.missed.density[missing] = NULL;
        draw(shot);
        count_missed(one, shot);
        assert_true(one[missing] < both[missing]); /* the scale alone */
        assert_true(one[1 - missing] > one[missing]);
        end(shot);
    }
}

static void priorities_take_no_room_when_there_are_none(void **state)
{
    struct shot *without = begin("without"), *none = begin("none"), *with = begin("priorities");
    (void)state;
    borderscene_priorities(&none->border);
    none->border.sheet.priorities.row_count = 0;
    borderscene_priorities(&with->border);
    draw(without);
    draw(none);
    draw(with);
    size_t bytes = (size_t)without->picture.width * without->picture.height * 4;
    assert_memory_equal(without->picture.rgba, none->picture.rgba, bytes);
    assert_memory_not_equal(without->picture.rgba, with->picture.rgba, bytes);
    assert_true(with->result.written.count > without->result.written.count);
    hold_sheet(with, "priorities");
    end(without);
    end(none);
    end(with);
}

static void sheets_with_no_one_and_many_clusters_are_drawn(void **state)
{
    enum { MANY = 24 };
    static struct map_cluster many[MANY];
    static struct shape outlines[MANY];
    (void)state;
    for (int number = 0; number < 3; number++) {
        struct shot *shot = begin(number == 0 ? "zero" : number == 1 ? "one" : "many");
        struct border_sheet *sheet = &shot->border.sheet;
        for (size_t i = 0; i < MANY && number == 2; i++) {
            shape_copy(&outlines[i], &shot->border.scene.outlines[i % SCENE_CLUSTERS], NULL);
            for (size_t p = 0; p < outlines[i].point_count; p++) {
                outlines[i].x[p] += ((double)(i * 7 % 11) - 5) * 60;
                outlines[i].y[p] += ((double)(i * 5 % 9) - 4) * 50;
            }
            many[i] = (struct map_cluster){
                .outline = &outlines[i], .number = i + 1, .name = "Europaplein", .listed = i < 12};
        }
        for (int map = 0; map < BORDER_MAPS; map++) {
            sheet->maps[map].clusters = number == 2 ? many : &shot->border.clusters[2][0];
            sheet->maps[map].finding = number == 2 ? many : &shot->border.clusters[2][0];
            sheet->maps[map].cluster_count = number == 0 ? 0 : number == 1 ? 1 : MANY;
            if (number == 0)
                sheet->maps[map].finding = NULL;
        }
        if (number == 0)
            sheet->ranks.row_count = sheet->lead.row_count = 0;
        if (number < 2)
            sheet->blind.row_count = (size_t)number + 1;
        if (number == 1)
            sheet->ranks.row_count = sheet->lead.row_count = 1;
        draw(shot);
        hold_sheet(shot, shot->path);
        end(shot);
    }
    for (size_t i = 0; i < MANY; i++)
        shape_free(&outlines[i]);
}

static void a_finding_that_one_side_does_not_have_is_not_named_there(void **state)
{
    struct shot *shot = begin("nofinding");
    (void)state;
    shot->border.sheet.maps[1].finding = NULL;
    draw(shot);
    hold_sheet(shot, "no finding");
    double places[20][2];
    assert_int_equal(badges_of(places, 20, &shot->result.labels[1]), 4);
    end(shot);
}

/* A page, with names as long as they come. */
static void hold_page(double width, double height, const char *style)
{
    struct error error = {0};
    char name[40];
    snprintf(name, sizeof name, "page%gx%g", width, height);
    struct shot *shot = begin(name);
    if (style && !style_read(&shot->style, style, &error))
        fail_msg("%s", error.message);
    shot->border.sheet.base.page.width = width;
    shot->border.sheet.base.page.height = height;
    shot->border.scene.area[0].name = "Nuenen, Gerwen en Nederwetten";
    shot->border.columns[0].head = "Nuenen, Gerwen en Nederwetten";
    shot->border.sheet.maps[0].title = "Wat Nuenen, Gerwen en Nederwetten ziet";
    shot->border.sheet.missed.missed_by[0] = "gemist door Nuenen, Gerwen en Nederwetten";
    shot->border.rank_rows[0].label = "Burgemeester Van der Heijdenplantsoenplein";
    shot->border.blind_rows[1].label = "Burgemeester Van der Heijdenplantsoenplein";
    shot->border.lead_rows[0].label = "Burgemeester Van der Heijdenplantsoenplein";
    shot->border.lead_rows[1].verdict = "wijst naar Nuenen, Gerwen en Nederwetten";
    for (int map = 0; map < BORDER_MAPS; map++)
        for (size_t i = 0; i < shot->border.sheet.maps[map].cluster_count; i++)
            if (&shot->border.clusters[map][i] == shot->border.sheet.maps[map].finding)
                shot->border.clusters[map][i].name = "Burgemeester Van der Heijdenplantsoenplein";
    shot->border.sheet.maps[2].remark = "grens te grof getekend voor een strook van 10 m";
    borderscene_priorities(&shot->border);
    draw(shot);
    look_at(shot);
    hold_sheet(shot, name);
    end(shot);
}

static void long_names_and_odd_pages_are_survived(void **state)
{
    (void)state;
    hold_page(960, 540, NULL);
    hold_page(842, 595, "styles/a4.ini");
    hold_page(595, 842, "styles/print.ini");
    hold_page(842, 596, "styles/print.ini");
    hold_page(1191, 842, NULL);
    hold_page(2000, 300, NULL);
    hold_page(720, 400, NULL);
    hold_page(699, 500, NULL);
    hold_page(300, 1400, NULL);
}

/* The golden one is the grey one: in colour it has more shades than a palette holds. */
static void the_print_sheet_is_the_golden_one_and_grey(void **state)
{
    struct shot *shot = begin("grey");
    struct error error = {0};
    (void)state;
    if (!style_read(&shot->style, "styles/print.ini", &error))
        fail_msg("%s", error.message);
    shot->border.sheet.base.page.width = 842;
    shot->border.sheet.base.page.height = 595;
    shot->border.sheet.base.page.dpi = 100;
    draw(shot);
    assert_true(golden_equal(shot->path, "border.png"));
    for (size_t i = 0; i < (size_t)shot->picture.width * shot->picture.height; i++) {
        const uint8_t *rgba = shot->picture.rgba + 4 * i;
        if (abs(rgba[0] - rgba[1]) > 2 || abs(rgba[1] - rgba[2]) > 2)
            fail_msg("pixel %zu is not grey", i);
    }
    end(shot);
}

static void too_few_are_hatched_on_every_map_and_explained(void **state)
{
    struct shot *shot = begin("withheld"), *plain = begin("plain");
    (void)state;
    struct border_sheet *sheet = &shot->border.sheet;
    sheet->base.least_support = 12;
    sheet->base.smallest_hatched_m2 = 900;
    for (int map = 0; map < BORDER_MAPS; map++)
        sheet->maps[map].support = &shot->border.support[map];
    for (int side = 0; side < 2; side++)
        sheet->missed.support[side] = &shot->border.support[1 - side];
    draw(shot);
    draw(plain);
    hold_sheet(shot, "withheld");
    assert_true(shot->result.has_withheld);
    assert_false(plain->result.has_withheld);
    assert_true(count_pixels(shot, 0xFEE4BC) < count_pixels(plain, 0xFEE4BC));
    assert_int_equal(shot->result.written.count, plain->result.written.count + 1); /* the key */
    end(shot);
    end(plain);
}

static void however_many_keys_they_find_room(void **state)
{
    static const double widths[] = {720, 842, 960, 1400};
    (void)state;
    for (int i = 0; i < 4; i++) {
        char name[20];
        snprintf(name, sizeof name, "keys%g", widths[i]);
        struct shot *shot = begin(name);
        struct border_sheet *sheet = &shot->border.sheet;
        sheet->base.page.width = widths[i];
        sheet->base.page.height = 540;
        sheet->base.texts.cluster = "cluster (10 of meer meldingen)";
        sheet->base.least_support = 12;
        sheet->base.ground.y_max += 1000; /* beyond both gemeenten */
        for (int map = 0; map < BORDER_MAPS; map++)
            sheet->maps[map].support = &shot->border.support[map];
        draw(shot);
        hold_sheet(shot, name);
        end(shot);
    }
}

static void a_third_jurisdiction_is_no_data_to_both_and_has_its_column(void **state)
{
    struct shot *shot = begin("three");
    struct border_sheet *sheet = &shot->border.sheet;
    static const double corner[] = {1000, 755,  1150, 818,  1215, 868,  1378, 908,  1515,
                                    1030, 3200, 1900, 3200, -900, 1100, -900, 1010, 755};
    struct shape third = {0}, rest = {0}, lines[3] = {{0}};
    (void)state;
    scene_shape(&third, corner, 9);
    scene_shape(&rest,
                (double[]){-1800, -900, 0,   27,  155, 120, 290,  168, 510,  345,  655,   452,
                           785,   530,  868, 590, 950, 672, 1010, 755, 1100, -900, -1800, -900},
                12);
    scene_shape(&lines[0], scene_border, 10);
    scene_shape(&lines[1], corner, 6);
    scene_shape(&lines[2], (double[]){1010, 755, 1100, -900}, 2);
    struct map_area areas[3] = {{&shot->border.scene.areas[0], "Heemskerk", 0},
                                {&rest, "Beverwijk", 1},
                                {&third, "Velsen", 2}};
    struct map_border borders[3] = {{&lines[0], 0, 1}, {&lines[1], 0, 2}, {&lines[2], 1, 2}};
    sheet->base.areas = areas;
    sheet->base.area_count = 3;
    sheet->base.borders = borders;
    sheet->base.border_count = 3;
    struct rank_column columns[4] = {
        {"Heemskerk", 0}, {"Beverwijk", 1}, {"Velsen", 2}, {"samen", RANK_TOGETHER}};
    struct rank_cell cells[SCENE_CLUSTERS][4] = {{{3, "99"}, {2, "109"}, {0, ""}, {1, "208"}}};
    for (size_t i = 0; i < SCENE_CLUSTERS; i++)
        shot->border.rank_rows[i].cells = cells[i];
    sheet->ranks.columns = columns;
    sheet->ranks.column_count = 4;
    sheet->ranks.areas = areas;
    draw(shot);
    hold_sheet(shot, "three");
    /* Velsen's ground on Beverwijk's map: washed over, not coloured */
    unsigned found = pixel_at(shot, 1, 1125, 310);
    assert_true((found >> 16) > 0xC0 && (found & 255) > 0xC0);
    end(shot);
    shape_free(&third);
    shape_free(&rest);
    for (int i = 0; i < 3; i++)
        shape_free(&lines[i]);
}

/* Sheets with everything somewhere else. */
static void over_many_scenes_no_text_lies_on_another(void **state)
{
    (void)state;
    struct shot *shot = begin("random");
    for (int number = 1; number <= 12; number++) {
        uint64_t seed = (uint64_t)number * 2654435761u;
        for (size_t c = 0; c < SCENE_CLUSTERS; c++) {
            double dx = borderscene_random(&seed) * 900 - 450;
            double dy = borderscene_random(&seed) * 600 - 300;
            for (size_t i = 0; i < shot->border.scene.outlines[c].point_count; i++) {
                shot->border.scene.outlines[c].x[i] += dx;
                shot->border.scene.outlines[c].y[i] += dy;
            }
        }
        struct border_result result;
        struct border_drawing drawing = {&shot->border.sheet, &shot->style, NULL, 0, 2, MAP_PNG};
        struct canvas *canvas =
            canvas_open_image(bordersheet_size(&shot->border.sheet, &shot->style), NULL);
        assert_non_null(canvas);
        assert_true(bordersheet_draw(&result, canvas, &drawing, NULL));
        for (int map = 0; map < BORDER_MAPS; map++)
            hold_labels(&result.labels[map], "random");
        border_result_free(&result);
        canvas_close(canvas);
    }
    end(shot);
}

static void the_same_sheet_is_the_same_pixels(void **state)
{
    struct shot *one = begin("same1"), *two = begin("same2");
    (void)state;
    draw(one);
    draw(two);
    assert_memory_equal(one->picture.rgba, two->picture.rgba,
                        (size_t)one->picture.width * one->picture.height * 4);
    end(one);
    end(two);
}

static void notes_travel_in_the_file(void **state)
{
    struct shot *shot = begin("notes");
    struct png_note note = {"Source", "verzonnen"};
    struct border_drawing drawing = {&shot->border.sheet, &shot->style, &note, 1, 1, MAP_PNG};
    (void)state;
    assert_true(bordersheet_write(&shot->result, shot->path, &drawing, NULL));
    assert_true(png_read(&shot->picture, shot->path, NULL));
    assert_int_equal(shot->picture.text_count, 1);
    assert_string_equal(shot->picture.texts[0], "Source\nverzonnen");
    end(shot);
}

static void a_page_too_small_is_refused(void **state)
{
    struct shot *shot = begin("small");
    struct error error = {0};
    (void)state;
    static const double pages[][2] = {{150, 150}, {900, 145}, {320, 200}};
    struct border_drawing drawing = {&shot->border.sheet, &shot->style, NULL, 0, 2, MAP_PNG};
    for (int i = 0; i < 3; i++) {
        shot->border.sheet.base.page.width = pages[i][0];
        shot->border.sheet.base.page.height = pages[i][1];
        error = (struct error){0};
        assert_false(bordersheet_write(&shot->result, shot->path, &drawing, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_int_equal(access(shot->path, F_OK), -1);
    }
    shot->border.sheet.base.page = (struct map_page){0};
    end(shot);
}

static void a_sheet_with_next_to_nothing_is_drawn(void **state)
{
    (void)state;
    for (int missing = 0; missing < 7; missing++) {
        struct shot *shot = begin("nothing");
        struct border_sheet *sheet = &shot->border.sheet;
        if (missing == 0)
            *sheet = (struct border_sheet){.base.page = sheet->base.page};
        if (missing == 1)
            sheet->base.feature_count = 0;
        if (missing == 2)
            sheet->maps[1].density = NULL;
        if (missing == 3)
            for (size_t i = 0; i < shot->border.density[2].columns * shot->border.density[2].rows;
                 i++)
                shot->border.density[2].values[i] = NAN;
        if (missing == 4)
            sheet->base.border_count = 0;
        if (missing == 5)
            sheet->base.ground = (struct box){NAN, 0, 1, INFINITY};
        if (missing == 6)
            for (int i = 0; i < BORDER_BLINDS; i++)
                shot->border.blind_rows[i].share[1] = shot->border.lead_rows[i % 3].low = NAN;
        draw(shot);
        for (int map = 0; map < BORDER_MAPS; map++)
            hold_labels(&shot->result.labels[map], "nothing");
        end(shot);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slide_holds),
        cmocka_unit_test(all_maps_have_the_colours_of_one_legend),
        cmocka_unit_test(the_neighbours_ground_is_no_data_and_outlines_end_there),
        cmocka_unit_test(badges_and_names_stand_on_ground_with_data),
        cmocka_unit_test(what_a_side_misses_is_drawn_on_its_own_ground),
        cmocka_unit_test(priorities_take_no_room_when_there_are_none),
        cmocka_unit_test(sheets_with_no_one_and_many_clusters_are_drawn),
        cmocka_unit_test(a_finding_that_one_side_does_not_have_is_not_named_there),
        cmocka_unit_test(long_names_and_odd_pages_are_survived),
        cmocka_unit_test(the_print_sheet_is_the_golden_one_and_grey),
        cmocka_unit_test(too_few_are_hatched_on_every_map_and_explained),
        cmocka_unit_test(however_many_keys_they_find_room),
        cmocka_unit_test(a_third_jurisdiction_is_no_data_to_both_and_has_its_column),
        cmocka_unit_test(over_many_scenes_no_text_lies_on_another),
        cmocka_unit_test(the_same_sheet_is_the_same_pixels),
        cmocka_unit_test(notes_travel_in_the_file),
        cmocka_unit_test(a_page_too_small_is_refused),
        cmocka_unit_test(a_sheet_with_next_to_nothing_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
