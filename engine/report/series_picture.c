/* A sheet of small maps of a study, one for each value of a key. */
#include "engine/report/series_picture.h"

#include "engine/analysis/intervals.h"
#include "engine/core/stage.h"
#include "engine/draw/commonclasses.h"
#include "engine/draw/map.h"
#include "engine/draw/seriessheet.h"
#include "engine/report/alternative.h"
#include "engine/report/pages.h"
#include "engine/report/scale.h"
#include "engine/report/scene.h"
#include "engine/report/sentences.h"
#include "engine/report/series_words.h"
#include "engine/report/styles.h"
#include "engine/report/toponym.h"
#include "engine/report/wording.h"
#include "engine/study/surface.h"

#include <math.h>
#include <string.h>

_Static_assert((int)SERIES_MOST == (int)SERIES_MAPS_MOST, "a sheet holds every value's map");

enum {
    TITLE,
    SUBTITLE,
    SOURCE,
    METHOD,
    PRIVACY,
    PERIOD,
    COUNTS,
    LEFT_OUT,
    SCALE,
    FOLIO,
    ALTERNATIVE,
    TEXTS
};
enum { LISTED = 5 }; /* clusters that the maps must show */

/* Everything the sheet is made of; the sheet borrows from all of it. Zeroed is empty. */
struct series_picture {
    struct study *study;
    struct gathered gathered;
    struct clusters clusters;
    struct series series;
    struct scene scene;
    struct telling telling;
    struct box ground; /* what the maps are about; the scene reaches farther */
    struct raster density[SERIES_MOST], support[SERIES_MOST];
    struct series_map maps[SERIES_MOST];
    struct text titles[SERIES_MOST], notes[SERIES_MOST], short_notes[SERIES_MOST];
    struct text texts[TEXTS];
    struct style style;
    struct pages_choice choice;
    struct series_sheet sheet;
};

static const char *said(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

/* ---- ground and surfaces ---- */

static double larger_side(struct box box)
{
    return fmax(box.x_max - box.x_min, box.y_max - box.y_min);
}

/* The largest cluster, and the next ones as far as a small map can still show a hotspot as wide as
 * the bandwidth. */
static struct box clusters_box(const struct series_picture *picture)
{
    const double most = 32;
    double wide = picture->study->options->bandwidth_m;
    struct box box = box_empty();
    for (size_t i = 0; i < picture->clusters.count && i < LISTED; i++) {
        struct box with = box_union(box, shape_box(&picture->clusters.items[i].outline));
        if (i == 0 || larger_side(with) <= most * wide)
            box = with;
    }
    return box;
}

/* No narrower or broader than a map can well be, and not so small that nothing is around it. */
static struct box rounded(struct box box, double rim)
{
    const double broad = 1.7, narrow = 0.6, least = 10 * rim;
    box = (struct box){box.x_min - rim, box.y_min - rim, box.x_max + rim, box.y_max + rim};
    double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    double x = (box.x_min + box.x_max) / 2, y = (box.y_min + box.y_max) / 2;
    width = fmax(fmax(width, height * narrow), least);
    height = fmax(fmax(height, width / broad), least);
    return (struct box){x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

/* Where the largest clusters are, or the selected jurisdictions where there are none. */
static bool choose_ground(struct series_picture *picture, struct error *error)
{
    const struct options *options = picture->study->options;
    struct box box = clusters_box(picture);
    if (options->frame != NULL)
        return selection_parse_box(&picture->ground, "frame", options->frame, error);
    if (box_is_empty(box))
        return surface_extent(&picture->ground, picture->study, error);
    picture->ground = rounded(box, 1.2 * options->bandwidth_m);
    return true;
}

/* Whether incidents lie beyond the ground. */
static bool reaches_beyond(const struct series_picture *picture)
{
    const struct gathered *gathered = &picture->gathered;
    const struct grid *grid = &picture->study->boundaries.grid;
    struct box ground = picture->ground;
    for (size_t i = 0; i < gathered->count; i++) {
        double x = grid_metres_x(grid, gathered->grid_x[i]);
        double y = grid_metres_y(grid, gathered->grid_y[i]);
        if (x < ground.x_min || x > ground.x_max || y < ground.y_min || y > ground.y_max)
            return true;
    }
    return false;
}

/* The cell of a map alone, coarser where many maps would not fit into memory together: on a small
 * map nobody sees the difference. */
static double choose_cell(struct series_picture *picture)
{
    const double most = 12e6, most_each = 4e6;
    const struct options *options = picture->study->options;
    double usual = options->bandwidth_m / 10, cell = usual;
    double maps = (double)picture->series.count;
    struct box ground = picture->scene.ground;
    if (options->cell_m > 0)
        return options->cell_m;
    while (raster_cells(ground, cell) > fmin(most / maps, most_each))
        cell = ceil(cell * 1.05);
    if (cell > usual)
        notes_add(&picture->study->notes,
                  "the raster's cell is %g m, since %g m would make over %g million cells on %zu "
                  "maps",
                  cell, usual, fmin(most, most_each * maps) / 1e6, picture->series.count);
    return cell;
}

static bool make_surface(struct series_picture *picture, size_t i, struct error *error)
{
    const struct gathered part = series_part(&picture->series, &picture->gathered, i);
    struct box ground = picture->scene.ground;
    double cell = picture->telling.cell_m, rim = 4 * cell;
    struct box over = {ground.x_min - rim, ground.y_min - rim, ground.x_max + rim,
                       ground.y_max + rim};
    return raster_new(&picture->density[i], over, cell, error)
           && raster_new(&picture->support[i], over, cell, error)
           && surface_density(&picture->density[i], picture->study, &part, error)
           && surface_support(&picture->support[i], picture->study, &part, error);
}

static bool make_surfaces(struct series_picture *picture, struct error *error)
{
    bool done = true;
    picture->telling.cell_m = choose_cell(picture);
    for (size_t i = 0; done && i < picture->series.count; i++)
        done = make_surface(picture, i, error);
    return done;
}

static bool is_allowed(const struct study *study, struct error *error)
{
    if (study->options->points)
        return error_set(error, ERROR_USAGE,
                         "--points shows single incidents on a map alone, not with "
                         "--small-multiples");
    if (study->options->georeferenced)
        return error_set(error, ERROR_USAGE,
                         "--georeferenced is for a map alone: small maps lie in many places of "
                         "one picture");
    const struct options *options = study->options;
    if (options_was_given(options, "contours") || options_was_given(options, "with")
        || options_was_given(options, "measures"))
        return error_set(error, ERROR_USAGE,
                         "--contours, --with and --measures are for a map alone, not with "
                         "--small-multiples");
    return study->packages.count == 0
           || error_set(error, ERROR_USAGE,
                        "--small-multiples divides incidents one by one, and a package has "
                        "squares; leave the package out");
}

static bool read_incidents(struct series_picture *picture, struct error *error)
{
    const struct grouping together = {0};
    struct study *study = picture->study;
    enum series_key key = (enum series_key)study->options->small_multiples;
    picture->gathered.columns = series_columns(key) | COLUMN_SOURCE;
    return gather_run(&picture->gathered, study, error)
           && (study->options->no_clusters
               || grouping_find(&picture->clusters, &together, &picture->gathered, error))
           && series_split(&picture->series, &picture->gathered, key, error);
}

static bool build_scene(struct series_picture *picture, struct error *error)
{
    struct scene *scene = &picture->scene;
    const struct scene_wish wish = {picture->study, &picture->clusters,
                                    map_shapes(&picture->choice.page, &picture->style)};
    if (!choose_ground(picture, error) || !scene_begin(scene, &wish, error))
        return false;
    scene->ground = scene->cover = seriessheet_reach(picture->ground);
    scene_count(scene, &picture->gathered);
    return scene_build(scene, picture->study, error);
}

/* ---- the finding ---- */

/* A cell of one of the maps. */
struct summit {
    size_t value;
    double x, y, density;
};

static double centre(double origin, size_t index, double cell_m)
{
    return origin + ((double)index + 0.5) * cell_m;
}

/* The highest density that may be shown within the ground; of equal ones the first map's, then the
 * southernmost, then the westernmost. */
static struct summit find_summit(const struct series_picture *picture)
{
    struct summit summit = {.density = 0};
    struct box ground = picture->ground;
    for (size_t v = 0; v < picture->series.count; v++) {
        const struct raster *density = &picture->density[v], *support = &picture->support[v];
        for (size_t i = 0; i < density->columns * density->rows; i++) {
            double x = centre(density->x_min, i % density->columns, density->cell_m);
            double y = centre(density->y_min, i / density->columns, density->cell_m);
            if (density->values[i] > summit.density
                && support->values[i] >= picture->study->options->min_count && x >= ground.x_min
                && x <= ground.x_max && y >= ground.y_min && y <= ground.y_max)
                summit = (struct summit){v, x, y, density->values[i]};
        }
    }
    return summit;
}

/* Incidents of a value within the bandwidth of the summit. */
static size_t count_near(const struct series_picture *picture, const struct summit *summit,
                         size_t value)
{
    const struct gathered part = series_part(&picture->series, &picture->gathered, value);
    const struct grid *grid = &picture->study->boundaries.grid;
    double reach = picture->study->options->bandwidth_m;
    size_t count = 0;
    for (size_t i = 0; i < part.count; i++) {
        double dx = grid_metres_x(grid, part.grid_x[i]) - summit->x;
        double dy = grid_metres_y(grid, part.grid_y[i]) - summit->y;
        if (dx * dx + dy * dy < reach * reach)
            count += part.weight != NULL ? part.weight[i] : 1;
    }
    return count;
}

/* The jurisdictions that the incidents near the summit lie in: the one with most of them, and a
 * second that has a tenth or more. */
static bool name_jurisdictions(struct series_peak *peak, const struct series_picture *picture,
                               const struct summit *summit, struct error *error)
{
    const struct gathered *gathered = &picture->gathered;
    const struct jurisdictions *jurisdictions = &picture->study->boundaries.jurisdictions;
    const struct grid *grid = &picture->study->boundaries.grid;
    double reach = picture->study->options->bandwidth_m;
    size_t *counts, all = 0, best = 0, next = 0;
    if (!array_new(&counts, jurisdictions->count, sizeof *counts, error))
        return false;
    for (size_t i = 0; i < gathered->count; i++) {
        double dx = grid_metres_x(grid, gathered->grid_x[i]) - summit->x;
        double dy = grid_metres_y(grid, gathered->grid_y[i]) - summit->y;
        size_t weight = gathered->weight != NULL ? gathered->weight[i] : 1;
        if (dx * dx + dy * dy < reach * reach) {
            counts[gathered->owner[i]] += weight;
            all += weight;
        }
    }
    for (size_t i = 1; i < jurisdictions->count; i++)
        best = counts[i] > counts[best] ? i : best;
    next = best == 0 && jurisdictions->count > 1 ? 1 : 0;
    for (size_t i = 0; i < jurisdictions->count; i++)
        next = i != best && counts[i] > counts[next] ? i : next;
    bool across = next != best && counts[next] * 10 >= all && counts[next] > 0;
    size_t first = across && next < best ? next : best, second = first == best ? next : best;
    peak->jurisdictions[0] = jurisdictions->items[first].name;
    peak->jurisdictions[1] = across ? jurisdictions->items[second].name : NULL;
    array_free(&counts);
    return true;
}

/* Clear is what has more within the bandwidth of its summit than the next map has there, by an
 * interval that keeps off an even share. */
static bool find_peak(struct series_peak *peak, const struct series_picture *picture,
                      struct error *error)
{
    const struct toponyms toponyms = {picture->scene.named, picture->scene.named_count};
    struct summit summit = find_summit(picture);
    size_t next = 0;
    *peak = (struct series_peak){.value = summit.value};
    if (!(summit.density > 0))
        return true;
    for (size_t v = 0; v < picture->series.count; v++) {
        size_t count = count_near(picture, &summit, v);
        peak->in_all += count;
        if (v == summit.value)
            peak->here = count;
        else
            next = count > next ? count : next;
    }
    const struct cluster near = {
        .x = summit.x, .y = summit.y, .reach_m = picture->study->options->bandwidth_m};
    peak->is_clear =
        picture->series.count > 1 && interval_share(peak->here, peak->here + next).low > 0.5;
    peak->place = toponym_of(&toponyms, &near);
    return name_jurisdictions(peak, picture, &summit, error);
}

/* ---- the sheet ---- */

static bool tell(struct series_picture *picture, struct error *error)
{
    const struct series_telling words = {&picture->series, &picture->gathered};
    struct text *texts = picture->texts;
    struct series_peak peak;
    picture->telling.gathered = &picture->gathered;
    picture->telling.scene = &picture->scene;
    if (!find_peak(&peak, picture, error))
        return false;
    if (picture->study->options->title != NULL)
        text_add(&texts[TITLE], "%s", picture->study->options->title);
    else
        series_words_title(&texts[TITLE], &words, &peak);
    sentences_subtitle(&texts[SUBTITLE], &picture->telling);
    text_add(&texts[SUBTITLE], "%s", _(" · all maps on one scale"));
    series_words_left_out(&texts[LEFT_OUT], &words);
    sentences_source(&texts[SOURCE], &picture->telling);
    sentences_method(&texts[METHOD], &picture->telling);
    scale_words(&texts[METHOD], picture->study->options);
    series_words_method(&texts[METHOD], &words);
    if (reaches_beyond(picture))
        text_add(&texts[METHOD], "%s", _(" Counts include what lies beyond the maps."));
    if (texts[LEFT_OUT].length > 0) {
        text_add(&texts[METHOD], " %s", texts[LEFT_OUT].bytes);
        notes_add(&picture->study->notes, "%s", texts[LEFT_OUT].bytes);
    }
    sentences_privacy(&texts[PRIVACY], &picture->telling);
    sentences_period(&texts[PERIOD], &picture->telling);
    series_words_counts(&texts[COUNTS], &words);
    return true;
}

/* Whether any cell of the ground reaches the lowest class; it is coloured then, or hatched. */
static bool shows_any(const struct series_picture *picture, size_t value)
{
    const struct raster *density = &picture->density[value];
    struct box ground = picture->ground;
    for (size_t i = 0; i < density->columns * density->rows; i++) {
        double x = centre(density->x_min, i % density->columns, density->cell_m);
        double y = centre(density->y_min, i / density->columns, density->cell_m);
        if (density->values[i] >= picture->sheet.base.classes.limits[0] && x >= ground.x_min
            && x <= ground.x_max && y >= ground.y_min && y <= ground.y_max)
            return true;
    }
    return false;
}

/* Why a map has no colour; an empty map would read as one that failed. */
static const char *remark_on(const struct series_picture *picture, size_t value)
{
    if (picture->series.items[value].is_hidden)
        return _("not shown on its own");
    if (picture->series.items[value].incidents == 0)
        return _("no incidents");
    return shows_any(picture, value) ? "" : _("too few to show");
}

static void set_map(struct series_picture *picture, size_t i)
{
    const struct series_telling words = {&picture->series, &picture->gathered};
    const struct series_value *value = &picture->series.items[i];
    const struct wording_figure count = wording_figure(value->incidents);
    series_words_value(&picture->titles[i], &words, i);
    text_add(&picture->notes[i], _("%s incidents"), count.text);
    text_add(&picture->short_notes[i], "%s", count.text);
    picture->maps[i] = (struct series_map){
        .title = said(&picture->titles[i]),
        .note = said(&picture->notes[i]),
        .note_short = said(&picture->short_notes[i]),
        .density = &picture->density[i],
        .support = &picture->support[i],
        .remark = remark_on(picture, i),
    };
}

static void set_texts(struct series_picture *picture)
{
    const struct text *texts = picture->texts;
    picture->sheet.base.texts = (struct map_texts){
        .title = said(&texts[TITLE]),
        .subtitle = said(&texts[SUBTITLE]),
        .legend_head = _("Incidents per hectare"),
        .unit_note = "1 ha = 100 × 100 m",
        .and_more = _("and more"),
        .border = _("municipal border"),
        .withheld = _("too few to show"),
        .outside = "",
        .foot = {said(&texts[SOURCE]), said(&texts[METHOD]), said(&texts[PRIVACY])},
        .folio = said(&texts[FOLIO]),
        .percent = _("%"),
        .north = "N",
        .decimal = wording_decimal(),
        .thousands = wording_thousands(),
    };
}

/* How many maps make a year, a week, a day. */
static size_t whole_of(enum series_key key)
{
    switch (key) {
    case SERIES_NONE:
    case SERIES_DOMAIN:
    case SERIES_CATEGORY:
    case SERIES_SOURCE:
    case SERIES_YEAR:
        break;
    case SERIES_QUARTER:
        return 4;
    case SERIES_MONTH:
        return 12;
    case SERIES_WEEKDAY:
        return 0; /* seven in a row are too narrow for most pages */
    case SERIES_DAYPART:
        return 4;
    }
    return 0;
}

/* One scale for all maps, of what lies on their ground. */
static bool choose_classes(struct series_picture *picture, struct error *error)
{
    const struct class_rasters rasters = {picture->density, picture->series.count, picture->ground};
    const struct options *options = picture->study->options;
    struct raster joined = {0};
    bool done =
        styles_choose_sheet(&picture->style, options, error)
        && commonclasses_join(&joined, &rasters, error)
        && scale_choose(&picture->sheet.base.classes, &joined, &picture->style, options, error);
    raster_free(&joined);
    return done;
}

static bool set_sheet(struct series_picture *picture, struct error *error)
{
    struct map_sheet *base = &picture->sheet.base;
    const struct scene *scene = &picture->scene;
    if (picture->choice.numbered)
        text_add(&picture->texts[FOLIO], _("sheet %d of %d"), 1, 1);
    set_texts(picture);
    base->page = picture->choice.page;
    base->ground = picture->ground;
    base->least_support = picture->study->options->min_count;
    base->smallest_hatched_m2 = 900;
    base->smallest_coloured_m2 = 2500;
    base->areas = scene->areas;
    base->area_count = scene->area_count;
    base->borders = scene->borders;
    base->border_count = scene->border_count;
    base->features = scene->features;
    base->feature_count = scene->feature_count;
    picture->sheet.maps = picture->maps;
    picture->sheet.count = picture->series.count;
    picture->sheet.whole = whole_of(picture->series.key);
    base->contours = picture->study->options->contours;
    if (!choose_classes(picture, error))
        return false;
    for (size_t i = 0; i < picture->series.count; i++)
        set_map(picture, i);
    return true;
}

static bool check_texts(const struct series_picture *picture, struct error *error)
{
    bool good = true;
    for (int i = 0; good && i < TEXTS; i++)
        good = text_check(&picture->texts[i], error);
    for (size_t i = 0; good && i < picture->series.count; i++)
        good = text_check(&picture->titles[i], error) && text_check(&picture->notes[i], error)
               && text_check(&picture->short_notes[i], error);
    return good;
}

static bool write_file(struct series_picture *picture, const char *path, struct error *error)
{
    struct text *texts = picture->texts, *alternative = &texts[ALTERNATIVE];
    const struct options *options = picture->study->options;
    scale_tell(&texts[SCALE], &picture->sheet.base.classes, options);
    text_add(alternative, "%s. %s. %s.", said(&texts[TITLE]), said(&texts[SUBTITLE]),
             said(&texts[COUNTS]));
    const struct png_note notes[] = {{"Title", said(&texts[TITLE])},
                                     {"Description", said(alternative)},
                                     {"Subtitle", said(&texts[SUBTITLE])},
                                     {"Maps", said(&texts[COUNTS])},
                                     {"Left out", said(&texts[LEFT_OUT])},
                                     {"Period", said(&texts[PERIOD])},
                                     {"Parameters", said(&texts[METHOD])},
                                     {SCALE_NOTE, said(&texts[SCALE])},
                                     {"Reference system", picture->study->boundaries.crs},
                                     {"Language", wording_language()},
                                     {"Software", "plein"}};
    const struct series_drawing drawing = {
        &picture->sheet,  &picture->style,     notes, sizeof notes / sizeof *notes,
        options->threads, picture->choice.file};
    struct series_result result = {0};
    bool done = check_texts(picture, error) && seriessheet_write(&result, path, &drawing, error)
                && (!options->alt || alternative_write(alternative, path, error));
    series_result_free(&result);
    return done;
}

static void picture_free(struct series_picture *picture)
{
    for (size_t i = 0; i < SERIES_MOST; i++) {
        text_free(&picture->titles[i]);
        text_free(&picture->notes[i]);
        text_free(&picture->short_notes[i]);
        raster_free(&picture->density[i]);
        raster_free(&picture->support[i]);
    }
    for (int i = 0; i < TEXTS; i++)
        text_free(&picture->texts[i]);
    scene_free(&picture->scene);
    series_free(&picture->series);
    clusters_free(&picture->clusters);
    gather_free(&picture->gathered);
}

static bool draw(struct study *study, const char *path, struct error *error)
{
    struct series_picture picture = {.study = study};
    bool done = is_allowed(study, error)
                && pages_choose(&picture.choice, study->options, path, error)
                && styles_choose_sheet(&picture.style, study->options, error)
                && read_incidents(&picture, error) && build_scene(&picture, error)
                && make_surfaces(&picture, error) && tell(&picture, error)
                && set_sheet(&picture, error) && write_file(&picture, path, error);
    picture_free(&picture);
    return done;
}

bool series_picture_write(struct study *study, const char *path, struct error *error)
{
    struct stage stage;
    bool done = stage_open(&stage, path, error) && draw(study, stage.path, error);
    return stage_close(&stage, done, error);
}
