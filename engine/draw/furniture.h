/* The small fixed things on a sheet: badge, scale bar, north arrow, legend, share bar. */
#ifndef PLEIN_DRAW_FURNITURE_H
#define PLEIN_DRAW_FURNITURE_H

#include "engine/draw/canvas.h"
#include "engine/draw/sheet.h"
#include "engine/draw/style.h"

/* What everybody who draws on a sheet holds. */
struct kit {
    struct canvas *canvas;
    const struct style *style;
    double k;         /* by which the style's type and lines grow or shrink on this page */
    double unit;      /* what a point of the fixed things (badges, keys, rows) is on this page */
    int thread_count; /* that draw; 0: as many as there are processors; changes no pixel */
};

/* The size of type on this page, never under `least`. */
double kit_size(const struct kit *kit, double size, double least);
struct letters kit_letters(enum face face, double size, struct colour colour);
/* Draws a text within spot.width_most: condensed when it is too wide, then smaller, by a fifth at
 * most, and only then cut short. */
void kit_text(const struct kit *kit, struct spot spot, const struct letters *letters,
              const char *text);
/* The letters in which it would be drawn within that width. */
struct letters kit_fit(const struct kit *kit, double width, const struct letters *letters,
                       const char *text);
/* Of the grid of squares, on the map and in its key. */
struct pen kit_grid_pen(const struct kit *kit);
/* A figure as people read it: "1.234", "0,5". */
enum { FIGURE_TEXT = 64 };
void kit_figure(char text[FIGURE_TEXT], double value, const struct map_texts *texts);

void furniture_badge(const struct kit *kit, struct spot centre, double radius, size_t number);
/* The same in another colour. */
struct disc {
    double radius;
    struct colour colour;
    size_t number;
};
void furniture_disc(const struct kit *kit, struct spot centre, const struct disc *disc);

/* The length in metres that a scale bar shows: 1, 2 or 5 times a power of ten, and 12 to 25 % of
 * the width of ground where that can be. */
double furniture_scale_length(double ground_width_m);
/* Scale bar and north arrow in a lower corner of a frame; returns the box they fill. */
struct corner {
    struct box frame; /* points */
    double points_per_metre;
    const struct map_texts *texts;
    bool measure; /* only say what would be taken */
    bool left;    /* the lower left corner; else the lower right */
};
struct box furniture_scale(const struct kit *kit, const struct corner *corner);
/* The bar alone, its upper left corner at x, y: of the same length. */
void furniture_scale_bar(const struct kit *kit, const struct corner *corner, double x, double y);

/* A row of equal boxes with figures on the limits. */
struct legend_bar {
    double x, y, width, height; /* of the boxes, points */
    const struct classes *classes;
    const struct map_texts *texts;
};
void furniture_legend_bar(const struct kit *kit, const struct legend_bar *bar);
enum key_kind {
    KEY_BORDER,
    KEY_CLUSTER,
    KEY_WITHHELD,
    KEY_OUTSIDE,
    KEY_NO_DATA,
    KEY_BADGE,
    KEY_POINT,
    KEY_SQUARES
};
/* One key with its word, from x on, around the baseline y. */
void furniture_key(const struct kit *kit, struct spot spot, enum key_kind kind, const char *word);
double furniture_key_width(const struct kit *kit, enum key_kind kind, const char *word);

/* Whole percents that add up to 100 when the shares add up to 1. */
void furniture_percents(int *percents, const struct map_share *shares, size_t count);
struct share_bar {
    double x, y, width, height; /* points */
    const struct map_cluster *cluster;
    const struct map_area *areas;
    const struct map_texts *texts;
    bool named; /* names stand in the bar beside the figures */
};
void furniture_share_bar(const struct kit *kit, const struct share_bar *bar);

#endif
