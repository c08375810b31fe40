/* Draws a sheet of small maps of one ground, one for each value of a key, on one scale. */
#ifndef PLEIN_DRAW_SERIESSHEET_H
#define PLEIN_DRAW_SERIESSHEET_H

#include "engine/draw/canvas.h"
#include "engine/draw/png.h"
#include "engine/draw/smallmap.h"
#include "engine/draw/style.h"

enum { SERIES_MAPS_MOST = 24 };

/* One map: its title ("Maart 2024"), what stands at the right of it, and what it shows. */
struct series_map {
    const char *title;
    const char *note;       /* "1.234 meldingen" */
    const char *note_short; /* "1.234": on all maps, where the other does not fit on one of them */
    const struct raster *density, *support; /* as in map_sheet; NULL: none */
    const char *remark; /* in its lower corner: "geen meldingen"; NULL or "": none */
};

/* Everything here belongs to the caller and outlives the drawing. */
struct series_sheet {
    /* What all maps share: page, texts (title, subtitle, legend_head, unit_note, and_more, border,
     * withheld, foot, percent, decimal, thousands), ground, least_support, smallest patches, the
     * one set of classes, areas, borders and features. Its density, support, clusters and
     * inset_ground are not looked at. */
    struct map_sheet base;
    const struct series_map *maps; /* in reading order */
    size_t count;                  /* 1 to SERIES_MAPS_MOST */
    /* How many make a whole, such as 12 months: rows that are a part or a multiple of it read
     * best. 0: any number does. */
    size_t whole;
};

/* The ground that frames may come to show, whatever the grid: base.ground widened to either side,
 * or up and down, as far as a frame's shape may differ from its own. */
struct box seriessheet_reach(struct box ground);

struct series_drawing {
    const struct series_sheet *sheet;
    const struct style *style;
    const struct png_note *notes; /* texts that travel in the file */
    size_t note_count;
    int thread_count; /* 0: as many as there are processors; changes no pixel and no byte */
    enum map_file file;
};

/* What came of a drawing. Zeroed is empty; series_result_free when done. */
struct series_result {
    int width_px, height_px;
    struct box ground; /* that each map shows, metres */
    size_t columns, rows;
    double frames_px[SERIES_MAPS_MOST][4];
    bool has_withheld; /* something is hatched */
    size_t count;
    struct labels labels[SERIES_MAPS_MOST]; /* the places taken on each map, points on the page */
    struct labels written;                  /* every text outside the maps, points on the page */
};
void series_result_free(struct series_result *result);

/* The picture's size for this sheet and style. */
struct canvas_size seriessheet_size(const struct series_sheet *sheet, const struct style *style);
/* Draws the sheet on an open canvas of that size; the result is filled on success only. */
bool seriessheet_draw(struct series_result *result, struct canvas *canvas,
                      const struct series_drawing *drawing, struct error *error);
/* Draws it into a file of the drawing's kind, with its notes. */
bool seriessheet_write(struct series_result *result, const char *path,
                       const struct series_drawing *drawing, struct error *error);

#endif
