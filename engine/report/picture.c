/* The map of a study for a meeting: what the sheet shows and says. */
#include "engine/report/picture.h"

#include "engine/core/files.h"
#include "engine/core/stage.h"
#include "engine/draw/map.h"
#include "engine/report/alternative.h"
#include "engine/report/beside.h"
#include "engine/report/cluster_rows.h"
#include "engine/report/dots.h"
#include "engine/report/headstart.h"
#include "engine/report/pages.h"
#include "engine/report/scale.h"
#include "engine/report/package_words.h"
#include "engine/report/sentences.h"
#include "engine/report/styles.h"
#include "engine/report/times.h"
#include "engine/report/wording.h"
#include "engine/study/surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = CLUSTER_ROWS_LISTED, TEXTS = 10, NOTES = 5 };

/* Everything a picture is made of; the sheet borrows from all of it. Zeroed is empty. */
struct picture {
    struct study *study;
    const struct picture_view *view; /* NULL: a map alone */
    struct gathered gathered;
    struct clusters clusters;
    struct scene scene;
    struct surface surface;
    struct times times;
    struct telling telling;
    struct raster density, support;
    struct cluster_rows rows;
    const char *table_heads[LISTED + 1];
    size_t listed[LISTED], listed_count; /* clusters with a badge and a row: their indexes */
    struct dots dots;
    struct text texts[TEXTS];
    struct text notes[NOTES];
    struct box *squares; /* of packages */
    size_t square_count;
    struct style style;
    struct map_sheet sheet;
    struct pages_choice choice;
    struct headstart headstart;
};
enum {
    TITLE,
    SUBTITLE,
    ASIDE,
    SOURCE,
    METHOD,
    PRIVACY,
    CLUSTER_KEY,
    SQUARE_KEY,
    FOLIO,
    ALTERNATIVE
};

bool picture_gather(struct gathered *gathered, struct clusters *clusters, struct study *study,
                    struct error *error)
{
    const struct grouping together = {0};
    gathered->columns = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME;
    return gather_run(gathered, study, error)
           && grouping_find(clusters, &together, gathered, error);
}

static bool begin(struct picture *picture, struct error *error)
{
    struct study *study = picture->study;
    struct scene *scene = &picture->scene;
    const struct scene_wish wish = {study, &picture->clusters,
                                    map_shapes(&picture->choice.page, &picture->style)};
    if (!scene_begin(scene, &wish, error))
        return false;
    if (picture->view != NULL)
        scene->ground = picture->view->ground;
    picture->telling.cell_m = surface_cell_m(study, scene->ground);
    scene->cover = scene_cover(scene->ground, &wish.shapes, picture->telling.cell_m);
    return raster_new(&picture->density, scene->cover, picture->telling.cell_m, error)
           && raster_new(&picture->support, scene->cover, picture->telling.cell_m, error);
}

/* Incidents so near the border that their owner is uncertain. */
static bool count_band(struct picture *picture, const struct gathered *part, struct error *error)
{
    const struct owned_points points = {{part->grid_x, part->grid_y, part->count}, part->owner};
    struct telling *telling = &picture->telling;
    double *border_m;
    if (!array_new_raw(&border_m, part->count, sizeof *border_m, error))
        return false;
    assignment_border_m(border_m, picture->study->assignment, &points, telling->band_m);
    for (size_t i = 0; i < part->count; i++)
        if (border_m[i] < telling->band_m)
            telling->in_band += part->weight != NULL ? part->weight[i] : 1;
    array_free(&border_m);
    return true;
}

/* One surface after the other: less is in memory at one time. */
static bool measure(struct picture *picture, struct error *error)
{
    struct surface *surface = &picture->surface;
    const struct gathered *gathered = &picture->gathered;
    return surface_open(surface, &picture->density, picture->study, error)
           && surface_take(surface, gathered, error)
           && surface_finish(&picture->density, surface, gathered, error)
           && surface_open_support(surface, &picture->support, 0, error)
           && surface_take(surface, gathered, error)
           && surface_finish_support(&picture->support, surface, error);
}

/* The ground, and the surfaces over it, of incidents and clusters that are at hand. */
static bool look(struct picture *picture, struct error *error)
{
    struct study *study = picture->study;
    if (!begin(picture, error))
        return false;
    scene_count(&picture->scene, &picture->gathered);
    picture->telling.band_m = study_border_band_m(study);
    return times_take(&picture->times, &picture->gathered, error) && measure(picture, error)
           && count_band(picture, &picture->gathered, error);
}

/* All incidents at hand, for their clusters. */
static bool analyse(struct picture *picture, struct error *error)
{
    return picture_gather(&picture->gathered, &picture->clusters, picture->study, error)
           && look(picture, error);
}

static bool take_part(void *state, const struct gathered *part, struct error *error)
{
    struct picture *picture = state;
    scene_count(&picture->scene, part);
    return count_band(picture, part, error) && times_take(&picture->times, part, error)
           && surface_take(&picture->surface, part, error);
}

static bool take_band(void *state, const struct gathered *part, struct error *error)
{
    return count_band(state, part, error);
}

/* Once more, when a file has widened the band. */
static bool recount_band(struct picture *picture, struct error *error)
{
    const struct gather_parts parts = {.take = take_band, .state = picture};
    struct gathered again = {0};
    if (!study_band_grew(picture->study, picture->telling.band_m))
        return true;
    picture->telling.band_m = study_border_band_m(picture->study);
    picture->telling.in_band = 0;
    bool done = gather_run_in_parts(&again, picture->study, &parts, error);
    gather_free(&again);
    return done;
}

/* Without clusters no incident need stay in memory. */
static bool analyse_in_parts(struct picture *picture, struct error *error)
{
    const struct gather_parts parts = {.take = take_part, .state = picture};
    struct surface *surface = &picture->surface;
    picture->gathered.columns = COLUMN_TIME;
    picture->telling.band_m = study_border_band_m(picture->study);
    return begin(picture, error) && surface_open(surface, &picture->density, picture->study, error)
           && surface_open_support(surface, &picture->support, 0, error)
           && gather_run_in_parts(&picture->gathered, picture->study, &parts, error)
           && surface_finish(&picture->density, surface, &picture->gathered, error)
           && surface_finish_support(&picture->support, surface, error)
           && recount_band(picture, error);
}

static bool take_dots(struct picture *picture, struct error *error)
{
    struct notes *notes = &picture->study->notes;
    return dots_take(&picture->dots, &picture->gathered, error)
           && notes_add(notes, "this map shows single incidents: it is not for handing on")
           && (picture->dots.left_out == 0
               || notes_add(notes,
                            "%zu incidents of organised crime are not shown as dots; --sensitive "
                            "shows them too",
                            picture->dots.left_out));
}

/* All squares of packages on the map, and their counts in those of the incidents. */
static bool list_squares(struct picture *picture, struct error *error)
{
    const struct packages *packages = &picture->study->packages;
    if (!packages_boxes(&picture->squares, &picture->square_count, packages, error))
        return false;
    for (size_t i = 0; i < packages->count; i++) {
        const struct source_package *package = &packages->items[i];
        const struct package_part all = package_selected(package);
        if (package->absence == PACKAGE_PRESENT)
            picture->scene.owner_counts[package->owner] += package_count(package, &all).incidents;
    }
    return true;
}

static bool analyse_as_asked(struct picture *picture, struct error *error)
{
    if (picture->view != NULL)
        return look(picture, error);
    return picture->study->options->no_clusters ? analyse_in_parts(picture, error)
                                                : analyse(picture, error);
}

static bool read_incidents(struct picture *picture, struct error *error)
{
    picture->surface = (struct surface){.study = picture->study, .takes_squares = true};
    return times_begin(&picture->times, picture->study, error) && analyse_as_asked(picture, error)
           && list_squares(picture, error) && scene_build(&picture->scene, picture->study, error)
           && (!picture->study->options->points || take_dots(picture, error));
}

static bool shows(const struct picture *picture, const struct cluster *cluster)
{
    struct box ground = picture->scene.ground;
    return cluster->x > ground.x_min && cluster->x < ground.x_max && cluster->y > ground.y_min
           && cluster->y < ground.y_max;
}

/* The largest clusters; on one sheet of several those that it shows. */
static void choose_listed(struct picture *picture)
{
    for (size_t i = 0; i < picture->clusters.count && picture->listed_count < LISTED; i++)
        if (picture->view == NULL || shows(picture, &picture->clusters.items[i]))
            picture->listed[picture->listed_count++] = i;
}

static void tell(struct picture *picture)
{
    struct telling *telling = &picture->telling;
    telling->gathered = &picture->gathered;
    telling->clusters = &picture->clusters;
    telling->scene = &picture->scene;
    telling->packages = &picture->study->packages;
    choose_listed(picture);
    if (picture->study->options->title != NULL)
        text_add(&picture->texts[TITLE], "%s", picture->study->options->title);
    else
        sentences_title(&picture->texts[TITLE], telling);
    sentences_subtitle(&picture->texts[SUBTITLE], telling);
    if (picture->view != NULL)
        text_add(&picture->texts[SUBTITLE], " · %s", picture->view->name);
    sentences_aside(&picture->texts[ASIDE], telling,
                    picture->view == NULL ? picture->listed_count : 0);
    sentences_source(&picture->texts[SOURCE], telling);
    sentences_method(&picture->texts[METHOD], telling);
    scale_words(&picture->texts[METHOD], picture->study->options);
    sentences_privacy(&picture->texts[PRIVACY], telling);
    package_words_key(&picture->texts[SQUARE_KEY], &picture->study->packages);
    text_add(&picture->texts[CLUSTER_KEY], _("cluster (%d or more incidents)"),
             picture->study->options->min_points);
}

/* The head of a table of so many rows. */
static const char *table_head(const struct picture *picture, size_t rows)
{
    if (picture->view == NULL)
        return sentences_table_head(rows, &picture->telling);
    return rows > 0 ? _("Clusters on this sheet") : "";
}

static void set_texts(struct picture *picture)
{
    struct map_texts *texts = &picture->sheet.texts;
    for (size_t rows = 0; rows <= LISTED; rows++)
        picture->table_heads[rows] = table_head(picture, rows);
    *texts = (struct map_texts){
        .title = picture->texts[TITLE].bytes,
        .subtitle = picture->texts[SUBTITLE].bytes,
        .legend_head = picture->study->options->unit == UNIT_KM2 ? _("Incidents per km²")
                                                                 : _("Incidents per hectare"),
        .unit_note = picture->study->options->unit == UNIT_KM2 ? "" : "1 ha = 100 × 100 m",
        .and_more = _("and more"),
        .border = _("municipal border"),
        .cluster = picture->texts[CLUSTER_KEY].bytes,
        .withheld = _("too few to show"),
        .point = _("incident"),
        .squares = picture->texts[SQUARE_KEY].bytes,
        .outside = "",
        .table_head = table_head(picture, picture->listed_count),
        .table_heads = picture->table_heads,
        .share_head = _("share per municipality"),
        .count_head = _("incidents"),
        .across = _("across the border"),
        .others = _("others"),
        .aside = picture->texts[ASIDE].bytes,
        .foot = {picture->texts[SOURCE].bytes, picture->texts[METHOD].bytes,
                 picture->texts[PRIVACY].bytes},
        .folio = picture->texts[FOLIO].bytes,
        .percent = _("%"),
        .north = "N",
        .decimal = wording_decimal(),
        .thousands = wording_thousands(),
    };
}

/* A text that memory was out for would be drawn without its end. */
static bool check_texts(const struct picture *picture, struct error *error)
{
    bool done = true;
    for (int i = 0; done && i < TEXTS; i++)
        done = text_check(&picture->texts[i], error);
    return done;
}

static bool set_sheet(struct picture *picture, struct error *error)
{
    struct map_sheet *sheet = &picture->sheet;
    const struct scene *scene = &picture->scene;
    struct raster shown = {0};
    if (picture->choice.numbered)
        text_add(&picture->texts[FOLIO], _("sheet %d of %d"),
                 picture->view != NULL ? picture->view->number : 1,
                 picture->view != NULL ? picture->view->of : 1);
    set_texts(picture);
    sheet->ground = scene->ground;
    sheet->density = &picture->density;
    sheet->support = &picture->support;
    sheet->least_support = picture->study->options->min_count;
    sheet->points = (struct map_points){picture->dots.x, picture->dots.y, picture->dots.count};
    sheet->contours = picture->study->options->contours;
    sheet->smallest_hatched_m2 = 900;
    sheet->smallest_coloured_m2 = 2500;
    sheet->areas = scene->areas;
    sheet->area_count = scene->area_count;
    sheet->borders = scene->borders;
    sheet->border_count = scene->border_count;
    sheet->features = scene->features;
    sheet->feature_count = scene->feature_count;
    sheet->squares = picture->squares;
    sheet->square_count = picture->square_count;
    sheet->clusters = picture->rows.items;
    sheet->cluster_count = picture->rows.count;
    if (picture->view != NULL) {
        sheet->next_ground = picture->view->next;
        sheet->next_name = picture->view->next_name;
    }
    sheet->markers = picture->times.markers;
    sheet->marker_count = picture->times.marker_count;
    sheet->times = &picture->times.strip;
    sheet->inset_ground = jurisdictions_box(&picture->study->boundaries.jurisdictions);
    bool done =
        scene_shown(&shown, &picture->density, scene->ground, error)
        && scale_choose(&sheet->classes, &shown, &picture->style, picture->study->options, error);
    raster_free(&shown);
    return done;
}

/* Files beside a PNG tell where it lies. */
static bool has_world(const struct picture *picture, const char *path)
{
    return picture->choice.file == MAP_PNG && output_is_replaced(path);
}

static bool write_beside(struct picture *picture, const struct beside *beside, struct error *error)
{
    const struct options *options = picture->study->options;
    if (has_world(picture, beside->path)) {
        const char *wkt = headstart_wkt(&picture->headstart, error);
        if (wkt == NULL || !beside_write_world(beside, wkt, error))
            return false;
    }
    return (!options->alt || alternative_write(&picture->texts[ALTERNATIVE], beside->path, error))
           && (!options->georeferenced
               || beside_write_geotiff(beside, picture->study->boundaries.crs, error));
}

static bool write_files(struct picture *picture, const char *path, struct error *error)
{
    struct text *notes = picture->notes;
    struct box box = picture->scene.ground;
    struct map_result result = {0};
    sentences_period(&notes[0], &picture->telling);
    text_add(&notes[1], "%.3f,%.3f,%.3f,%.3f", box.x_min, box.y_min, box.x_max, box.y_max);
    scale_tell(&notes[2], &picture->sheet.classes, picture->study->options);
    alternative_map(&picture->texts[ALTERNATIVE], &picture->sheet);
    times_tell_hours(&notes[3], &picture->times);
    times_tell_months(&notes[4], &picture->times);
    const struct png_note list[] = {{"Title", picture->texts[TITLE].bytes},
                                    {"Description", picture->texts[ALTERNATIVE].bytes},
                                    {"Subtitle", picture->texts[SUBTITLE].bytes},
                                    {"Period", notes[0].bytes},
                                    {"Parameters", picture->texts[METHOD].bytes},
                                    {"Extent", notes[1].bytes},
                                    {"Reference system", picture->study->boundaries.crs},
                                    {SCALE_NOTE, notes[2].bytes},
                                    {"Language", wording_language()},
                                    {"Software", "plein"},
                                    {"Hours", notes[3].bytes},
                                    {"Months", notes[4].bytes}};
    struct png_note told[sizeof list / sizeof *list]; /* without those that have nothing to say */
    size_t count = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (map_has(list[i].text))
            told[count++] = list[i];
    const struct map_drawing drawing = {.sheet = &picture->sheet,
                                        .style = &picture->style,
                                        .notes = told,
                                        .note_count = count,
                                        .thread_count = picture->study->options->threads,
                                        .file = picture->choice.file};
    bool done = text_check(&picture->texts[ALTERNATIVE], error);
    for (int i = 0; done && i < NOTES; i++)
        done = text_check(&notes[i], error);
    done = done && headstart_write_map(&result, &picture->headstart, path, &drawing, error)
           && write_beside(picture, &(struct beside){&drawing, &result, path}, error);
    map_result_free(&result);
    return done;
}

static void picture_free(struct picture *picture)
{
    headstart_free(&picture->headstart);
    for (int i = 0; i < TEXTS; i++)
        text_free(&picture->texts[i]);
    for (int i = 0; i < NOTES; i++)
        text_free(&picture->notes[i]);
    array_free(&picture->squares);
    cluster_rows_free(&picture->rows);
    dots_free(&picture->dots);
    times_free(&picture->times);
    surface_close(&picture->surface);
    raster_free(&picture->density);
    raster_free(&picture->support);
    scene_free(&picture->scene);
    if (picture->view != NULL)
        return; /* clusters and incidents are borrowed */
    clusters_free(&picture->clusters);
    gather_free(&picture->gathered);
}

static bool check_overlay(const struct picture *picture, const char *path, struct error *error)
{
    return picture->style.layers.sheet || picture->choice.file == MAP_PNG
           || error_set(error, ERROR_USAGE,
                        "%s: a style without a sheet is heat alone, which is written as .png",
                        path);
}

/* A sheet of several is opened when it is its turn. */
static void begin_early(struct picture *picture, const char *path)
{
    struct headstart *headstart = &picture->headstart;
    bool alone = picture->view == NULL;
    const struct headstart_wish wish = {alone && picture->style.layers.sheet,
                                        alone && picture->choice.file == MAP_PNG
                                            && output_is_replaced(path),
                                        picture->study->options->threads};
    picture->sheet.page = picture->choice.page;
    headstart->file = picture->choice.file;
    headstart->size = map_size(&picture->sheet, &picture->style);
    headstart->crs = picture->study->boundaries.crs;
    headstart_begin(headstart, &wish);
}

/* Everything from the incidents to the sheet. */
static bool prepare(struct picture *picture, const char *path, struct error *error)
{
    const struct options *options = picture->study->options;
    if (!dots_allowed(options, error) || !pages_choose(&picture->choice, options, path, error)
        || !styles_choose(&picture->style, options, error) || !check_overlay(picture, path, error))
        return false;
    begin_early(picture, path);
    if (!read_incidents(picture, error))
        return false;
    tell(picture);
    return times_build(&picture->times, &picture->telling, error)
           && cluster_rows_make(&picture->rows, &picture->telling, picture->listed,
                                picture->listed_count, error)
           && check_texts(picture, error) && set_sheet(picture, error);
}

static bool write_picture(struct study *study, const char *path, struct error *error)
{
    struct picture picture = {.study = study};
    const struct options *options = study->options;
    if ((options->georeferenced || options->alt) && strcmp(path, "-") == 0)
        return error_set(error, ERROR_USAGE,
                         "--%s: standard output has no place beside it; say -o kaart.png",
                         options->alt ? "alt" : "georeferenced");
    bool done = prepare(&picture, path, error) && write_files(&picture, path, error);
    picture_free(&picture);
    return done;
}

bool picture_write(struct study *study, const char *path, struct error *error)
{
    struct stage stage;
    bool done = stage_open(&stage, path, error) && write_picture(study, stage.path, error);
    return stage_close(&stage, done, error);
}

bool picture_write_views(struct study *study, const struct picture_views *views,
                         struct error *error)
{
    struct picture *pictures;
    bool done = true;
    if (!array_new(&pictures, views->count, sizeof *pictures, error))
        return false;
    for (size_t i = 0; done && i < views->count; i++) {
        pictures[i] = (struct picture){.study = study,
                                       .view = &views->items[i],
                                       .gathered = *views->gathered,
                                       .clusters = *views->clusters};
        done = prepare(&pictures[i], views->items[i].path, error);
    }
    for (size_t i = 0; done && i < views->count; i++) {
        pictures[i].sheet.classes = pictures[views->scale_of].sheet.classes;
        done = write_files(&pictures[i], views->items[i].path, error);
    }
    for (size_t i = 0; i < views->count; i++)
        picture_free(&pictures[i]);
    array_free(&pictures);
    return done;
}
