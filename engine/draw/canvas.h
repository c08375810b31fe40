/* A sheet to draw on: shapes, pictures and texts, in points from its upper left corner. */
#ifndef PLEIN_DRAW_CANVAS_H
#define PLEIN_DRAW_CANVAS_H

#include "engine/draw/colour.h"
#include "engine/draw/labels.h"

struct canvas;

struct canvas_size {
    int width_px, height_px;
    double scale;         /* pixels to a point: 2 at 144 dpi */
    double width, height; /* points; 0: as many as the pixels are */
};

/* Opens a white sheet. Its texts are set in DejaVu, which is loaded by file, so that the same
 * pixels come out on every machine. ERROR_SETTINGS when the font is not installed, ERROR_USAGE when
 * the sheet is larger than 20,000 pixels on a side or 200 million in all. NULL on failure. */
struct canvas *canvas_open_image(struct canvas_size size, struct error *error);
/* The same as a file of lines, texts and pictures, which canvas_write_vector makes of it. Its
 * pixels are those of the pictures on it. */
enum canvas_file { CANVAS_PDF, CANVAS_SVG };
struct canvas *canvas_open_vector(enum canvas_file file, struct canvas_size size,
                                  struct error *error);
void canvas_close(struct canvas *canvas); /* NULL is fine */

/* What a file says of itself; NULL leaves a text out. */
struct canvas_about {
    const char *title, *description;
    const char *language; /* "nl" */
};
/* Writes a vector sheet whole or not at all; "-" is standard output. Nothing can be drawn on it
 * afterwards. Its time is that of SOURCE_DATE_EPOCH, or none. */
bool canvas_write_vector(struct canvas *canvas, const char *path, const struct canvas_about *about,
                         struct error *error);
bool canvas_is_vector(const struct canvas *canvas);

/* Rows of pixels of an image, as a sheet of their own in the same points: what is drawn on it shows
 * in those rows of the whole, as if it had been drawn there. Strips that share no row can be drawn
 * on by several threads at one time; meanwhile nothing is drawn on the whole. No text can be set on
 * it, nor does a clip of the whole hold. NULL on failure. */
struct canvas_rows {
    int first, end;
};
struct canvas *canvas_open_strip(struct canvas *whole, struct canvas_rows rows,
                                 struct error *error);
/* Closes it (NULL is fine); false with ERROR_INTERNAL as canvas_check says. */
bool canvas_close_strip(struct canvas *strip, struct canvas *whole, struct error *error);

/* False with ERROR_INTERNAL when anything drawn so far had failed, or had a coordinate that is no
 * number (cairo would draw on without a word). */
bool canvas_check(struct canvas *canvas, struct error *error);

/* Texts lie on everything else on an image: they are painted here, on so many threads (0: as many
 * as there are processors), which change no pixel. A file has them where they were drawn. */
bool canvas_lay_texts(struct canvas *canvas, int thread_count, struct error *error);

/* An image's pixels as they stand now, until the next drawing: 32 bits, blue in the lowest byte. */
struct canvas_pixels {
    const uint8_t *bytes;
    size_t stride;
    int width, height;
};
struct canvas_pixels canvas_pixels(struct canvas *canvas);
/* Pixels to a point. */
double canvas_scale(const struct canvas *canvas);

/* A path is built, then filled or stroked (which ends it) or both. */
void canvas_move(struct canvas *canvas, double x, double y);
void canvas_line(struct canvas *canvas, double x, double y);
void canvas_close_path(struct canvas *canvas);
void canvas_rectangle(struct canvas *canvas, struct colour fill, const double box[4]);
void canvas_add_rectangle(struct canvas *canvas, const double box[4]); /* x, y, width, height */
void canvas_add_circle(struct canvas *canvas, double x, double y, double radius);
/* An ellipse that fills the box. */
void canvas_add_oval(struct canvas *canvas, const double box[4]);
/* What lies within an odd number of outlines is filled. */
void canvas_fill(struct canvas *canvas, struct colour colour);
void canvas_fill_keep(struct canvas *canvas, struct colour colour);
/* Fills what lies within any of the outlines, which all turn the same way round. */
void canvas_fill_joined(struct canvas *canvas, struct colour colour);
void canvas_forget_path(struct canvas *canvas);

struct pen {
    struct colour colour;
    double width;
    double dash, gap; /* 0: solid */
    bool flat;        /* ends are cut off flat, not round */
    bool mitred;      /* corners are pointed, not round */
};
void canvas_stroke(struct canvas *canvas, const struct pen *pen);
void canvas_stroke_keep(struct canvas *canvas, const struct pen *pen);
void canvas_straight(struct canvas *canvas, const struct pen *pen, const double ends[4]);

/* Between save and restore: clips and turns come undone. */
void canvas_save(struct canvas *canvas);
void canvas_restore(struct canvas *canvas);
/* Until the next restore the edges of an image's shapes are measured in 4 by 4 places of a pixel, a
 * quarter of the work: for colours that differ little from what they lie on. */
void canvas_coarsen(struct canvas *canvas);
void canvas_clip(struct canvas *canvas);
/* Clips to what of the box lies outside the path. */
void canvas_clip_out(struct canvas *canvas, const double box[4]);
/* A veil over what of the box lies in none of the shapes whose paths are taken out between begin
 * and end; they may overlap. */
struct veil {
    struct colour colour;
    const double *box; /* x, y, width, height */
    int count;         /* of shapes so far, 0 before begin */
};
void canvas_veil_begin(struct canvas *canvas, const struct veil *veil);
void canvas_veil_take(struct canvas *canvas, struct veil *veil);
void canvas_veil_end(struct canvas *canvas, const struct veil *veil);
/* Moves the origin and turns the axes; a positive angle (radians) turns clockwise. */
void canvas_turn(struct canvas *canvas, double x, double y, double angle);

/* Shapes drawn between begin and end in the colour that begin gives are one shape, and lie on what
 * is there in the colour asked for: crossings do not show. */
struct colour canvas_tint_begin(struct canvas *canvas, struct colour colour);
void canvas_tint_end(struct canvas *canvas, struct colour colour);

/* Premultiplied 0xAARRGGBB pixels, top row first. */
struct canvas_picture {
    const uint32_t *pixels;
    int width, height;
};
/* Paints the picture into the box, each of its pixels as it is when the sizes agree. */
void canvas_picture(struct canvas *canvas, const struct canvas_picture *picture,
                    const double box[4]);

/* Between begin and end, drawing goes to a transparent sheet of its own, of which only that is laid
 * over which lies on the picture: as much as the picture is opaque. Tints replace one another on
 * it. */
void canvas_within_begin(struct canvas *canvas);
void canvas_within_end(struct canvas *canvas, const struct canvas_picture *picture,
                       const double box[4]);

enum face { FACE_REGULAR, FACE_BOLD, FACE_ITALIC, FACE_CONDENSED, FACE_CONDENSED_BOLD };
enum { FACES = 5 };
enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* How a text looks. */
struct letters {
    enum face face;
    double size;    /* points */
    double spacing; /* added between letters, points */
    struct colour colour;
    double halo; /* width of the light edge around it; 0: none */
    struct colour halo_colour;
};
/* Where a text stands: the point on its baseline that `align` names. */
struct spot {
    double x, y;
    double angle; /* radians, clockwise */
    enum align align;
    double width_most; /* a wider text is cut short and ends on an ellipsis; 0: any width */
};
void canvas_text(struct canvas *canvas, struct spot spot, const struct letters *letters,
                 const char *text);
/* The width a text will take. */
double canvas_text_width(struct canvas *canvas, const struct letters *letters, const char *text);
/* The height of capitals, and how far letters reach below the baseline, of a size in points. */
double canvas_cap_height(double size);
double canvas_descent(double size);

/* From now on every line of text that is drawn takes its place in `written`, as high as capitals
 * are: how tests see what a sheet says where. NULL: nobody asks. */
void canvas_watch_texts(struct canvas *canvas, struct labels *written);

struct paragraph {
    double x, y;    /* the left end of the first baseline */
    double width;   /* lines are broken at blanks, but for those before units, to stay within it */
    double leading; /* from baseline to baseline */
    int lines_most; /* 0: as many as it takes; a text cut short ends on an ellipsis */
    bool measure;   /* draw nothing */
};
/* Sets a text in lines from the first baseline down; returns how many lines it took. */
int canvas_paragraph(struct canvas *canvas, const struct letters *letters, const char *text,
                     const struct paragraph *paragraph);

#endif
