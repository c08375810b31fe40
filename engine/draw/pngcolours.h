/* Turns a picture of few colours into indexes and a palette. */
#ifndef PLEIN_DRAW_PNGCOLOURS_H
#define PLEIN_DRAW_PNGCOLOURS_H

#include "engine/draw/pngpack.h"

enum { PNG_COLOURS_MOST = 256 };

/* Colours in the order in which they first stand, opaque. Zeroed is empty. */
struct png_colours {
    uint8_t *indexes; /* width * height; NULL: there are more colours than a palette holds */
    uint32_t palette[PNG_COLOURS_MOST];
    size_t count;
};

/* Rows of PNGPACK_COLOURS. Stops at the first colour too many, which in a sheet with shading comes
 * soon. */
bool png_colours_find(struct png_colours *colours, const struct pngpack_rows *rows,
                      struct error *error);
void png_colours_free(struct png_colours *colours);

#endif
