/* The map of a handover, made of what it publishes and of nothing else. */
#include "engine/report/handover_map.h"

#include "engine/draw/map.h"
#include "engine/report/scene.h"
#include "engine/report/styles.h"
#include "engine/report/toponym.h"
#include "engine/report/wording.h"
#include "engine/space/polygons.h"

#include <math.h>

enum { CELL_M = 2 /* small, so that edges are sharp */, LISTED = 5, TEXTS = 6 };
enum { TITLE, SUBTITLE, SOURCE, METHOD, PRIVACY, CLUSTER_KEY };

/* Zeroed is empty; the sheet borrows from all of it. */
struct picture {
    const struct handover *handover;
    const struct handover_map_words *words;
    struct gathered nobody; /* for the scene, which counts no incidents here */
    struct scene scene;
    struct raster density, support;
    struct shape *outlines;
    struct map_cluster *clusters;
    struct text *counts, *details;
    struct text texts[TEXTS];
    struct style style;
    struct map_sheet sheet;
};

static double incidents_in(const struct picture *picture, size_t cluster)
{
    const struct handover *handover = picture->handover;
    double sum = 0;
    for (size_t p = 0; p < handover->pieces.count; p++)
        if (handover->clusters.cluster_of[p] == cluster)
            sum += handover_of_piece(handover, p);
    return sum;
}

static struct box box_of(const struct square *square)
{
    return (struct box){(double)square->east * SQUARE_M, (double)square->north * SQUARE_M,
                        (double)(square->east + square->size) * SQUARE_M,
                        (double)(square->north + square->size) * SQUARE_M};
}

/* Around the densest of the strip: its clusters, or all of it. */
static struct box ground_of(const struct picture *picture)
{
    const struct handover *handover = picture->handover;
    struct box box = box_empty();
    for (size_t p = 0; p < handover->pieces.count; p++)
        if (handover->clusters.count == 0 || handover->clusters.cluster_of[p] > 0)
            box = box_union(box, box_of(&handover->pieces.items[p]));
    double wide = 2 * SQUARE_M;
    return scene_to_aspect(
        (struct box){box.x_min - wide, box.y_min - wide, box.x_max + wide, box.y_max + wide}, 1.25);
}

static bool set_scene(struct picture *picture, struct error *error)
{
    const struct handover *handover = picture->handover;
    struct box ground = ground_of(picture);
    const struct scene_choice choice = {ground, ground, handover->sender, handover->receiver};
    picture->nobody.study = handover->study;
    return scene_build_over(&picture->scene, &picture->nobody, &choice, error);
}

/* The cells along one side that lie between two places: squares begin and end between cells. */
static size_t cell_at(double metres, double begin, size_t count)
{
    double cell = floor((metres - begin) / CELL_M + 0.5);
    return cell <= 0 ? 0 : cell >= (double)count ? count : (size_t)cell;
}

static void set_square(struct raster *raster, const struct square *square, double value)
{
    struct box box = box_of(square);
    size_t west = cell_at(box.x_min, raster->x_min, raster->columns);
    size_t east = cell_at(box.x_max, raster->x_min, raster->columns);
    size_t north = cell_at(box.y_max, raster->y_min, raster->rows);
    for (size_t r = cell_at(box.y_min, raster->y_min, raster->rows); r < north; r++)
        for (size_t c = west; c < east; c++)
            raster->values[r * raster->columns + c] = value;
}

static void set_published(struct picture *picture)
{
    for (size_t p = 0; p < picture->handover->pieces.count; p++) {
        const struct square *square = &picture->handover->pieces.items[p];
        double incidents = handover_of_piece(picture->handover, p);
        /* A shade above, so that a count on a class's limit is not split by rounding. */
        set_square(&picture->density, square,
                   incidents / ((double)square->size * square->size) * (1 + 1e-6));
        set_square(&picture->support, square, incidents);
    }
}

/* What is withheld is hatched, which is done where there would be a colour. */
static void set_withheld(struct picture *picture)
{
    for (size_t p = 0; p < picture->handover->pieces.count; p++)
        if (handover_of_piece(picture->handover, p) == 0)
            set_square(&picture->density, &picture->handover->pieces.items[p],
                       picture->sheet.classes.limits[0] * 1.01);
}

static bool set_heat(struct picture *picture, struct error *error)
{
    struct box ground = picture->scene.ground;
    struct box over = {floor(ground.x_min / SQUARE_M) * SQUARE_M,
                       floor(ground.y_min / SQUARE_M) * SQUARE_M, ground.x_max + SQUARE_M,
                       ground.y_max + SQUARE_M};
    if (!raster_new(&picture->density, over, CELL_M, error)
        || !raster_new(&picture->support, over, CELL_M, error))
        return false;
    set_published(picture);
    return true;
}

/* ---- clusters: their squares as one outline each ---- */

static bool square_shape(struct shape *shape, struct box box, struct error *error)
{
    const double x[] = {box.x_min, box.x_max, box.x_max, box.x_min, box.x_min};
    const double y[] = {box.y_min, box.y_min, box.y_max, box.y_max, box.y_min};
    if (!shape_new(shape, 5, 1, error))
        return false;
    for (int i = 0; i < 5; i++) {
        shape->x[i] = x[i];
        shape->y[i] = y[i];
    }
    shape->ring_starts[1] = 5;
    return true;
}

static bool add_outline(struct picture *picture, size_t cluster, struct error *error)
{
    const struct handover *handover = picture->handover;
    struct shape *squares = NULL;
    size_t count = 0;
    bool done = array_new(&squares, handover->pieces.count, sizeof *squares, error);
    for (size_t p = 0; done && p < handover->pieces.count; p++)
        if (handover->clusters.cluster_of[p] == cluster)
            done = square_shape(&squares[count++], box_of(&handover->pieces.items[p]), error);
    struct polygons *polygons = done ? polygons_open(error) : NULL;
    done = polygons != NULL
           && polygons_union(polygons, &picture->outlines[cluster - 1], squares, count, error);
    polygons_close(polygons);
    for (size_t i = 0; squares != NULL && i < count; i++)
        shape_free(&squares[i]);
    array_free(&squares);
    return done;
}

/* By the place they cover, where the base layers name it. */
static bool name_clusters(struct picture *picture, struct error *error)
{
    size_t count = picture->handover->clusters.count;
    const struct toponyms toponyms = {picture->scene.named, picture->scene.named_count};
    const char *names[LISTED] = {NULL};
    struct cluster *places = NULL;
    if (!array_new(&places, count, sizeof *places, error))
        return false;
    for (size_t c = 0; c < count; c++) {
        struct box box = shape_box(&picture->outlines[c]);
        places[c].outline = picture->outlines[c]; /* borrowed */
        places[c].x = (box.x_min + box.x_max) / 2;
        places[c].y = (box.y_min + box.y_max) / 2;
        places[c].reach_m = SQUARE_M;
    }
    toponyms_give(names, &toponyms, places, count < LISTED ? count : LISTED);
    for (size_t c = 0; c < count; c++)
        picture->clusters[c].name = c < LISTED && names[c] != NULL ? names[c] : _("Cluster");
    array_free(&places);
    return true;
}

static void add_detail(struct picture *picture, size_t cluster)
{
    const struct handover *handover = picture->handover;
    int squares = 0;
    for (size_t p = 0; p < handover->pieces.count; p++)
        squares += handover->clusters.cluster_of[p] == cluster + 1;
    text_add(&picture->details[cluster], squares == 1 ? _("%d square") : _("%d squares"), squares);
    picture->clusters[cluster].detail = picture->details[cluster].bytes;
}

static bool set_clusters(struct picture *picture, struct error *error)
{
    size_t count = picture->handover->clusters.count;
    if (!array_new(&picture->details, count, sizeof *picture->details, error)
        || !array_new(&picture->outlines, count, sizeof *picture->outlines, error)
        || !array_new(&picture->clusters, count, sizeof *picture->clusters, error)
        || !array_new(&picture->counts, count, sizeof *picture->counts, error))
        return false;
    for (size_t c = 0; c < count; c++) {
        if (!add_outline(picture, c + 1, error))
            return false;
        wording_count(&picture->counts[c], (size_t)incidents_in(picture, c + 1));
        picture->clusters[c] = (struct map_cluster){.outline = &picture->outlines[c],
                                                    .number = c + 1,
                                                    .count = picture->counts[c].bytes,
                                                    .listed = c < LISTED};
        add_detail(picture, c);
    }
    return name_clusters(picture, error);
}

/* ---- words ---- */

static const char *name_of(const struct picture *picture, size_t jurisdiction)
{
    return picture->handover->study->boundaries.jurisdictions.items[jurisdiction].name;
}

static void add_period(struct text *text, const struct handover *handover)
{
    int32_t first = handover->first_quarter;
    int32_t last = first + (int32_t)handover->quarter_count - 1;
    if (handover->quarter_count > 0)
        text_add(text, _("quarter %d of %d to quarter %d of %d · "), (int)(first % 4) + 1,
                 (int)(first / 4), (int)(last % 4) + 1, (int)(last / 4));
}

static void set_own_words(struct picture *picture)
{
    const struct handover *handover = picture->handover;
    struct text *texts = picture->texts;
    text_add(&texts[TITLE], _("What %s hands over to %s"), name_of(picture, handover->sender),
             name_of(picture, handover->receiver));
    add_period(&texts[SUBTITLE], handover);
    text_add(&texts[SUBTITLE], _("squares of 100 m and more, within %g m of %s"),
             handover->options.depth_m, name_of(picture, handover->receiver));
    text_add(&texts[SOURCE], _("Source: the counts in this package, of %s."),
             name_of(picture, handover->sender));
}

static void set_words(struct picture *picture)
{
    const struct handover *handover = picture->handover;
    struct text *texts = picture->texts;
    if (picture->words == NULL) {
        set_own_words(picture);
    } else {
        text_add(&texts[TITLE], "%s", picture->words->title);
        text_add(&texts[SUBTITLE], "%s", picture->words->subtitle);
        text_add(&texts[SOURCE], "%s", picture->words->source);
    }
    if (handover->study->options->title != NULL) {
        text_free(&texts[TITLE]);
        text_add(&texts[TITLE], "%s", handover->study->options->title);
    }
    text_add(&texts[METHOD],
             _("Counts are rounded to fives; a cluster is squares that touch, each with %g or more "
               "incidents per hectare."),
             handover->least_per_ha);
    text_add(&texts[PRIVACY],
             _("Hatched: too few to publish, or none. No persons, no addresses, no places of "
               "incidents."));
    text_add(&texts[CLUSTER_KEY], "%s", _("cluster of squares"));
}

static void set_texts(struct picture *picture)
{
    const struct text *texts = picture->texts;
    picture->sheet.texts = (struct map_texts){
        .title = texts[TITLE].bytes,
        .subtitle = texts[SUBTITLE].bytes,
        .legend_head = _("Incidents per hectare"),
        .unit_note = "1 ha = 100 × 100 m",
        .and_more = _("and more"),
        .border = _("municipal border"),
        .cluster = texts[CLUSTER_KEY].bytes,
        .withheld = _("too few to show"),
        .outside = "",
        .table_head = picture->handover->clusters.count > 0 ? _("The largest clusters") : "",
        .count_head = _("incidents"),
        .foot = {texts[SOURCE].bytes, texts[METHOD].bytes, texts[PRIVACY].bytes},
        .percent = _("%"),
        .north = "N",
        .decimal = wording_decimal(),
        .thousands = wording_thousands(),
    };
}

static bool set_sheet(struct picture *picture, struct error *error)
{
    struct map_sheet *sheet = &picture->sheet;
    const struct scene *scene = &picture->scene;
    set_words(picture);
    for (int i = 0; i < TEXTS; i++)
        if (!text_check(&picture->texts[i], error))
            return false;
    set_texts(picture);
    sheet->ground = scene->ground;
    sheet->density = &picture->density;
    sheet->support = &picture->support;
    sheet->least_support = 1; /* what is withheld counts 0 here */
    sheet->areas = scene->areas;
    sheet->area_count = scene->area_count;
    sheet->borders = scene->borders;
    sheet->border_count = scene->border_count;
    sheet->features = scene->features;
    sheet->feature_count = scene->feature_count;
    sheet->clusters = picture->clusters;
    sheet->cluster_count = picture->handover->clusters.count;
    if (!styles_choose_sheet(&picture->style, picture->handover->study->options, error)
        || !classes_choose(&sheet->classes, &picture->density, (size_t)picture->style.heat.classes,
                           error))
        return false;
    set_withheld(picture);
    return true;
}

static bool draw(struct picture *picture, const char *path, struct error *error)
{
    const struct png_note notes[] = {{"Title", picture->texts[TITLE].bytes},
                                     {"Description", picture->texts[SUBTITLE].bytes},
                                     {"Software", "plein"}};
    const struct map_drawing drawing = {.sheet = &picture->sheet,
                                        .style = &picture->style,
                                        .notes = notes,
                                        .note_count = sizeof notes / sizeof *notes,
                                        .thread_count = picture->handover->study->options->threads,
                                        .file = MAP_PNG};
    struct map_result result = {0};
    bool done = map_write(&result, path, &drawing, error);
    map_result_free(&result);
    return done;
}

static void picture_free(struct picture *picture)
{
    size_t count = picture->handover->clusters.count;
    for (size_t c = 0; picture->outlines != NULL && c < count; c++)
        shape_free(&picture->outlines[c]);
    for (size_t c = 0; picture->counts != NULL && c < count; c++)
        text_free(&picture->counts[c]);
    for (size_t c = 0; picture->details != NULL && c < count; c++)
        text_free(&picture->details[c]);
    for (int i = 0; i < TEXTS; i++)
        text_free(&picture->texts[i]);
    array_free(&picture->outlines);
    array_free(&picture->clusters);
    array_free(&picture->counts);
    array_free(&picture->details);
    raster_free(&picture->density);
    raster_free(&picture->support);
    scene_free(&picture->scene);
}

/* A text that memory was out for would be drawn without its end. */
static bool check_texts(const struct picture *picture, struct error *error)
{
    bool done = true;
    for (int i = 0; done && i < TEXTS; i++)
        done = text_check(&picture->texts[i], error);
    for (size_t c = 0; done && c < picture->handover->clusters.count; c++)
        done = text_check(&picture->counts[c], error) && text_check(&picture->details[c], error);
    return done;
}

bool handover_map_write(const struct handover *handover, const struct handover_map_words *words,
                        const char *path, struct error *error)
{
    struct picture picture = {.handover = handover, .words = words};
    bool done = set_scene(&picture, error) && set_heat(&picture, error)
                && set_clusters(&picture, error) && set_sheet(&picture, error)
                && check_texts(&picture, error) && draw(&picture, path, error);
    picture_free(&picture);
    return done;
}
