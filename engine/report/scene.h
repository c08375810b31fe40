/* The ground of a map and what lies on it: frame, areas, borders, base layers. */
#ifndef PLEIN_REPORT_SCENE_H
#define PLEIN_REPORT_SCENE_H

#include "engine/draw/sheet.h"
#include "engine/study/grouping.h"

/* Owns what the sheet borrows. Zeroed is empty. */
struct scene {
    struct box ground; /* to be shown */
    struct box cover;  /* what a frame of another shape may show around it */
    struct map_area *areas;
    size_t *owner_counts; /* incidents per jurisdiction */
    size_t area_count;
    /* The two jurisdictions between which the border parts the largest cluster, else those with
     * most incidents; in the order of their codes. */
    size_t first, second;
    const struct cluster *largest; /* the clusters'; NULL: there is none */
    struct shape *lines;
    struct map_border *borders;
    size_t border_count, border_capacity;
    struct jurisdictions *layers;
    size_t layer_count;
    struct map_feature *features;
    size_t feature_count, feature_capacity;
    struct map_feature *named; /* all that have a name, also beyond the ground */
    size_t named_count, named_capacity;
};

/* The ground where the largest clusters and the densest squares of packages are, or that of the
 * selected jurisdictions where there are none (or --frame), in the usual shape. */
struct scene_wish {
    const struct study *study;
    const struct clusters *clusters;
    struct map_shapes shapes;
};
bool scene_begin(struct scene *scene, const struct scene_wish *wish, struct error *error);
/* The box of a raster over the ground and a rim of so many cells, and further by whole cells so
 * that it covers all that a frame of those shapes can show: its cells stay where they are. */
struct box scene_cover(struct box ground, const struct map_shapes *shapes, double cell_m);
/* The cells of such a raster on the ground that is to be shown and the rim around it: limits are
 * chosen by these. The caller frees it. */
bool scene_shown(struct raster *shown, const struct raster *raster, struct box ground,
                 struct error *error);
/* Adds to the incidents per jurisdiction. */
void scene_count(struct scene *scene, const struct gathered *gathered);
/* The two jurisdictions that it is about, and all that lies on the ground. */
bool scene_build(struct scene *scene, struct study *study, struct error *error);
/* The given ground, and the two jurisdictions in the order asked. */
struct scene_choice {
    struct box ground, cover;
    size_t first, second; /* indexes of jurisdictions */
};
bool scene_build_over(struct scene *scene, const struct gathered *gathered,
                      const struct scene_choice *choice, struct error *error);
/* A box grown about its centre to so many times as wide as it is high. */
struct box scene_to_aspect(struct box box, double aspect);
void scene_free(struct scene *scene);

#endif
