/* An invented place on a border, for drawing: two gemeenten, streets, green, water, five clusters.
 */
#ifndef PLEIN_TESTS_SCENE_H
#define PLEIN_TESTS_SCENE_H

#include "engine/draw/map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SCENE_FEATURES = 80, SCENE_CLUSTERS = 6, SCENE_BUMPS = 13 };

struct scene {
    struct map_sheet sheet;
    struct raster density, support;
    struct shape areas[2], border, features[SCENE_FEATURES], outlines[SCENE_CLUSTERS];
    struct map_area area[2];
    struct map_border borders[1];
    struct map_feature feature[SCENE_FEATURES];
    struct map_cluster cluster[SCENE_CLUSTERS];
    struct map_share shares[SCENE_CLUSTERS][2];
    size_t shape_count;
};

static const double scene_x = 104000, scene_y = 501500; /* lower left of the ground shown */
static const double scene_wide = 1515, scene_high = 1030;

static void scene_shape(struct shape *shape, const double *xy, size_t points)
{
    shape_new(shape, points, 1, NULL);
    shape->ring_starts[1] = points;
    for (size_t i = 0; i < points; i++) {
        shape->x[i] = scene_x + xy[2 * i];
        shape->y[i] = scene_y + xy[2 * i + 1];
    }
}

/* The border, from lower left to upper right, and on beyond the frame. */
static const double scene_border[] = {-1800, -900, 0,    27,  155,  120, 290,  168,  510,  345,
                                      655,   452,  785,  530, 868,  590, 950,  672,  1010, 755,
                                      1150,  818,  1215, 868, 1378, 908, 1515, 1030, 3200, 1900};
enum { SCENE_BORDER = sizeof scene_border / sizeof *scene_border / 2 };

static void scene_areas(struct scene *scene)
{
    double ring[2 * (SCENE_BORDER + 3)];
    for (int side = 0; side < 2; side++) {
        memcpy(ring, scene_border, sizeof scene_border);
        double *behind = ring + 2 * SCENE_BORDER;
        behind[0] = side == 0 ? -1800 : 3200;
        behind[1] = side == 0 ? 1900 : -900;
        behind[2] = ring[0];
        behind[3] = ring[1];
        scene_shape(&scene->areas[side], ring, SCENE_BORDER + 2);
    }
    scene_shape(&scene->border, scene_border, SCENE_BORDER);
    scene->area[0] = (struct map_area){&scene->areas[0], "Heemskerk", 0};
    scene->area[1] = (struct map_area){&scene->areas[1], "Beverwijk", 1};
    scene->borders[0] = (struct map_border){&scene->border, 0, 1};
}

static struct shape *scene_next(struct scene *scene, enum map_kind kind, bool is_area,
                                const char *name)
{
    struct shape *shape = &scene->features[scene->shape_count];
    scene->feature[scene->shape_count++] =
        (struct map_feature){.kind = kind, .shape = shape, .is_area = is_area, .name = name};
    return shape;
}

/* Along the turned street plan to metres from the lower left. */
static void scene_turn(double *x, double *y, double u, double v)
{
    const double c = 0.9272, s = 0.3746; /* 22 degrees */
    *x = 760 + (u * c - v * s);
    *y = 500 + (u * s + v * c);
}

static void scene_street(struct scene *scene, const double uv[4], bool main, const char *name)
{
    double xy[4];
    scene_turn(&xy[0], &xy[1], uv[0], uv[1]);
    scene_turn(&xy[2], &xy[3], uv[2], uv[3]);
    scene_shape(scene_next(scene, main ? MAP_MAIN_STREET : MAP_STREET, false, name), xy, 2);
}

static void scene_streets(struct scene *scene)
{
    static const char *const across[9] = {NULL,       NULL, "Stationsweg", NULL, NULL,
                                          "Grensweg", NULL, NULL,          NULL};
    static const char *const down[10] = {NULL,        NULL, "Westerlaan", NULL,         NULL,
                                         "Marktlaan", NULL, NULL,         "Oosterlaan", NULL};
    for (int i = 0; i < 9; i++) {
        double v = -600 + i * 140;
        scene_street(scene, (double[4]){-1100, v, 1100, v}, across[i] != NULL, across[i]);
    }
    for (int i = 0; i < 10; i++) {
        double u = -950 + i * 200;
        scene_street(scene, (double[4]){u, -900, u, 900}, down[i] != NULL, down[i]);
    }
}

/* Not in green, on the square or in the canal. */
static bool scene_may_build(const struct scene *scene, double x, double y)
{
    for (size_t i = 0; i < scene->shape_count; i++) {
        const struct map_feature *feature = &scene->feature[i];
        if (feature->is_area && feature->kind != MAP_BUILDING
            && shape_holds(feature->shape, scene_x + x, scene_y + y))
            return false;
        for (size_t p = 0; feature->kind == MAP_WATER && p + 1 < feature->shape->point_count; p++)
            for (int part = 0; part <= 8; part++) {
                double at_x = feature->shape->x[p], at_y = feature->shape->y[p];
                at_x += (feature->shape->x[p + 1] - at_x) * part / 8 - scene_x - x;
                at_y += (feature->shape->y[p + 1] - at_y) * part / 8 - scene_y - y;
                if (at_x * at_x + at_y * at_y < 55 * 55)
                    return false;
            }
    }
    return true;
}

/* Rows of houses along the edges of every block, in one shape of many rings. */
static void scene_buildings(struct scene *scene)
{
    enum { ACROSS = 9, DOWN = 8, ROWS = 4, RINGS = ACROSS * DOWN * ROWS * 3 };
    struct shape *shape = scene_next(scene, MAP_BUILDING, true, NULL);
    shape_new(shape, RINGS * 5, RINGS, NULL);
    unsigned seed = 7;
    size_t ring = 0;
    for (int block = 0; block < ACROSS * DOWN; block++)
        for (int row = 0; row < ROWS; row++)
            for (int part = 0; part < 3; part++) {
                double u = -950 + block % ACROSS * 200, v = -600 + (int)(block / ACROSS) * 140;
                seed = seed * 1664525u + 1013904223u;
                double from = 16 + part * 56 + (int)(seed >> 24) % 14, to = 66 + part * 56;
                double deep = 14 + (int)(seed >> 16 & 255) % 5;
                double box[4] = {from, row < 2 ? 14 + row * 96 : 40, to,
                                 row < 2 ? 14 + row * 96 + deep : 40 + 60};
                if (row >= 2) { /* the short sides */
                    box[0] = row == 2 ? 16 : 184 - deep;
                    box[2] = box[0] + (part == 1 ? deep : 0);
                }
                double middle_x, middle_y;
                scene_turn(&middle_x, &middle_y, u + (box[0] + box[2]) / 2,
                           v + (box[1] + box[3]) / 2);
                if (!scene_may_build(scene, middle_x, middle_y))
                    box[2] = box[0];
                static const int corner[5][2] = {{0, 1}, {2, 1}, {2, 3}, {0, 3}, {0, 1}};
                for (int i = 0; i < 5; i++) {
                    double x, y;
                    scene_turn(&x, &y, u + box[corner[i][0]], v + box[corner[i][1]]);
                    shape->x[ring * 5 + (size_t)i] = scene_x + x;
                    shape->y[ring * 5 + (size_t)i] = scene_y + y;
                }
                ring++;
                shape->ring_starts[ring] = ring * 5;
            }
}

static void scene_nature(struct scene *scene)
{
    static const double park[] = {1150, 1060, 1250, 790, 1560, 900, 1560, 1060, 1150, 1060};
    static const double lawn[] = {200, 780, 330, 850, 300, 900, 190, 860, 200, 780};
    static const double canal[] = {-60, 370, 110, 350, 250, 330, 400, 270, 520, 130, 700, -60};
    static const double square[] = {655, 530, 810, 640, 850, 545, 720, 440, 655, 530};
    scene_shape(scene_next(scene, MAP_GREEN, true, "Oosterpark"), park, 5);
    scene_shape(scene_next(scene, MAP_GREEN, true, NULL), lawn, 5);
    scene_shape(scene_next(scene, MAP_WATER, false, "Kanaal"), canal, 6);
    scene->feature[scene->shape_count - 1].width_m = 34;
    scene_shape(scene_next(scene, MAP_SQUARE, true, NULL), square, 5);
}

/* x, y, height per hectare, spread in metres */
static const double scene_bumps[SCENE_BUMPS][4] = {
    {755, 520, 100, 62}, {1125, 310, 62, 62}, {365, 745, 66, 62}, {905, 865, 62, 58},
    {425, 230, 44, 46},  {1175, 835, 21, 42}, {880, 265, 11, 36}, {480, 510, 8, 28},
    {745, 210, 8, 28},   {490, 70, 9, 32},    {1415, 445, 7, 24}, {1000, 1000, 9, 50},
    {330, 300, 8, 40},
};

static void scene_heat(struct scene *scene)
{
    struct box box = {scene_x - 200, scene_y - 200, scene_x + scene_wide + 200,
                      scene_y + scene_high + 200};
    raster_new(&scene->density, box, 10, NULL);
    raster_new(&scene->support, box, 10, NULL);
    for (size_t i = 0; i < scene->density.columns * scene->density.rows; i++) {
        double x = box.x_min - scene_x + ((double)(i % scene->density.columns) + 0.5) * 10;
        double y = box.y_min - scene_y + ((double)(i / scene->density.columns) + 0.5) * 10;
        for (int b = 0; b < SCENE_BUMPS; b++) {
            double dx = x - scene_bumps[b][0], dy = y - scene_bumps[b][1];
            double far = (dx * dx + dy * dy) / (scene_bumps[b][3] * scene_bumps[b][3]);
            /* a quartic-like bump in plain arithmetic: the same on every machine */
            double in = fmax(0, 1 - far / 6);
            scene->density.values[i] += scene_bumps[b][2] * in * in * in;
        }
        scene->support.values[i] = scene->density.values[i] * 1.2;
    }
}

static const char *const scene_names[SCENE_CLUSTERS] = {
    "Europaplein", "Stationsplein", "Winkelhof", "Sportlaan", "Kanaalbrug", "Parkpoort"};
static const char *const scene_counts[SCENE_CLUSTERS] = {"208", "126", "120", "113", "61", "27"};
static const char *const scene_details[SCENE_CLUSTERS] = {
    "veiligheid 46 % · vr en za, 20–24 uur", "veiligheid 49 % · do en vr, 18–22 uur",
    "fysiek 50 % · vr en za, 14–18 uur",     "sociaal 59 % · wo en do, 18–22 uur",
    "fysiek 44 % · vr en za, 18–22 uur",     ""};
static const double scene_reach[SCENE_CLUSTERS] = {112, 100, 105, 98, 76, 58};
static const double scene_first[SCENE_CLUSTERS] = {0.48, 0, 1, 1, 0.34, 0.37};

static void scene_clusters(struct scene *scene)
{
    enum { POINTS = 60 };
    for (size_t c = 0; c < SCENE_CLUSTERS; c++) {
        double xy[2 * (POINTS + 1)];
        for (int i = 0; i <= POINTS; i++) {
            double turn = (i % POINTS) * 6.283185307179586 / POINTS, phase = (double)c * 1.7;
            double reach =
                scene_reach[c] * (1 + 0.07 * sin(5 * turn + phase) + 0.05 * cos(9 * turn - phase));
            xy[2 * i] = scene_bumps[c][0] + reach * cos(turn);
            xy[2 * i + 1] = scene_bumps[c][1] + reach * sin(turn);
        }
        scene_shape(&scene->outlines[c], xy, POINTS + 1);
        double first = scene_first[c];
        size_t shares = 0;
        if (first > 0)
            scene->shares[c][shares++] = (struct map_share){0, first};
        if (first < 1)
            scene->shares[c][shares++] = (struct map_share){1, 1 - first};
        scene->cluster[c] = (struct map_cluster){&scene->outlines[c],
                                                 c + 1,
                                                 scene_names[c],
                                                 scene_counts[c],
                                                 scene_details[c],
                                                 scene->shares[c],
                                                 shares,
                                                 shares == 2,
                                                 c < 5};
    }
}

static struct map_texts scene_texts(void)
{
    return (struct map_texts){
        .title =
            "Europaplein telt de meeste meldingen; de gemeentegrens knipt de hotspot in tweeën",
        .subtitle =
            "928 meldingen, 1 januari t/m 31 december 2024 · alle bronnen en domeinen · 492 in "
            "Heemskerk, 436 in Beverwijk",
        .legend_head = "Meldingen per hectare",
        .unit_note = "1 ha = 100 × 100 m",
        .and_more = "en meer",
        .border = "gemeentegrens",
        .cluster = "cluster (10 of meer meldingen)",
        .withheld = "te weinig om te tonen",
        .outside = "buiten het gebied",
        .table_head = "De vijf grootste clusters",
        .share_head = "aandeel per gemeente",
        .count_head = "meldingen",
        .across = "over de grens",
        .aside = "628 van de 928 meldingen liggen in deze vijf clusters, 27 in een kleiner cluster "
                 "(Parkpoort); 273 liggen verspreid. Van 78 meldingen is de gemeente onzeker: ze "
                 "liggen binnen 10 m van de grens.",
        .foot =
            {"Bron: meldingen van politie, gemeenten en woningcorporatie; gemeentegrenzen "
             "CBS/Kadaster 2024. Stand van de gegevens: 15 januari 2025. De cijfers zijn "
             "verzonnen (voorbeeld).",
             "Methode: dichtheid met een straal van 100 m (kwartische kern, cel 5 m); clusters: "
             "ten minste 10 meldingen binnen 35 m (DBSCAN). Aandelen zijn afgerond.",
             "Privacy: geen namen, adressen of losse meldingen. Waar binnen 100 m minder dan 5 "
             "meldingen liggen, is niets ingekleurd."},
        .percent = " %",
        .north = "N",
        .decimal = ',',
        .thousands = '.',
    };
}

static void scene_make(struct scene *scene)
{
    *scene = (struct scene){0};
    scene_areas(scene);
    scene_nature(scene);
    scene_streets(scene);
    scene_buildings(scene);
    scene_heat(scene);
    scene_clusters(scene);
    struct map_sheet *sheet = &scene->sheet;
    sheet->texts = scene_texts();
    sheet->ground = (struct box){scene_x, scene_y, scene_x + scene_wide, scene_y + scene_high};
    sheet->density = &scene->density;
    sheet->classes = (struct classes){.limits = {5, 10, 20, 40, 80}, .count = 5};
    sheet->areas = scene->area;
    sheet->area_count = 2;
    sheet->borders = scene->borders;
    sheet->border_count = 1;
    sheet->features = scene->feature;
    sheet->feature_count = scene->shape_count;
    sheet->clusters = scene->cluster;
    sheet->cluster_count = SCENE_CLUSTERS;
    sheet->inset_ground =
        (struct box){scene_x - 1400, scene_y - 750, scene_x + 2800, scene_y + 1750};
}

static void scene_free(struct scene *scene)
{
    for (size_t i = 0; i < 2; i++)
        shape_free(&scene->areas[i]);
    for (size_t i = 0; i < scene->shape_count; i++)
        shape_free(&scene->features[i]);
    for (size_t i = 0; i < SCENE_CLUSTERS; i++)
        shape_free(&scene->outlines[i]);
    shape_free(&scene->border);
    raster_free(&scene->density);
    raster_free(&scene->support);
}

#endif
