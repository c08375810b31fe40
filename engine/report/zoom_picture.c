/* Three sheets of a study that come nearer: the jurisdictions, the neighbourhood, the place. */
#include "engine/report/zoom_picture.h"

#include "engine/core/stage.h"
#include "engine/report/picture.h"
#include "engine/report/scene.h"
#include "engine/report/sentences.h"
#include "engine/report/wording.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OVERVIEW, NEIGHBOURHOOD, PLACE, SHEETS };

/* Everything the sheets are made of. Zeroed is empty. */
struct zoom {
    struct study *study;
    struct gathered gathered;
    struct clusters clusters;
    char *paths[SHEETS];
    struct text names[SHEETS], next[SHEETS];
    struct picture_view views[SHEETS];
};

static bool is_allowed(const struct options *options, const char *path, struct error *error)
{
    if (options->small_multiples > 0)
        return error_set(error, ERROR_USAGE,
                         "--zoom and --small-multiples make different sheets; "
                         "take one of them");
    if (options->frame != NULL)
        return error_set(error, ERROR_USAGE,
                         "--zoom chooses what its sheets show; leave --frame out");
    if (options->no_clusters)
        return error_set(error, ERROR_USAGE,
                         "--zoom comes near to a cluster; leave --no-clusters out");
    return strcmp(path, "-") != 0
           || error_set(error, ERROR_USAGE,
                        "--zoom writes three files; name them with -o kaart.png");
}

/* ---- what the sheets show ---- */

/* The largest cluster on a border, else the largest. */
static const struct cluster *foremost(const struct clusters *clusters)
{
    for (size_t i = 0; i < clusters->count; i++)
        if (shares_are_parted(&clusters->items[i].owners))
            return &clusters->items[i];
    return &clusters->items[0];
}

/* A box of at least that width about the cluster's outline, in the shape of a sheet's map. */
static struct box around(const struct cluster *cluster, double width_m, double rim_m)
{
    const double aspect = 606.0 / 412.0;
    struct box box = shape_box(&cluster->outline);
    double x = (box.x_min + box.x_max) / 2, half = width_m / 2;
    box = (struct box){fmin(box.x_min - rim_m, x - half), box.y_min - rim_m,
                       fmax(box.x_max + rim_m, x + half), box.y_max + rim_m};
    return scene_to_aspect(box, aspect);
}

/* The whole jurisdictions that the cluster lies in. */
static struct box jurisdictions_of(const struct zoom *zoom, const struct cluster *cluster)
{
    const double aspect = 606.0 / 412.0, rim = 0.02;
    struct box box = box_empty();
    for (size_t i = 0; i < cluster->owners.count && i < 2; i++) {
        size_t owner = cluster->owners.items[i].value;
        if (i == 0 || shares_are_parted(&cluster->owners))
            box = box_union(box,
                            shape_box(&zoom->study->boundaries.jurisdictions.items[owner].shape));
    }
    double wide = rim * fmax(box.x_max - box.x_min, box.y_max - box.y_min);
    return scene_to_aspect(
        (struct box){box.x_min - wide, box.y_min - wide, box.x_max + wide, box.y_max + wide},
        aspect);
}

static void choose_grounds(struct zoom *zoom, const struct cluster *cluster)
{
    double wide = zoom->study->options->bandwidth_m;
    struct box place = around(cluster, fmax(700, 7 * wide), 0.6 * wide);
    struct box neighbourhood = around(cluster, fmax(2000, 20 * wide), 6 * wide);
    zoom->views[PLACE].ground = place;
    zoom->views[NEIGHBOURHOOD].ground = box_union(neighbourhood, place);
    zoom->views[OVERVIEW].ground =
        box_union(jurisdictions_of(zoom, cluster), zoom->views[NEIGHBOURHOOD].ground);
    for (int i = OVERVIEW; i < PLACE; i++)
        zoom->views[i].next = zoom->views[i + 1].ground;
}

static const char *name_of(int sheet)
{
    switch (sheet) {
    case OVERVIEW:
        return _("overview");
    case NEIGHBOURHOOD:
        return _("the neighbourhood");
    default:
        return _("the place itself");
    }
}

static bool name_sheets(struct zoom *zoom, struct error *error)
{
    bool good = true;
    for (int i = 0; good && i < SHEETS; i++) {
        text_add(&zoom->names[i], _("%s, sheet %d of %d"), name_of(i), i + 1, SHEETS);
        text_add(&zoom->next[i], _("sheet %d"), i + 2);
        good = text_check(&zoom->names[i], error) && text_check(&zoom->next[i], error);
        zoom->views[i].number = i + 1;
        zoom->views[i].of = SHEETS;
        zoom->views[i].name = zoom->names[i].bytes;
        zoom->views[i].next_name = zoom->next[i].bytes;
    }
    return good;
}

/* ---- where they are written ---- */

/* kaart.png gives kaart-1.png. */
static char *numbered(const char *path, int number, struct error *error)
{
    const char *name = text_file_name(path), *dot = strrchr(name, '.');
    size_t stem = dot != NULL && dot != name ? (size_t)(dot - path) : strlen(path);
    struct text text = {0};
    text_add_bytes(&text, path, stem);
    text_add(&text, "-%d%s", number, path + stem);
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

/* The sheets beside the last one, where that is written for now: kaart-3.png is what people open
 * in the end. */
static bool name_files(struct zoom *zoom, const char *last, const char *path, struct error *error)
{
    size_t folder = (size_t)(text_file_name(last) - last);
    bool done = true;
    for (int i = 0; done && i < SHEETS; i++) {
        struct text text = {0};
        char *name = numbered(text_file_name(path), i + 1, error);
        text_add_bytes(&text, last, folder);
        text_add(&text, "%s", name != NULL ? name : "");
        done = name != NULL && text_check(&text, error);
        free(name);
        zoom->paths[i] = text.bytes;
        zoom->views[i].path = zoom->paths[i];
    }
    return done;
}

static bool has_cluster(const struct zoom *zoom, struct error *error)
{
    return zoom->clusters.count > 0
           || error_set(error, ERROR_DATA,
                        "there is no cluster to come near to; try a wider --radius or fewer "
                        "--min-points");
}

static bool draw(struct zoom *zoom, const char *last, const char *path, struct error *error)
{
    const struct picture_views views = {&zoom->gathered, &zoom->clusters, zoom->views, SHEETS,
                                        NEIGHBOURHOOD};
    choose_grounds(zoom, foremost(&zoom->clusters));
    return name_sheets(zoom, error) && name_files(zoom, last, path, error)
           && picture_write_views(zoom->study, &views, error);
}

static bool draw_staged(struct zoom *zoom, const char *path, struct error *error)
{
    struct stage stage;
    char *last = numbered(path, SHEETS, error);
    if (last == NULL)
        return false;
    bool done = stage_open(&stage, last, error) && draw(zoom, stage.path, path, error);
    done = stage_close(&stage, done, error);
    free(last);
    return done;
}

static void zoom_free(struct zoom *zoom)
{
    for (int i = 0; i < SHEETS; i++) {
        free(zoom->paths[i]);
        text_free(&zoom->names[i]);
        text_free(&zoom->next[i]);
    }
    clusters_free(&zoom->clusters);
    gather_free(&zoom->gathered);
}

bool zoom_picture_write(struct study *study, const char *path, struct error *error)
{
    struct zoom zoom = {.study = study};
    bool done = is_allowed(study->options, path, error)
                && picture_gather(&zoom.gathered, &zoom.clusters, study, error)
                && has_cluster(&zoom, error) && draw_staged(&zoom, path, error);
    zoom_free(&zoom);
    return done;
}
