/* Tests sheets of random scenes on random pages: no text lies on another, and none leaves the page
 * or its frame. With PLEIN_LOOK=FOLDER every sheet is left there for looking at. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/borderscene.h"
#include "tests/cases.h"

#include "engine/draw/map.h"
#include "engine/draw/page.h"

#include <stdlib.h>
#include <string.h>

enum { SCENES = 240, SIDE_MOST = 5, AREAS = 20, BORDERS = 40, CLUSTERS = 12, FEATURES = 40 };
static const double extent = 2000; /* metres */

struct random_scene {
    uint64_t seed;
    double node_x[SIDE_MOST + 1][SIDE_MOST + 1], node_y[SIDE_MOST + 1][SIDE_MOST + 1];
    int columns, rows;
    struct shape areas[AREAS], lines[BORDERS], outlines[CLUSTERS], features[FEATURES];
    struct map_area area[AREAS];
    struct map_border border[BORDERS];
    struct map_cluster cluster[CLUSTERS];
    struct map_share shares[CLUSTERS][2];
    struct map_feature feature[FEATURES];
    struct raster density;
    struct map_sheet sheet;
    struct style style;
};

static double random_to(struct random_scene *scene, double most)
{
    return borderscene_random(&scene->seed) * most;
}

static size_t random_count(struct random_scene *scene, size_t below)
{
    return (size_t)random_to(scene, (double)below) % below;
}

static const char *random_name(struct random_scene *scene)
{
    static const char *const names[] = {
        "Ee",
        "Heemskerk",
        "Beverwijk",
        "'s-Hertogenbosch",
        "Nieuwkerk aan den IJssel-Zuidoost en Bergambacht-Stadshagen",
        "Súdwest-Fryslân",
        "Kaag en Braassem",
        "Burgemeester Rijkensstraat",
        "Stationsplein",
        "Alphen-Chaam",
        "IJsselmonde-Zuidoost",
    };
    return names[random_count(scene, sizeof names / sizeof *names)];
}

/* Nodes of a lattice, moved about; the outer ones stay. */
static void make_nodes(struct random_scene *scene)
{
    scene->columns = 1 + (int)random_count(scene, SIDE_MOST);
    scene->rows = 1 + (int)random_count(scene, AREAS / SIDE_MOST);
    for (int i = 0; i <= scene->columns; i++)
        for (int j = 0; j <= scene->rows; j++) {
            bool inner_x = i > 0 && i<scene->columns, inner_y = j> 0 && j < scene->rows;
            double wide = extent / scene->columns, high = extent / scene->rows;
            scene->node_x[i][j] = i * wide + (inner_x ? (random_to(scene, 0.6) - 0.3) * wide : 0);
            scene->node_y[i][j] = j * high + (inner_y ? (random_to(scene, 0.6) - 0.3) * high : 0);
        }
}

static void make_areas(struct random_scene *scene)
{
    static const int corners[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    size_t count = 0;
    for (int j = 0; j < scene->rows; j++)
        for (int i = 0; i < scene->columns; i++) {
            double ring[10];
            for (int c = 0; c < 5; c++) {
                ring[2 * c] = scene->node_x[i + corners[c][0]][j + corners[c][1]];
                ring[2 * c + 1] = scene->node_y[i + corners[c][0]][j + corners[c][1]];
            }
            scene_shape(&scene->areas[count], ring, 5);
            scene->area[count] = (struct map_area){&scene->areas[count], random_name(scene), count};
            count++;
        }
    scene->sheet.area_count = count;
}

static void add_border(struct random_scene *scene, const int from[2], const int to[2],
                       const size_t sides[2])
{
    size_t *count = &scene->sheet.border_count;
    const double line[4] = {scene->node_x[from[0]][from[1]], scene->node_y[from[0]][from[1]],
                            scene->node_x[to[0]][to[1]], scene->node_y[to[0]][to[1]]};
    scene_shape(&scene->lines[*count], line, 2);
    scene->border[*count] = (struct map_border){&scene->lines[*count], sides[0], sides[1]};
    ++*count;
}

static void make_borders(struct random_scene *scene)
{
    for (int j = 0; j < scene->rows; j++)
        for (int i = 0; i < scene->columns; i++) {
            size_t here = (size_t)(j * scene->columns + i);
            if (i + 1 < scene->columns)
                add_border(scene, (int[2]){i + 1, j}, (int[2]){i + 1, j + 1},
                           (size_t[2]){here, here + 1});
            if (j + 1 < scene->rows)
                add_border(scene, (int[2]){i, j + 1}, (int[2]){i + 1, j + 1},
                           (size_t[2]){here, here + (size_t)scene->columns});
        }
}

static void make_cluster(struct random_scene *scene, size_t number)
{
    enum { POINTS = 24 };
    static const double circle[8][2] = {{1, 0},  {0.71, 0.71},   {0, 1},  {-0.71, 0.71},
                                        {-1, 0}, {-0.71, -0.71}, {0, -1}, {0.71, -0.71}};
    double x = random_to(scene, extent), y = random_to(scene, extent), ring[18];
    double reach = 20 + random_to(scene, 220);
    for (int i = 0; i <= 8; i++) {
        double far = i < 8 ? reach * (0.7 + random_to(scene, 0.5)) : 0;
        ring[2 * i] = i < 8 ? x + far * circle[i][0] : ring[0];
        ring[2 * i + 1] = i < 8 ? y + far * circle[i][1] : ring[1];
    }
    scene_shape(&scene->outlines[number], ring, 9);
    double part = random_to(scene, 1);
    size_t second = scene->sheet.area_count > 1 ? 1 : 0;
    scene->shares[number][0] = (struct map_share){0, second > 0 ? part : 1};
    scene->shares[number][1] = (struct map_share){second, 1 - part};
    scene->cluster[number] = (struct map_cluster){&scene->outlines[number],
                                                  number + 1,
                                                  random_name(scene),
                                                  random_count(scene, 2) ? "1.208" : "61",
                                                  "veiligheid 46 % · vr en za, 20–24 uur",
                                                  scene->shares[number],
                                                  1 + second,
                                                  second > 0 && part > 0.1 && part < 0.9,
                                                  number < 5};
}

static void make_feature(struct random_scene *scene, size_t number)
{
    static const enum map_kind kinds[] = {MAP_STREET, MAP_MAIN_STREET, MAP_STREET, MAP_WATER,
                                          MAP_GREEN};
    enum map_kind kind = kinds[number % 5];
    double x = random_to(scene, extent), y = random_to(scene, extent);
    double dx = random_to(scene, 1400) - 700, dy = random_to(scene, 1400) - 700;
    const double line[] = {x, y, x + dx, y + dy, x + dx * 1.4, y + dy * 1.8};
    const double ring[] = {x, y, x + 200, y, x + 200, y + 150, x, y + 150, x, y};
    bool area = kind == MAP_GREEN;
    scene_shape(&scene->features[number], area ? ring : line, area ? 5 : 3);
    scene->feature[number] =
        (struct map_feature){kind, &scene->features[number], area, random_name(scene), 0};
}

static void make_density(struct random_scene *scene)
{
    raster_new(
        &scene->density,
        (struct box){scene_x - 500, scene_y - 500, scene_x + extent + 500, scene_y + extent + 500},
        50, NULL);
    for (size_t i = 0; i < scene->density.columns * scene->density.rows; i++)
        scene->density.values[i] = random_to(scene, 12);
}

static struct map_page random_page(struct random_scene *scene)
{
    static const double pages[][2] = {{960, 540},  {842, 595}, {595, 842},  {1191, 842},
                                      {842, 1191}, {420, 298}, {298, 420},  {2384, 1684},
                                      {900, 300},  {300, 900}, {1300, 500}, {600, 600}};
    size_t page = random_count(scene, sizeof pages / sizeof *pages);
    double stretch = 1 + random_to(scene, 0.2);
    return (struct map_page){pages[page][0] * stretch, pages[page][1], 18};
}

static void begin(struct random_scene *scene, uint64_t number)
{
    memset(scene, 0, sizeof *scene);
    scene->seed = number * 2654435761u + 12345;
    struct error error = {0};
    style_default(&scene->style);
    if (number % 3 == 0 && !style_read(&scene->style, "styles/print.ini", &error))
        fail_msg("%s", error.message);
    make_nodes(scene);
    make_areas(scene);
    make_borders(scene);
    make_density(scene);
    struct map_sheet *sheet = &scene->sheet;
    sheet->cluster_count = random_count(scene, CLUSTERS + 1);
    sheet->feature_count = random_count(scene, FEATURES + 1);
    for (size_t i = 0; i < sheet->cluster_count; i++)
        make_cluster(scene, i);
    for (size_t i = 0; i < sheet->feature_count; i++)
        make_feature(scene, i);
    sheet->page = random_page(scene);
    sheet->texts = scene_texts();
    sheet->texts.folio = "blad 1 van 1";
    if (number % 4 == 1)
        sheet->texts.title = "Nergens meer dan op het plein";
    sheet->density = &scene->density;
    sheet->classes = (struct classes){{5, 10, 20, 40, 80}, 5, false};
    sheet->areas = scene->area;
    sheet->borders = scene->border;
    sheet->clusters = scene->cluster;
    sheet->features = scene->feature;
    double wide = 300 + random_to(scene, extent);
    double x = scene_x + random_to(scene, extent - wide / 2),
           y = scene_y + random_to(scene, extent / 2);
    sheet->ground = (struct box){x, y, x + wide, y + wide * 0.6};
    sheet->inset_ground = (struct box){scene_x, scene_y, scene_x + extent, scene_y + extent};
}

static void end(struct random_scene *scene)
{
    for (size_t i = 0; i < AREAS; i++)
        shape_free(&scene->areas[i]);
    for (size_t i = 0; i < BORDERS; i++)
        shape_free(&scene->lines[i]);
    for (size_t i = 0; i < CLUSTERS; i++)
        shape_free(&scene->outlines[i]);
    for (size_t i = 0; i < FEATURES; i++)
        shape_free(&scene->features[i]);
    raster_free(&scene->density);
}

/* Of the places taken, texts that overlap or that leave the frame. */
static void hold(const struct labels *labels, const char *what)
{
    const double hair = 1e-6;
    for (size_t i = 0; i < labels->count; i++) {
        const struct placed_label *one = &labels->items[i];
        double corners[8];
        if (one->kind != LABEL_TEXT)
            continue;
        label_box_corners(corners, &one->box);
        for (int k = 0; k < 4; k++)
            if (corners[2 * k] < labels->frame.x_min - hair
                || corners[2 * k] > labels->frame.x_max + hair
                || corners[2 * k + 1] < labels->frame.y_min - hair
                || corners[2 * k + 1] > labels->frame.y_max + hair)
                fail_msg("%s: text %zu leaves its frame at %g, %g", what, i, corners[2 * k],
                         corners[2 * k + 1]);
        for (size_t j = 0; j < i; j++)
            if (labels->items[j].kind == LABEL_TEXT
                && label_boxes_overlap(&one->box, &labels->items[j].box))
                fail_msg("%s: texts %zu and %zu overlap at %g, %g and %g, %g (%g and %g wide)",
                         what, j, i, one->box.x, one->box.y, labels->items[j].box.x,
                         labels->items[j].box.y, 2 * one->box.half_width,
                         2 * labels->items[j].box.half_width);
    }
}

static void look(const char *name, struct canvas *canvas)
{
    const char *folder = getenv("PLEIN_LOOK");
    char path[300];
    if (!folder)
        return;
    snprintf(path, sizeof path, "%s/%s.png", folder, name);
    page_save(canvas, path, &(struct page_notes){0}, NULL);
}

static void hold_scene(uint64_t number)
{
    static struct random_scene scene;
    struct map_result result = {0};
    struct labels written = {0};
    struct error error = {0};
    char what[100], name[40];
    begin(&scene, number);
    if (getenv("PLEIN_LOOK"))
        scene.sheet.page.dpi = 100;
    const struct map_page *page = &scene.sheet.page;
    snprintf(what, sizeof what, "scene %d, %.0f by %.0f, %zu areas", (int)number, page->width,
             page->height, scene.sheet.area_count);
    snprintf(name, sizeof name, "scene-%d", (int)number);
    struct canvas *canvas = canvas_open_image(map_size(&scene.sheet, &scene.style), NULL);
    assert_non_null(canvas);
    labels_begin(&written, (struct box){6, 6, page->width - 6, page->height - 6});
    canvas_watch_texts(canvas, &written);
    const struct map_drawing drawing = {&scene.sheet, &scene.style, NULL, 0, 1, MAP_PNG, NULL};
    if (!map_draw(&result, canvas, &drawing, &error))
        fail_msg("%s: %s", what, error.message);
    look(name, canvas);
    hold(&result.labels, what);
    hold(&written, what);
    canvas_close(canvas);
    map_result_free(&result);
    labels_free(&written);
    end(&scene);
}

static void over_many_scenes_no_text_lies_on_another(void **state)
{
    (void)state;
    for (uint64_t number = 1; number <= cases_looked(SCENES); number++)
        hold_scene(number);
}

static void hold_border(struct border_scene *border, const struct map_page *page,
                        const struct style *style)
{
    struct border_result result = {0};
    struct labels written = {0};
    struct error error = {0};
    char what[100];
    border->sheet.base.page = *page;
    snprintf(what, sizeof what, "border-%.0fx%.0f%s", page->width, page->height,
             style->page.width < 600 ? "-print" : "");
    struct canvas *canvas = canvas_open_image(bordersheet_size(&border->sheet, style), NULL);
    assert_non_null(canvas);
    labels_begin(&written, (struct box){6, 6, page->width - 6, page->height - 6});
    canvas_watch_texts(canvas, &written);
    const struct border_drawing drawing = {&border->sheet, style, NULL, 0, 1, MAP_PNG};
    if (!bordersheet_draw(&result, canvas, &drawing, &error))
        fail_msg("%s: %s", what, error.message);
    look(what, canvas);
    hold(&written, what);
    canvas_close(canvas);
    border_result_free(&result);
    labels_free(&written);
}

static void border_sheets_hold_on_any_page(void **state)
{
    static struct border_scene border;
    struct style styles[2];
    struct error error = {0};
    static const double pages[][2] = {{960, 540}, {842, 595}, {595, 842},   {420, 298},
                                      {298, 420}, {900, 300}, {2384, 1684}, {1684, 2384},
                                      {340, 900}, {600, 600}};
    (void)state;
    borderscene_make(&border);
    borderscene_priorities(&border);
    border.sheet.base.texts.folio = "blad 1 van 1";
    style_default(&styles[0]);
    if (!style_read(&styles[1], "styles/print.ini", &error))
        fail_msg("%s", error.message);
    double dpi = getenv("PLEIN_LOOK") ? 100 : 30;
    for (size_t i = 0; i < 2 * sizeof pages / sizeof *pages; i++)
        hold_border(&border, &(struct map_page){pages[i / 2][0], pages[i / 2][1], dpi},
                    &styles[i % 2]);
    borderscene_free(&border);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_many_scenes_no_text_lies_on_another),
        cmocka_unit_test(border_sheets_hold_on_any_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
