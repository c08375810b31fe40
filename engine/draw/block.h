/* One block on a sheet: where it stands, its head, and texts that are kept count of. */
#ifndef PLEIN_DRAW_BLOCK_H
#define PLEIN_DRAW_BLOCK_H

#include "engine/draw/furniture.h"
#include "engine/draw/labels.h"

/* The words above a block. */
struct block_head {
    const char *head; /* "Blinde vlek" */
    const char *note; /* under it: "deel van de dichtheid dat de gemeente niet ziet" */
};

/* What every block on a sheet of several holds. */
struct block {
    struct kit kit;
    const struct map_texts *texts;   /* how figures are written */
    const struct map_area *sides[2]; /* the two whose names and colours it uses */
    struct labels *written;          /* every text drawn takes its place here; NULL: nobody asks */
    double x, y, width, height;      /* points */
};

/* Draws head and note; the rest of the block is what is left under them. */
struct block block_begin(const struct block *block, const struct block_head *head);

/* Draws a text, condensed and then smaller where it is wider than spot.width_most; returns the
 * width it took. NULL and "" take none. */
double block_text(const struct block *block, struct spot spot, const struct letters *letters,
                  const char *text);
/* Letters in the style's ink, or in another colour. */
struct letters block_ink(const struct block *block, enum face face, double size);
struct letters block_coloured(const struct block *block, enum face face, double size,
                              struct colour colour);
/* The colours of the first (0) or second (1) side. */
struct block_side {
    struct colour bar, bar_text, name, wash;
    bool edge; /* the bar is as light as the paper, and wants an edge */
    const char *name_text;
};
struct block_side block_side(const struct block *block, size_t side);

/* A bar on its track: x, y, and width and height of the track, of which it fills a part. */
struct bar {
    double x, y, width, height;
    size_t side;  /* in whose colour */
    double share; /* 0 to 1; NAN is drawn as 0 */
};
void block_bar(const struct block *block, const struct bar *bar);
/* Whether the name of the bar's side fits in the bar or behind it; with `draw` it is written. */
bool block_bar_name(const struct block *block, const struct bar *bar, bool draw);

void block_rule(const struct block *block, double y, bool strong);
/* The ground of the row that the sheet is about; it reaches out of the block on both sides. */
void block_finding(const struct block *block, double y, double height);

/* Letters for a whole column: of the face and size in which the widest of its texts fits. Add the
 * texts one by one to a zeroed fit; then dress letters in it. */
struct fit {
    double size; /* 0: nothing was added yet */
    bool condensed;
};
struct fit_text {
    struct letters letters;
    double width;
    const char *text;
};
void fit_add(struct fit *fit, const struct block *block, const struct fit_text *text);
struct letters fit_dress(const struct fit *fit, const struct letters *letters);
/* Letters for one text that must be read whole: condensed, and as small as `least` points. */
struct letters fit_whole(const struct block *block, const struct fit_text *text, double least);

/* "53 %": a share (0 to 1) in whole percents; "–" when it is not known. */
void block_percent(char text[FIGURE_TEXT], double share, const struct map_texts *texts);

/* How many rows of at least that height a block has room for, and how high each then is: at most
 * `most`. */
struct rows {
    size_t count;
    double height;
};
struct rows block_rows(const struct block *block, size_t wanted, double least, double most);

#endif
