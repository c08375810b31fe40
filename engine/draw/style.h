/* How a map looks: colours, sizes and line widths, read from an INI file. */
#ifndef PLEIN_DRAW_STYLE_H
#define PLEIN_DRAW_STYLE_H

#include "engine/draw/classes.h"
#include "engine/draw/ramp.h"

enum { STYLE_SIDES = 4 }; /* first, second, third, and all further jurisdictions */

/* Sizes and widths are points on the style's own page; on another page they grow or shrink with it.
 */
struct style {
    struct {
        double width, height; /* points */
        double dpi, margin, gap;
        double furniture; /* size of badges, keys and rows, 1 on a slide */
    } page;
    struct {
        double title, subtitle, head, block_head, map_title, jurisdiction, jurisdiction_spacing,
            small_jurisdiction, small_jurisdiction_spacing, cluster, small_cluster;
        double row_name, row_count, row_detail, bar, figure, note, street, scale, foot;
    } type;
    struct {
        struct colour paper, ink, muted, land, outside, no_data, no_data_hatch, building, street,
            street_edge, main_street_edge, water, green, square, water_text, green_text,
            street_text;
        struct colour border, casing, outline, outline_unlisted, outer_border, frame, rule;
        struct colour badge, badge_text, badge_other, row, track, measure, hatch, hatch_edge,
            hatch_ground;
    } colour;
    /* Of each side: its bar, the text on the bar, its name, its wash; `edge` is drawn round the bar
     * when it is as light as the paper. */
    struct {
        struct colour bar, bar_text, name, wash;
        bool edge;
    } side[STYLE_SIDES];
    struct {
        double border, border_inset, border_small, border_casing, casing_ground_m, cluster_first,
            cluster, cluster_unlisted, cluster_casing, outer_border, contour, frame, rule,
            rule_strong;
    } line;
    struct {
        bool sheet; /* else the heat alone */
        bool buildings, streets, names;
    } layers;
    struct {
        double building_shade; /* black laid over the heat where a building stands, 0 to 1 */
        double street_light;   /* white laid over the heat where a street runs */
        double square_light;   /* white line over the heat round a square */
        int classes;
        struct ramp ramp, ramp_more, diverging; /* for up to 5 classes, for more, for differences */
    } heat;
};

/* Sets the style that ships as `meeting`, with its ramps. */
void style_default(struct style *style);
/* Starts from style_default and changes what the file says. ERROR_SETTINGS with file and line for a
 * section or key that does not exist (with the nearest one that does) and for a value that is not
 * of its kind or out of its range. Ramps are files beside the style. */
bool style_read(struct style *style, const char *path, struct error *error);

/* One key that a style file may have, for its documentation. */
struct style_key {
    const char *section, *name, *kind, *help;
    double least, most; /* of a number */
};
/* Key number `index`, in the order of the documentation; NULL behind the last. */
const struct style_key *style_key(size_t index);

/* The colours of the classes, or of all the steps of classes_fine when they are smooth. */
void style_heat_colours(struct colour colours[CLASSES_FINE_MOST], const struct classes *classes,
                        const struct style *style);

#endif
