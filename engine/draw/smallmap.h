/* One map among several that show the same ground on one scale. */
#ifndef PLEIN_DRAW_SMALLMAP_H
#define PLEIN_DRAW_SMALLMAP_H

#include "engine/draw/furniture.h"
#include "engine/draw/labels.h"
#include "engine/draw/sheet.h"
#include "engine/draw/view.h"

#include <stdint.h>

/* Instead of an area: the map shows the ground of all. */
#define SMALLMAP_ALL SIZE_MAX

/* Where the jurisdictions are named: on the map, there but out of the way of the heat, or not,
 * since another map of the sheet does so. */
enum small_names { SMALL_NAMES, SMALL_NAMES_ASIDE, SMALL_NAMES_NONE };

/* What is this map's own; ground, areas, borders, features and classes are those of the sheet. */
struct small_map {
    const char *title; /* "Wat Heemskerk ziet" */
    const char *note;  /* at the right of the title: "492 meldingen" */
    /* Index into the areas: the map shows what that one has, the ground of the others is "no
     * data", and outlines are cut open along the border. SMALLMAP_ALL: everything. */
    size_t area;
    const struct raster *density; /* NULL: none. NaN is no data */
    const struct raster *support; /* as in map_sheet */
    /* By number, which is the rank in this map's own list; only outline, number, name and `listed`
     * (has a badge) are used. */
    const struct map_cluster *clusters;
    size_t cluster_count;
    const struct map_cluster *finding; /* one of the clusters: bold and named; NULL: none */
    const struct box *squares;         /* as in map_sheet */
    size_t square_count;
    const char *remark; /* in its lower corner: "grens te grof"; NULL: none */
    enum small_names names;
};

/* What the maps of a row share, and where one of them stands. */
struct small_maps {
    struct kit kit;
    const struct map_sheet *base;
    const char *no_data; /* behind a name on ground without data: "geen gegevens" */
    double frame[4];     /* x, y, width, height, points */
};

/* What came of one. Zeroed is empty; labels_free its labels. */
struct small_map_result {
    struct view view;
    struct labels labels; /* the places taken in the frame */
    bool has_withheld, shows_no_data, shows_outside;
};

/* Draws the map into maps->frame, without its title. */
bool smallmap_draw(struct small_map_result *result, const struct small_map *map,
                   const struct small_maps *maps, struct error *error);

#endif
