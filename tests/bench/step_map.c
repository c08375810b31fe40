/* Times drawing the map of a million incidents and packing it as PNG: two areas of 5,000 corners at
 * either side of one border, their density, and an outline around each crowded spot. */
#include "tests/bench/scatter.h"
#include "tests/bench/steps.h"

#include "engine/analysis/density.h"
#include "engine/draw/map.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

enum { BORDER = 4998, RING = BORDER + 3, CORNERS = 64, LISTED = 5, SMALL = 400 };
enum { CLUSTERS = SCATTER_SPOTS + SMALL };

struct drawing {
    char path[4200];
    struct raster density;
    struct shape rings[2], line, outlines[CLUSTERS];
    struct map_area areas[2];
    struct map_border border;
    struct map_share share;
    struct map_cluster clusters[CLUSTERS];
    struct map_sheet sheet;
    struct style style;
};

static void new_ring(struct shape *shape, size_t count)
{
    struct error error = {0};
    step_need(shape_new(shape, count, 1, &error), &error);
    shape->ring_starts[1] = count;
}

static void set_point(struct shape *shape, size_t at, double x, double y)
{
    shape->x[at] = x;
    shape->y[at] = y;
}

/* From south to north through the middle, with bends of some 10 and some 300 m. */
static void make_areas(struct drawing *drawing, struct chance *chance)
{
    const double west = SCATTER_WEST, east = west + SCATTER_WIDE;
    const double south = SCATTER_SOUTH, high = SCATTER_HIGH;
    new_ring(&drawing->line, BORDER);
    for (int i = 0; i < 2; i++)
        new_ring(&drawing->rings[i], RING);
    for (int i = 0; i < BORDER; i++) {
        double part = i / (BORDER - 1.0), jag = (double)chance_between(chance, 0, 20);
        double x = (west + east) / 2 + 300 * sin(part * 20) + jag, y = south + part * high;
        set_point(&drawing->line, (size_t)i, x, y);
        set_point(&drawing->rings[0], (size_t)i, x, y);
        set_point(&drawing->rings[1], (size_t)i, x, y);
    }
    for (int i = 0; i < 2; i++) {
        double side = i == 0 ? west : east;
        set_point(&drawing->rings[i], BORDER, side, south + high);
        set_point(&drawing->rings[i], BORDER + 1, side, south);
        set_point(&drawing->rings[i], BORDER + 2, drawing->line.x[0], south);
        drawing->areas[i] =
            (struct map_area){&drawing->rings[i], i == 0 ? "Heemskerk" : "Beverwijk", (size_t)i};
    }
    drawing->border = (struct map_border){&drawing->line, 0, 1};
}

static void make_outline(struct shape *outline, double x, double y, double radius)
{
    new_ring(outline, CORNERS + 1);
    for (size_t i = 0; i <= CORNERS; i++) {
        double angle = 2 * 3.14159265358979 * (double)(i % CORNERS) / CORNERS;
        double ragged = radius * (i % 2 == 0 ? 1 : 0.93);
        set_point(outline, i, x + ragged * cos(angle), y + ragged * sin(angle));
    }
}

/* The spots, and small clusters of what lies anywhere. */
static void make_clusters(struct drawing *drawing, struct scatter *scatter)
{
    drawing->share = (struct map_share){0, 1};
    for (size_t i = 0; i < CLUSTERS; i++) {
        bool spot = i < SCATTER_SPOTS;
        struct place place = spot ? scatter->spots[i].middle : scatter_next(scatter);
        double radius = spot ? 1.5e-3 * (double)scatter->spots[i].spread : 35;
        make_outline(&drawing->outlines[i], (double)place.x / 1000, (double)place.y / 1000, radius);
        drawing->clusters[i] = (struct map_cluster){.outline = &drawing->outlines[i],
                                                    .number = i + 1,
                                                    .name = "Europaplein",
                                                    .count = "12.345",
                                                    .detail = "veiligheid 46 %",
                                                    .shares = &drawing->share,
                                                    .share_count = 1,
                                                    .listed = i < LISTED};
    }
}

static void make_density(struct drawing *drawing)
{
    const double cell_m = 10;
    struct error error = {0};
    struct step_points points;
    struct box box = {SCATTER_WEST, SCATTER_SOUTH, SCATTER_WEST + SCATTER_WIDE,
                      SCATTER_SOUTH + SCATTER_HIGH};
    const struct density_options options = {.kernel = KERNEL_QUARTIC, .bandwidth_m = 100};
    step_points_make(&points, step_setting("POINTS", 1000000));
    const struct weighted_points all = {{points.x, points.y, points.count}, NULL};
    step_need(raster_new(&drawing->density, box, cell_m, &error), &error);
    step_need(density_run(&drawing->density, &all, &points.grid, &options, &error), &error);
    step_points_free(&points);
    drawing->sheet.ground = drawing->sheet.inset_ground = box;
}

static void make_sheet(struct drawing *drawing)
{
    struct error error = {0};
    struct scatter scatter;
    struct map_sheet *sheet = &drawing->sheet;
    scatter_begin(&scatter, step_setting("SEED", 1));
    make_density(drawing);
    make_areas(drawing, &scatter.chance);
    make_clusters(drawing, &scatter);
    style_default(&drawing->style);
    sheet->texts = (struct map_texts){.title = "De grens knipt de grootste hotspot in tweeën",
                                      .subtitle = "1.000.000 meldingen · alle bronnen en domeinen",
                                      .legend_head = "Meldingen per hectare",
                                      .unit_note = "1 ha = 100 × 100 m",
                                      .and_more = "en meer",
                                      .border = "gemeentegrens",
                                      .cluster = "cluster (10 of meer meldingen)",
                                      .table_head = "De vijf grootste clusters",
                                      .share_head = "aandeel per gemeente",
                                      .count_head = "meldingen",
                                      .foot = {"Bron: verzonnen", "Methode: dichtheid", "Privacy"},
                                      .percent = " %",
                                      .north = "N",
                                      .decimal = ',',
                                      .thousands = '.'};
    sheet->density = &drawing->density;
    sheet->areas = drawing->areas;
    sheet->area_count = 2;
    sheet->borders = &drawing->border;
    sheet->border_count = 1;
    sheet->clusters = drawing->clusters;
    sheet->cluster_count = CLUSTERS;
    sheet->smallest_coloured_m2 = 2500;
    step_need(classes_choose(&sheet->classes, sheet->density, 5, &error), &error);
}

static bool draw(void *state, struct error *error)
{
    const struct drawing *drawing = state;
    const struct map_drawing map = {.sheet = &drawing->sheet,
                                    .style = &drawing->style,
                                    .thread_count = steps_threads(),
                                    .file = MAP_PNG};
    struct map_result result = {0};
    bool done = map_write(&result, drawing->path, &map, error);
    map_result_free(&result);
    return done;
}

int main(int argc, char **argv)
{
    static struct drawing drawing;
    struct stat facts;
    struct error error = {0};
    if (argc != 2)
        return 2;
    snprintf(drawing.path, sizeof drawing.path, "%s", step_file(argv[1], "step_map.png"));
    make_sheet(&drawing);
    step_need(draw(&drawing, &error), &error);
    double size_mb = stat(drawing.path, &facts) == 0 ? (double)facts.st_size / 1e6 : 0;
    struct step step = {
        .name = "map.drawing", .items = step_setting("POINTS", 1000000), .size_mb = size_mb};
    step_run(&step, draw, &drawing);
    remove(drawing.path);
    return 0;
}
