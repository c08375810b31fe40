/* What a canvas holds. Only files called canvas* include this, behind canvas.h. */
#ifndef PLEIN_DRAW_CANVAS_STATE_H
#define PLEIN_DRAW_CANVAS_STATE_H

#include "engine/draw/canvas_library.h"

enum canvas_kind { KIND_IMAGE, KIND_PDF, KIND_SVG };

/* A file that is being written, in memory. */
struct canvas_bytes {
    char *bytes;
    size_t size, capacity;
};

/* The text that stands in the layout on one line of any width: most are measured, then drawn. An
 * empty one is never laid out. */
struct laid_out {
    enum face face;
    double size, spacing;
    char text[120];
};

struct canvas {
    enum canvas_kind kind;
    struct canvas_bytes file; /* of a vector sheet */
    cairo_surface_t *surface;
    cairo_t *cairo;
    FcConfig *fonts;
    PangoFontMap *font_map;
    PangoLayout *layout;
    PangoFontDescription *faces[FACES];
    struct laid_out laid_out;
    struct canvas_size size;
    double x, y, length;          /* of the path: where it is, and how long it has become */
    struct lettering *letterings; /* lines of text that are to be painted on an image */
    size_t lettering_count, lettering_capacity;
    struct labels *written; /* where texts are told; NULL: nowhere */
    bool broken;            /* a coordinate was no number */
    bool unlettered;        /* a font could not be read when a text came to be set in it */
};

/* The fonts and what texts are laid out with; canvas_text_close is fine after a failure. */
bool canvas_text_open(struct canvas *canvas, struct error *error);
void canvas_text_close(struct canvas *canvas);
/* Whether both are numbers that cairo can draw with; else the canvas is broken from then on. */
bool canvas_usable(struct canvas *canvas, double x, double y);
void canvas_take_colour(struct canvas *canvas, struct colour colour);
/* Takes the path as a line of text that canvas_lay_texts paints; changes the matrix. False when
 * there is no memory for it. */
bool canvas_collect_line(struct canvas *canvas, const struct letters *letters);
void canvas_forget_lines(struct canvas *canvas);

#endif
