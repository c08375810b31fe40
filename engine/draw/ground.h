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
    struct trace *features; /* of each feature, area, border and outline: as it lies on the page */
    struct trace *areas;
    struct trace *borders; /* joined */
    struct trace *outlines;
    struct labels labels;
};

/* Takes kit, sheet and view as they stand in *ground, traces everything and makes the heat.
 * ground_close frees it, also after a failure. */
bool ground_open(struct ground *ground, struct error *error);
void ground_close(struct ground *ground);

/* The layers, from below. */
bool ground_land(struct ground *ground, struct error *error);
bool ground_features(struct ground *ground, struct error *error);
bool ground_heat(struct ground *ground, struct error *error);
bool ground_features_on_heat(struct ground *ground, struct error *error);
bool ground_withheld(struct ground *ground, struct error *error);
bool ground_outside(struct ground *ground, struct error *error);
bool ground_outer_borders(struct ground *ground, struct error *error);
bool ground_borders(struct ground *ground, struct error *error);
bool ground_outlines(struct ground *ground, struct error *error);
bool ground_scale(struct ground *ground, struct error *error);
bool ground_frame(struct ground *ground, struct error *error);

/* Whether anything of it lies in the frame: what the legend should explain. */
bool ground_shows_outside(const struct ground *ground);

/* The listed cluster that the sheet is about; NULL when there is none. */
const struct map_cluster *ground_finding(const struct map_sheet *sheet);
size_t ground_side(const struct map_area *area);

#endif
