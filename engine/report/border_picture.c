/* The border sheet of a study: what each side sees, what both see together, and what follows. */
#include "engine/report/border_picture.h"

#include "engine/core/stage.h"
#include "engine/analysis/density.h"
#include "engine/draw/bordersheet.h"
#include "engine/report/alternative.h"
#include "engine/report/border_blocks.h"
#include "engine/report/border_squares.h"
#include "engine/report/border_words.h"
#include "engine/report/package_words.h"
#include "engine/report/pages.h"
#include "engine/report/scene.h"
#include "engine/report/scale.h"
#include "engine/report/sentences.h"
#include "engine/report/styles.h"
#include "engine/report/toponym.h"
#include "engine/report/wording.h"
#include "engine/study/checking.h"
#include "engine/study/surface.h"

#include <math.h>
#include <string.h>

enum { TOGETHER = SIDES, MAPS = BORDER_MAPS, ROWS_MOST = BORDER_BLOCK_ROWS, TEXTS_MOST = 40 };

/* A list of clusters as one map shows it. */
struct listing {
    const struct clusters *clusters;
    struct map_cluster *items;
};

/* Everything the sheet is made of; the sheet borrows from all of it. Zeroed is empty. */
struct border_picture {
    struct findings *findings;
    const struct finding *finding; /* with the whole strip: the numbers */
    struct finding view;           /* over the sheet's ground: the surfaces and outlines */
    struct gathered both;          /* borrows the view's incidents, for the sentences */
    struct scene scene;
    struct telling telling;
    struct border_telling words;
    struct border_squares squares;
    struct raster support[MAPS];
    struct listing lists[MAPS];
    const char **places; /* of the joint clusters; NULL: unnamed */
    struct text texts[TEXTS_MOST];
    size_t text_count;
    struct border_blocks blocks;
    struct style style;
    struct border_sheet sheet;
    struct map_shapes shapes;
    struct pages_choice choice;
};

/* A text that lives as long as the picture. */
static struct text *new_text(struct border_picture *picture)
{
    size_t last = TEXTS_MOST - 1;
    return &picture->texts[picture->text_count < last ? picture->text_count++ : last];
}

static const char *said(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

static struct study *study_of(const struct border_picture *picture)
{
    return picture->findings->gathered.study;
}

/* ---- the ground ---- */

static bool has_squares(const struct border_picture *picture)
{
    return border_squares_are_there(&picture->squares);
}

/* Of squares no cluster is known, so that none lies across the border. */
static const struct border_cluster *crossing_of(const struct border_picture *picture,
                                                const struct border *border)
{
    return has_squares(picture) ? NULL : border_words_subject(border);
}

static const struct cluster *subject_of(const struct border_picture *picture)
{
    const struct border *border = &picture->finding->border;
    const struct border_cluster *subject =
        has_squares(picture) ? border_squares_subject(border) : border_words_subject(border);
    return subject != NULL ? &border->together.items[subject->number - 1] : NULL;
}

/* Around the subject, with the largest clusters near it; else along the border. */
static bool choose_ground(struct box *ground, const struct border_picture *picture,
                          struct error *error)
{
    const double aspect = picture->shapes.usual, near = 7, margin = 0.6;
    const struct options *options = study_of(picture)->options;
    const struct border *border = &picture->finding->border;
    const struct cluster *subject = subject_of(picture);
    double wide = options->bandwidth_m;
    if (options->frame != NULL)
        return selection_parse_box(ground, "frame", options->frame, error);
    if (subject == NULL) {
        *ground = scene_to_aspect(picture->finding->extent, aspect);
        return true;
    }
    *ground = shape_box(&subject->outline);
    for (size_t i = 0; i < border->together.count && i < ROWS_MOST; i++) {
        const struct cluster *other = &border->together.items[i];
        double dx = other->x - subject->x, dy = other->y - subject->y;
        if (dx * dx + dy * dy < near * near * wide * wide)
            *ground = box_union(*ground, shape_box(&other->outline));
    }
    *ground =
        scene_to_aspect((struct box){ground->x_min - margin * wide, ground->y_min - margin * wide,
                                     ground->x_max + margin * wide, ground->y_max + margin * wide},
                        aspect);
    return true;
}

/* The incidents of both sides, as if they were all that was gathered. */
static void borrow_both(struct border_picture *picture)
{
    const struct both_sides *sides = &picture->view.incidents;
    picture->both = (struct gathered){.count = sides->count,
                                      .grid_x = sides->grid_x,
                                      .grid_y = sides->grid_y,
                                      .owner = sides->owner,
                                      .domain = sides->domain,
                                      .category = sides->category,
                                      .source = sides->source,
                                      .weight = sides->weight,
                                      .when = sides->when,
                                      .incidents = picture->view.border.incidents[0]
                                                   + picture->view.border.incidents[1],
                                      .first = picture->findings->gathered.first,
                                      .last = picture->findings->gathered.last,
                                      .study = study_of(picture)};
}

static bool look(struct border_picture *picture, size_t number, struct error *error)
{
    struct box ground, over;
    if (!choose_ground(&ground, picture, error))
        return false;
    over = scene_cover(ground, &picture->shapes, picture->finding->cell_m);
    const struct scene_choice choice = {ground, over, picture->finding->owners[0],
                                        picture->finding->owners[1]};
    if (!findings_look(&picture->view, picture->findings, number, over, error))
        return false;
    borrow_both(picture);
    return scene_build_over(&picture->scene, &picture->both, &choice, error);
}

/* ---- what may be shown ---- */

/* The incidents of one side, or of both for TOGETHER. */
static bool measure_support(struct border_picture *picture, int which, struct error *error)
{
    const struct both_sides *sides = &picture->view.incidents;
    const struct study *study = study_of(picture);
    const struct raster *frame = &picture->view.border.surfaces.together;
    const struct density_options options = {.kernel = (enum kernel)study->options->kernel,
                                            .bandwidth_m = study->options->bandwidth_m,
                                            .thread_count = study->options->threads};
    uint32_t *weights;
    if (!array_new_raw(&weights, sides->count, sizeof *weights, error))
        return false;
    for (size_t i = 0; i < sides->count; i++)
        weights[i] = which != TOGETHER && sides->side[i] != which ? 0
                     : sides->weight != NULL                      ? sides->weight[i]
                                                                  : 1;
    const struct weighted_points points = {{sides->grid_x, sides->grid_y, sides->count}, weights};
    bool done =
        raster_new(&picture->support[which], raster_box(frame), frame->cell_m, error)
        && density_support(&picture->support[which], &points, &study->boundaries.grid, &options,
                           error)
        && border_squares_support(&picture->support[which], &picture->squares, which, error);
    array_free(&weights);
    return done;
}

/* ---- clusters and their places ---- */

static bool name_places(struct border_picture *picture, struct error *error)
{
    const struct clusters *together = &picture->view.border.together;
    const struct toponyms toponyms = {picture->scene.named, picture->scene.named_count};
    if (!array_new(&picture->places, together->count, sizeof *picture->places, error))
        return false;
    toponyms_give(picture->places, &toponyms, together->items,
                  together->count < ROWS_MOST ? together->count : ROWS_MOST);
    return true;
}

static bool list_clusters(struct border_picture *picture, int which, struct error *error)
{
    struct listing *list = &picture->lists[which];
    const struct border *border = &picture->view.border;
    list->clusters = which == TOGETHER ? &border->together : &border->alone[which];
    if (!array_new(&list->items, list->clusters->count, sizeof *list->items, error))
        return false;
    for (size_t i = 0; i < list->clusters->count; i++) {
        const struct cluster *cluster = &list->clusters->items[i];
        list->items[i] = (struct map_cluster){
            .outline = &cluster->outline,
            .number = (size_t)cluster->number,
            .name = which == TOGETHER && picture->places[i] != NULL ? picture->places[i] : "",
            .listed = i < ROWS_MOST && !(has_squares(picture) && which == TOGETHER)};
    }
    return true;
}

static void add_count_note(struct text *text, size_t incidents)
{
    text_add(text, _("%s incidents"), wording_figure(incidents).text);
}

static void set_map(struct border_picture *picture, int which)
{
    const struct border *border = &picture->view.border;
    const struct border_cluster *subject = crossing_of(picture, border);
    struct text *title = new_text(picture), *note = new_text(picture);
    struct listing *list = &picture->lists[which];
    bool alone = which != TOGETHER;
    if (alone)
        text_add(title, _("What %s sees"), picture->words.names[which]);
    else
        text_add(title, "%s", _("Together"));
    if (has_squares(picture))
        border_squares_count(note, &picture->squares, which);
    else
        add_count_note(note, alone ? border->incidents[which]
                                   : border->incidents[0] + border->incidents[1]);
    int32_t rank = subject == NULL ? 0 : alone ? subject->rank[which] : subject->number;
    if (rank > 0) {
        list->items[rank - 1].listed = true;
        if (picture->words.place != NULL)
            list->items[rank - 1].name = picture->words.place;
    }
    picture->sheet.maps[which] = (struct small_map){
        .title = said(title),
        .note = said(note),
        .area = alone ? picture->view.owners[which] : SMALLMAP_ALL,
        .density = alone ? &border->surfaces.alone[which] : &border->surfaces.together,
        .support = &picture->support[which],
        .clusters = list->items,
        .cluster_count = list->clusters->count,
        .squares = picture->squares.boxes[which],
        .square_count = picture->squares.counts[which],
        .finding = rank > 0 ? &list->items[rank - 1] : NULL};
}

/* ---- the blocks below the maps ---- */

static bool set_missed(struct border_picture *picture, struct error *error)
{
    struct missed_map *missed = &picture->sheet.missed;
    const struct raster *signed_m = &picture->view.border.surfaces.missed;
    struct raster sizes = {0};
    struct text *detail = new_text(picture);
    text_add(detail, "%s", _("density of the neighbour's incidents, per hectare"));
    missed->head = (struct block_head){_("What each side misses"), said(detail)};
    for (int side = 0; side < SIDES; side++) {
        struct text *text = new_text(picture);
        text_add(text, _("missed by %s"), picture->words.names[side]);
        missed->missed_by[side] = said(text);
        missed->density[side] = &picture->view.border.surfaces.alone[1 - side];
        missed->support[side] = &picture->support[1 - side];
    }
    if (!raster_new(&sizes, raster_box(signed_m), signed_m->cell_m, error))
        return false;
    for (size_t i = 0; i < sizes.columns * sizes.rows; i++)
        sizes.values[i] = fabs(signed_m->values[i]);
    struct raster shown = {0};
    bool done = scene_shown(&shown, &sizes, picture->scene.ground, error)
                && classes_choose(&missed->classes, &shown, 3, error);
    raster_free(&shown);
    raster_free(&sizes);
    return done;
}

/* ---- the sheet ---- */

static void set_texts(struct border_picture *picture)
{
    struct text *title = new_text(picture), *subtitle = new_text(picture);
    struct text *source = new_text(picture), *method = new_text(picture), *rule = new_text(picture);
    struct text *squares = new_text(picture);
    struct text *folio = new_text(picture);
    const char *asked = study_of(picture)->options->title;
    if (asked != NULL)
        text_add(title, "%s", asked);
    else if (has_squares(picture))
        text_add(title, _("What %s and %s see alone, and what both see together"),
                 picture->words.names[0], picture->words.names[1]);
    else
        border_words_title(title, &picture->words);
    sentences_subtitle(subtitle, &picture->telling);
    text_add(subtitle, "%s", _(" · three maps on one scale"));
    sentences_source(source, &picture->telling);
    if (checking_is_coarse(&picture->finding->quality))
        text_add(source, "%s",
                 _(" Note: this border is drawn too coarsely for a strip this narrow."));
    border_words_method(method, &picture->words);
    if (has_squares(picture)) {
        package_words_method(method, picture->telling.packages);
        package_words_key(squares, picture->telling.packages);
    } else {
        border_words_guess(source, &picture->words);
        border_words_rule(rule, &picture->words);
    }
    if (picture->choice.numbered)
        text_add(folio, _("sheet %d of %d"), 1, 1);
    picture->sheet.base.texts = (struct map_texts){
        .title = said(title),
        .subtitle = said(subtitle),
        .legend_head = _("Incidents per hectare"),
        .unit_note = "1 ha = 100 × 100 m",
        .and_more = _("and more"),
        .border = _("municipal border"),
        .withheld = _("too few to show"),
        .squares = said(squares),
        .outside = "",
        .foot = {said(source), said(method), said(rule)},
        .folio = said(folio),
        .percent = _("%"),
        .north = "N",
        .decimal = wording_decimal(),
        .thousands = wording_thousands(),
    };
    picture->sheet.texts = (struct border_texts){
        .no_data = _("no data"),
        .badge = _("place in the list of this map"),
        .badge_short = _("place in the list"),
    };
}

static bool set_blocks(struct border_picture *picture, struct error *error)
{
    const struct border_blocks_input input = {.findings = picture->findings,
                                              .finding = picture->finding,
                                              .view = &picture->view,
                                              .words = &picture->words,
                                              .places = picture->places,
                                              .areas = picture->scene.areas,
                                              .by_squares = has_squares(picture)};
    return border_blocks_set(&picture->sheet, &picture->blocks, &input, error);
}

static bool set_sheet(struct border_picture *picture, struct error *error)
{
    struct map_sheet *base = &picture->sheet.base;
    const struct scene *scene = &picture->scene;
    struct raster shown = {0};
    set_texts(picture);
    base->page = picture->choice.page;
    base->ground = scene->ground;
    base->least_support = study_of(picture)->options->min_count;
    base->smallest_hatched_m2 = 900;
    base->smallest_coloured_m2 = 2500;
    base->areas = scene->areas;
    base->area_count = scene->area_count;
    base->borders = scene->borders;
    base->border_count = scene->border_count;
    base->features = scene->features;
    base->feature_count = scene->feature_count;
    for (int side = 0; side < SIDES; side++)
        picture->sheet.sides[side] = picture->view.owners[side];
    for (int which = 0; which < MAPS; which++)
        set_map(picture, which);
    bool done =
        set_blocks(picture, error) && set_missed(picture, error)
        && scene_shown(&shown, &picture->view.border.surfaces.together, scene->ground, error)
        && scale_choose(&base->classes, &shown, &picture->style, study_of(picture)->options, error);
    raster_free(&shown);
    return done;
}

static void set_telling(struct border_picture *picture)
{
    const struct border_cluster *subject = border_words_subject(&picture->view.border);
    const struct study *study = study_of(picture);
    picture->telling = (struct telling){.gathered = &picture->both,
                                        .clusters = &picture->view.border.together,
                                        .scene = &picture->scene,
                                        .packages = &picture->squares.packages[TOGETHER],
                                        .cell_m = picture->view.cell_m};
    picture->words =
        (struct border_telling){.findings = picture->findings, .finding = picture->finding};
    for (int side = 0; side < SIDES; side++)
        picture->words.names[side] =
            study->boundaries.jurisdictions.items[picture->finding->owners[side]].name;
    if (subject != NULL)
        picture->words.place = picture->places[subject->number - 1];
}

static bool prepare(struct border_picture *picture, size_t number, struct error *error)
{
    if (!border_squares_find(&picture->squares, picture->finding, study_of(picture), error)
        || !look(picture, number, error) || !name_places(picture, error))
        return false;
    set_telling(picture);
    for (int which = 0; which < MAPS; which++)
        if (!measure_support(picture, which, error) || !list_clusters(picture, which, error))
            return false;
    return set_sheet(picture, error);
}

static bool write_file(struct border_picture *picture, const char *path, struct error *error)
{
    const struct map_texts *texts = &picture->sheet.base.texts;
    const struct options *options = study_of(picture)->options;
    struct text *period = new_text(picture), *alternative = new_text(picture);
    struct text *scale = new_text(picture);
    sentences_period(period, &picture->telling);
    scale_tell(scale, &picture->sheet.base.classes, options);
    alternative_border(alternative, &picture->sheet);
    const struct png_note notes[] = {
        {"Title", texts->title},          {"Description", said(alternative)},
        {"Subtitle", texts->subtitle},    {"Period", said(period)},
        {"Parameters", texts->foot[1]},   {"Lead", texts->foot[2]},
        {SCALE_NOTE, said(scale)},        {"Reference system", study_of(picture)->boundaries.crs},
        {"Language", wording_language()}, {"Software", "plein"}};
    const struct border_drawing drawing = {
        &picture->sheet,  &picture->style,     notes, sizeof notes / sizeof *notes,
        options->threads, picture->choice.file};
    struct border_result result = {0};
    bool done = true;
    for (size_t i = 0; done && i < picture->text_count; i++)
        done = text_check(&picture->texts[i], error);
    done = done && bordersheet_write(&result, path, &drawing, error)
           && (!options->alt || alternative_write(alternative, path, error));
    border_result_free(&result);
    return done;
}

static void picture_free(struct border_picture *picture)
{
    for (size_t i = 0; i < TEXTS_MOST; i++)
        text_free(&picture->texts[i]);
    for (int which = 0; which < MAPS; which++) {
        raster_free(&picture->support[which]);
        array_free(&picture->lists[which].items);
    }
    border_blocks_free(&picture->blocks);
    array_free(&picture->places);
    border_squares_free(&picture->squares);
    scene_free(&picture->scene);
    finding_free(&picture->view);
}

static bool draw(struct findings *findings, size_t number, const char *path, struct error *error)
{
    struct border_picture picture = {.findings = findings, .finding = &findings->items[number]};
    const struct options *options = study_of(&picture)->options;
    bool done = pages_choose(&picture.choice, options, path, error)
                && styles_choose_sheet(&picture.style, options, error);
    if (done)
        picture.shapes = bordersheet_shapes(&picture.choice.page, &picture.style);
    done = done && prepare(&picture, number, error) && write_file(&picture, path, error);
    picture_free(&picture);
    return done;
}

bool border_picture_write(struct findings *findings, size_t number, const char *path,
                          struct error *error)
{
    struct stage stage;
    bool done = stage_open(&stage, path, error) && draw(findings, number, stage.path, error);
    return stage_close(&stage, done, error);
}
