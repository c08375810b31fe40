/* Draws a sheet with one map: title, map, legend, table, source lines. */
#ifndef PLEIN_DRAW_MAP_H
#define PLEIN_DRAW_MAP_H

#include "engine/draw/canvas.h"
#include "engine/draw/labels.h"
#include "engine/draw/png.h"
#include "engine/draw/sheet.h"
#include "engine/draw/style.h"

/* What to draw, and how. */
struct map_drawing {
    const struct map_sheet *sheet;
    const struct style *style;
    const struct png_note *notes; /* texts that travel in the file */
    size_t note_count;
    int thread_count; /* 0: as many as there are processors; changes no pixel and no byte */
    enum map_file file;
    struct canvas *canvas; /* an open one of that file and map_size; NULL: one is opened */
};

/* What came of a drawing: for world files, and for tests. Zeroed is empty; map_result_free when
 * done. */
struct map_result {
    struct box ground;  /* the ground that the frame shows, metres */
    double frame_px[4]; /* the frame: x, y, width, height in pixels of the whole picture */
    double metres_per_pixel;
    int width_px, height_px;
    bool has_withheld;     /* something is hatched */
    struct labels labels;  /* the places taken on the map, points on the page */
    struct labels written; /* the texts in the strip under the map */
};
void map_result_free(struct map_result *result);

struct map_shapes map_shapes(const struct map_page *page, const struct style *style);
/* The picture's size for this sheet and style. */
struct canvas_size map_size(const struct map_sheet *sheet, const struct style *style);
/* Draws the sheet on an open canvas of that size; the result is filled on success only. */
bool map_draw(struct map_result *result, struct canvas *canvas, const struct map_drawing *drawing,
              struct error *error);
/* Draws it into a file of the drawing's kind, with its notes. */
bool map_write(struct map_result *result, const char *path, const struct map_drawing *drawing,
               struct error *error);

#endif
