/* The page of a sheet: its size, its title and subtitle, its source lines, and its way to a file.
 */
#ifndef PLEIN_DRAW_PAGE_H
#define PLEIN_DRAW_PAGE_H

#include "engine/draw/furniture.h"
#include "engine/draw/png.h"
#include "engine/draw/sheet.h"

/* Where the words above and below stand, points. */
struct page {
    double width, height, margin;
    double title_size, title_at, subtitle_at; /* baselines */
    int title_lines, subtitle_lines;
    struct letters subtitle;
    double foot_size, foot_step, foot_at; /* first baseline */
    enum face foot_face;
};

/* The picture's size for this sheet and style. */
struct canvas_size page_size(const struct map_sheet *sheet, const struct style *style);
/* An open canvas for a file of that kind; NULL on failure. */
struct canvas *page_open(enum map_file file, struct canvas_size size, struct error *error);
struct kit page_kit(struct canvas *canvas, const struct map_sheet *sheet,
                    const struct style *style);

/* The height that an ordinary sheet on this page leaves between its words above and below, and the
 * least that one with long words leaves, points; before any word is known. */
struct page_room {
    double width, usual, least;
};
struct page_room page_room(const struct map_page *page, const struct style *style);

/* Fits title, subtitle and source lines. ERROR_USAGE when they leave no room for a map. */
bool page_fit(struct page *page, const struct kit *kit, const struct map_sheet *sheet,
              struct error *error);
/* The error for a page without room for its maps; returns false. */
bool page_refuse(const struct page *page, struct error *error);
/* Baseline of the last line above, and where the source lines begin. */
double page_head_end(const struct page *page);
double page_foot_top(const struct page *page, const struct kit *kit);
void page_draw(const struct page *page, const struct kit *kit, const struct map_sheet *sheet);

/* A frame (x, y, width, height) on whole pixels: the heat's pixels are then the picture's. */
void page_snap(double frame[4], double scale);

/* What travels in a file beside the picture. */
struct page_notes {
    const struct png_note *notes;
    size_t count;
    int thread_count; /* that pack the picture; as in map_drawing */
};
/* Writes what stands on the canvas into a file of its kind. The notes called Title, Description and
 * Language are what a PDF or SVG says of itself. */
bool page_save(struct canvas *canvas, const char *path, const struct page_notes *notes,
               struct error *error);

#endif
