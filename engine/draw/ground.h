/* The map itself: what lies in the frame, layer by layer. */
#ifndef PLEIN_DRAW_GROUND_H
#define PLEIN_DRAW_GROUND_H

#include "engine/draw/furniture.h"
#include "engine/draw/heat.h"
#include "engine/draw/labels.h"
#include "engine/draw/sheet.h"
#include "engine/draw/view.h"

/* A map being drawn. Layers are drawn one after the other and read what is here. */
struct ground {
    struct kit kit;
    const struct map_sheet *sheet;
    struct view view;
    struct heat heat;
    uint32_t *hatch;        /* a picture as large as the heat; NULL: nothing is withheld */
    struct trace *features; /* of each feature, area, border and outline: as it lies on the page */
    struct trace *areas;
    struct trace *borders; /* joined */
    struct trace *outlines;
    struct trace *contours; /* at each limit of the classes, joined; NULL: none are asked for */
    struct labels labels;
    bool scale_left; /* the scale bar stands in the left corner, since the right one is taken */
    const struct map_cluster *finding; /* the one the map is about; NULL: none */
    bool small;                        /* one of several on the sheet: lines and letters are less */
    /* The only area whose data the map has: outlines end at its border, and names stand on its
     * ground. NULL: the map shows all. */
    const struct map_area *own;
    double top, bottom; /* of the rows that are being drawn, points; equal: all are */
    bool on_heat;       /* what is being drawn shows on coloured ground alone */
};

/* Takes kit, sheet and view as they stand in *ground, traces everything and makes the heat.
 * ground_close frees it, also after a failure. */
bool ground_open(struct ground *ground, struct error *error);
/* Makes the hatch of ground->heat where something is withheld; ground_open does so for its own. */
bool ground_hatch(struct ground *ground, struct error *error);
void ground_close(struct ground *ground);

/* One layer of a map. */
typedef bool ground_layer(struct ground *ground, struct error *error);

/* The layers, from below. Those up to the outlines change nothing in *ground, set no text and draw
 * within the frame, so that they can be drawn in strips. */
bool ground_land(struct ground *ground, struct error *error);
bool ground_heat(struct ground *ground, struct error *error);
bool ground_withheld(struct ground *ground, struct error *error);
bool ground_contours(struct ground *ground, struct error *error);
bool ground_outside(struct ground *ground, struct error *error);
bool ground_outer_borders(struct ground *ground, struct error *error);
bool ground_no_data(struct ground *ground, struct error *error); /* but the own area's ground */
bool ground_borders(struct ground *ground, struct error *error);
bool ground_border_lines(struct ground *ground, struct error *error); /* without light edges */
bool ground_scale(struct ground *ground, struct error *error);
bool ground_frame(struct ground *ground, struct error *error);

/* Whether anything of it lies in the frame: what the legend should explain. */
bool ground_shows_outside(const struct ground *ground);

/* Between the two, only what lies in the frame is drawn. */
void ground_frame_begin(struct ground *ground);
void ground_frame_end(struct ground *ground);
/* Between the two, only what lies on the own area's ground is drawn; without one, on all. */
void ground_own_begin(struct ground *ground);
void ground_own_end(struct ground *ground);
/* Whether a place on the page lies on ground whose data the map has. */
bool ground_has_data(const struct ground *ground, double x, double y);
/* Pixels as large as the heat, and the box in which they lie on the page. */
struct canvas_picture ground_picture(double box[4], const struct ground *ground,
                                     const uint32_t *pixels);
double ground_border_width(const struct ground *ground);  /* points */
double ground_border_casing(const struct ground *ground); /* the width of its light edge */
/* Whether a shape with lines so wide can leave paint on the rows that are being drawn. */
bool ground_is_near(const struct ground *ground, const struct trace *trace, double width);

/* The listed cluster that the sheet is about; NULL when there is none. */
const struct map_cluster *ground_finding(const struct map_sheet *sheet);
size_t ground_side(const struct map_area *area);

#endif
