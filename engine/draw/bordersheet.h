/* Draws the border sheet: what each side sees, what both see together, and what follows from it. */
#ifndef PLEIN_DRAW_BORDERSHEET_H
#define PLEIN_DRAW_BORDERSHEET_H

#include "engine/draw/blindbars.h"
#include "engine/draw/canvas.h"
#include "engine/draw/leadchart.h"
#include "engine/draw/missedmap.h"
#include "engine/draw/png.h"
#include "engine/draw/prioritychart.h"
#include "engine/draw/ranktable.h"
#include "engine/draw/smallmap.h"
#include "engine/draw/style.h"

enum { BORDER_MAPS = 3 };

/* Words that only this sheet has; the others are in base.texts. */
struct border_texts {
    const char *no_data; /* key of the grey hatching, and behind a name on it: "geen gegevens" */
    const char *badge;   /* key of the badges: "plaats in de lijst bij deze kaart" */
    const char *badge_short; /* the same where there is less room: "plaats in de lijst" */
};

/* Everything here belongs to the caller and outlives the drawing. */
struct border_sheet {
    /* What all maps share: page, texts (title, subtitle, legend_head, and_more, border, withheld,
     * outside, foot, percent, decimal, thousands), ground, least_support, smallest patches, the one
     * set of classes, areas, borders and features. Its density, support, clusters and inset_ground
     * are not looked at. */
    struct map_sheet base;
    struct border_texts texts;
    size_t sides[2]; /* first and second side: indexes into base.areas, whose `side` is 0 and 1 */
    struct small_map maps[BORDER_MAPS]; /* first alone, second alone, together */
    struct missed_map missed;
    struct blind_bars blind;
    struct rank_table ranks;
    struct lead_chart lead;
    struct priority_chart priorities;
};

struct border_drawing {
    const struct border_sheet *sheet;
    const struct style *style;
    const struct png_note *notes; /* texts that travel in the file */
    size_t note_count;
    int thread_count; /* 0: as many as there are processors; changes no pixel and no byte */
    enum map_file file;
};

/* What came of a drawing. Zeroed is empty; border_result_free when done. */
struct border_result {
    int width_px, height_px;
    struct box ground;       /* the ground that each map shows, metres */
    double metres_per_pixel; /* of the three maps */
    double frames_px[BORDER_MAPS][4];
    bool has_withheld;                 /* something is hatched */
    struct labels labels[BORDER_MAPS]; /* the places taken on each map, points on the page */
    struct labels written;             /* every text outside the maps, points on the page */
};
void border_result_free(struct border_result *result);

/* Of each of its three maps. */
struct map_shapes bordersheet_shapes(const struct map_page *page, const struct style *style);
/* The picture's size for this sheet and style. */
struct canvas_size bordersheet_size(const struct border_sheet *sheet, const struct style *style);
/* Draws the sheet on an open canvas of that size; the result is filled on success only. */
bool bordersheet_draw(struct border_result *result, struct canvas *canvas,
                      const struct border_drawing *drawing, struct error *error);
/* Draws it into a file of the drawing's kind, with its notes. */
bool bordersheet_write(struct border_result *result, const char *path,
                       const struct border_drawing *drawing, struct error *error);

#endif
