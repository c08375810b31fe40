/* The invented place of scene.h as a border sheet: incidents drawn by a seed, what each side has of
 * them, and what is to be told of it. */
#ifndef PLEIN_TESTS_BORDERSCENE_H
#define PLEIN_TESTS_BORDERSCENE_H

#include "tests/scene.h"

#include "engine/draw/bordersheet.h"

enum { BORDER_LEADS = 3, BORDER_BLINDS = 4, BORDER_PRIORITIES = 5, BORDER_POINTS_MOST = 1200 };

struct border_scene {
    struct scene scene;
    double x[BORDER_POINTS_MOST], y[BORDER_POINTS_MOST]; /* incidents, from the lower left */
    int side[BORDER_POINTS_MOST];
    size_t point_count;
    struct raster density[3], support[3]; /* first alone, second alone, together */
    struct map_cluster clusters[3][SCENE_CLUSTERS];
    struct rank_cell cells[SCENE_CLUSTERS][3];
    struct rank_row rank_rows[SCENE_CLUSTERS];
    struct rank_column columns[3];
    struct blind_row blind_rows[BORDER_BLINDS];
    struct lead_row lead_rows[BORDER_LEADS];
    struct priority_row priority_rows[BORDER_PRIORITIES];
    struct border_sheet sheet;
};

static double borderscene_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 40) / (1 << 24);
}

/* x, y, incidents, spread in metres: a cluster each, then smaller groups */
static const double borderscene_groups[][4] = {
    {755, 520, 214, 48}, {1125, 310, 126, 41}, {330, 745, 120, 40}, {850, 890, 113, 39},
    {425, 230, 61, 36},  {1175, 835, 27, 27},  {880, 265, 20, 26},  {480, 510, 14, 24},
    {745, 210, 12, 26},  {490, 70, 9, 28},     {1000, 1010, 9, 40}, {330, 300, 10, 30},
    {620, 690, 5, 40},   {1300, 560, 5, 50},
};

/* The scene's outlines, brought to the groups. */
static void borderscene_outlines(struct border_scene *border)
{
    const double smaller = 0.9;
    for (size_t c = 0; c < SCENE_CLUSTERS; c++)
        for (size_t i = 0; i < border->scene.outlines[c].point_count; i++) {
            double *x = &border->scene.outlines[c].x[i], *y = &border->scene.outlines[c].y[i];
            *x = scene_x + borderscene_groups[c][0] + (*x - scene_x - scene_bumps[c][0]) * smaller;
            *y = scene_y + borderscene_groups[c][1] + (*y - scene_y - scene_bumps[c][1]) * smaller;
        }
}

static void borderscene_points(struct border_scene *border)
{
    uint64_t seed = 20240101;
    for (size_t g = 0; g < sizeof borderscene_groups / sizeof *borderscene_groups; g++) {
        const double *group = borderscene_groups[g];
        for (int i = 0; i < (int)group[2]; i++) {
            double dx = 0, dy = 0; /* four uniform ones: near enough to a bell, and exact */
            for (int k = 0; k < 4; k++) {
                dx += borderscene_random(&seed) - 0.5;
                dy += borderscene_random(&seed) - 0.5;
            }
            size_t at = border->point_count++;
            border->x[at] = group[0] + dx * group[3] * 1.73;
            border->y[at] = group[1] + dy * group[3] * 1.73;
            border->side[at] = shape_holds(&border->scene.areas[0], scene_x + border->x[at],
                                           scene_y + border->y[at])
                                   ? 0
                                   : 1;
        }
    }
}

/* The quartic kernel of 100 m, per hectare; together is the sum, cell by cell. */
static void borderscene_rasters(struct border_scene *border)
{
    const double radius = 100, cell = 10;
    struct box box = {scene_x - 200, scene_y - 200, scene_x + scene_wide + 200,
                      scene_y + scene_high + 200};
    for (int i = 0; i < 3; i++) {
        raster_new(&border->density[i], box, cell, NULL);
        raster_new(&border->support[i], box, cell, NULL);
    }
    size_t cells = border->density[0].columns * border->density[0].rows;
    for (size_t c = 0; c < cells; c++) {
        double x = ((double)(c % border->density[0].columns) + 0.5) * cell - 200;
        double y = ((double)(c / border->density[0].columns) + 0.5) * cell - 200;
        for (size_t p = 0; p < border->point_count; p++) {
            double dx = x - border->x[p], dy = y - border->y[p];
            double part = 1 - (dx * dx + dy * dy) / (radius * radius);
            if (part <= 0)
                continue;
            border->density[border->side[p]].values[c] +=
                3 / (3.141592653589793 * radius * radius) * 1e4 * part * part;
            border->support[border->side[p]].values[c] += 1;
        }
        for (int i = 0; i < 2; i++) {
            border->density[2].values[c] += border->density[i].values[c];
            border->support[2].values[c] += border->support[i].values[c];
        }
    }
}

/* Of each list, by rank: indexes into the scene's clusters. */
static const int borderscene_lists[3][SCENE_CLUSTERS] = {
    {2, 3, 0, 4, 5, -1}, {1, 0, 4, 5, -1, -1}, {0, 1, 2, 3, 4, 5}};
static const char *const borderscene_counts[SCENE_CLUSTERS][3] = {
    {"99", "109", "208"}, {"", "126", "126"}, {"120", "", "120"},
    {"113", "", "113"},   {"21", "40", "61"}, {"10", "17", "27"}};

static void borderscene_maps(struct border_scene *border)
{
    static const char *const titles[3] = {"Wat Heemskerk ziet", "Wat Beverwijk ziet", "Samen"};
    static const char *const notes[3] = {"492 meldingen", "436 meldingen", "928 meldingen"};
    for (int map = 0; map < 3; map++) {
        struct small_map *into = &border->sheet.maps[map];
        *into = (struct small_map){.title = titles[map],
                                   .note = notes[map],
                                   .area = map < 2 ? (size_t)map : SMALLMAP_ALL,
                                   .density = &border->density[map],
                                   .clusters = border->clusters[map]};
        for (size_t rank = 0; rank < SCENE_CLUSTERS && borderscene_lists[map][rank] >= 0; rank++) {
            int cluster = borderscene_lists[map][rank];
            border->clusters[map][rank] = (struct map_cluster){
                .outline = &border->scene.outlines[cluster],
                .number = rank + 1,
                .name = scene_names[cluster],
                .listed = true,
            };
            border->cells[cluster][map] =
                (struct rank_cell){rank + 1, borderscene_counts[cluster][map]};
            into->cluster_count = rank + 1;
            if (cluster == 0)
                into->finding = &border->clusters[map][rank];
        }
    }
}

static void borderscene_tables(struct border_scene *border)
{
    border->columns[0] = (struct rank_column){"Heemskerk", 0};
    border->columns[1] = (struct rank_column){"Beverwijk", 1};
    border->columns[2] = (struct rank_column){"samen", RANK_TOGETHER};
    for (size_t i = 0; i < SCENE_CLUSTERS; i++)
        border->rank_rows[i] = (struct rank_row){scene_names[i], border->cells[i], i == 0};
    const struct blind_row blind[BORDER_BLINDS] = {{"Strook 100 m", {0.27, 0.24}, false},
                                                   {"Europaplein", {0.53, 0.47}, true},
                                                   {"Kanaalbrug", {0.66, 0.34}, false},
                                                   {"Parkpoort", {0.64, 0.36}, false}};
    memcpy(border->blind_rows, blind, sizeof blind);
    const struct lead_row lead[BORDER_LEADS] = {
        {"Europaplein", "gedeeld", 0.524, 0.457, 0.591, true},
        {"Kanaalbrug", "wijst naar Beverwijk", 0.656, 0.531, 0.763, false},
        {"Parkpoort", "niet te zeggen", 0.63, 0.442, 0.785, false}};
    memcpy(border->lead_rows, lead, sizeof lead);
    const struct priority_row priorities[BORDER_PRIORITIES] = {
        {"rondhangen", {{"1", 0.21}, {"3", 0.24}}}, {"drugshandel", {{"2", 0.06}, {"", 0.17}}},
        {"zwerfafval", {{"", 0.31}, {"1", 0.26}}},  {"verkeer", {{"3", 0.14}, {"2", 0.12}}},
        {"inbraak", {{"4", 0}, {"", 0.02}}},
    };
    memcpy(border->priority_rows, priorities, sizeof priorities);
    struct border_sheet *sheet = &border->sheet;
    sheet->ranks = (struct rank_table){
        {"Plaats in elke lijst", "naar aantal meldingen per cluster (tussen haakjes)"},
        border->columns,
        3,
        border->rank_rows,
        SCENE_CLUSTERS,
        border->scene.area};
    sheet->blind =
        (struct blind_bars){{"Blinde vlek", "deel van de dichtheid dat de gemeente niet ziet"},
                            border->blind_rows,
                            BORDER_BLINDS};
    sheet->lead = (struct lead_chart){
        {"Wie is trekker?", "aandeel van Beverwijk in het cluster, 95%-interval"},
        border->lead_rows,
        BORDER_LEADS,
        0.4,
        0.6};
}

/* Not on the sheet until a test puts it there. */
static void borderscene_priorities(struct border_scene *border)
{
    border->sheet.priorities =
        (struct priority_chart){{"Prioriteit en last", "cijfer: rang in beleid; balk: aandeel"},
                                border->priority_rows,
                                BORDER_PRIORITIES};
}

static struct map_texts borderscene_texts(void)
{
    struct map_texts texts = scene_texts();
    texts.title = "Samen staat Europaplein op 1; apart bij Heemskerk op plaats 3 en bij "
                  "Beverwijk op 2";
    texts.subtitle = "928 meldingen, 1 januari t/m 31 december 2024 · alle bronnen en domeinen · "
                     "492 in Heemskerk, 436 in Beverwijk · drie kaarten op één schaal";
    texts.cluster = NULL;
    texts.foot[0] = "Bron: politie, gemeenten en woningcorporatie; gemeentegrenzen CBS/Kadaster "
                    "2024. Stand van de gegevens: 15 januari 2025. De cijfers zijn verzonnen "
                    "(voorbeeld). Privacy: geen namen, adressen of losse meldingen.";
    texts.foot[1] = "Methode: dichtheid met een straal van 100 m (kwartische kern); clusters: ten "
                    "minste 10 meldingen binnen 35 m; strook: 100 m aan de eigen kant van de "
                    "grens. Minder dan 5 meldingen binnen 100 m: niet ingekleurd.";
    texts.foot[2] = "Trekker: „wijst naar” bij ten minste 60 % van de meldingen en een interval "
                    "(Wilson) dat 50 % niet raakt; „gedeeld” als het interval binnen 40–60 % "
                    "ligt; anders „niet te zeggen”. Ten minste 20 meldingen.";
    return texts;
}

static void borderscene_make(struct border_scene *border)
{
    *border = (struct border_scene){0};
    scene_make(&border->scene);
    borderscene_outlines(border);
    borderscene_points(border);
    borderscene_rasters(border);
    borderscene_maps(border);
    borderscene_tables(border);
    struct border_sheet *sheet = &border->sheet;
    sheet->base = border->scene.sheet;
    sheet->base.texts = borderscene_texts();
    sheet->base.ground.x_min += 30;
    sheet->base.ground.x_max -= 65;
    sheet->base.density = NULL;
    sheet->base.cluster_count = 0;
    sheet->sides[1] = 1;
    sheet->texts = (struct border_texts){.no_data = "geen gegevens",
                                         .badge = "plaats in de lijst bij deze kaart",
                                         .badge_short = "plaats in de lijst"};
    sheet->missed = (struct missed_map){
        {"Wat elke gemeente mist", "dichtheid uit meldingen van de buur, per hectare"},
        {"gemist door Heemskerk", "gemist door Beverwijk"},
        {&border->density[1], &border->density[0]},
        {NULL, NULL},
        {.limits = {2, 10, 30}, .count = 3}};
}

static void borderscene_free(struct border_scene *border)
{
    scene_free(&border->scene);
    for (int i = 0; i < 3; i++) {
        raster_free(&border->density[i]);
        raster_free(&border->support[i]);
    }
}

#endif
