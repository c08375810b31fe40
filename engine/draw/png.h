/* PNG files: written from rows of pixels, and read back to be compared. */
#ifndef PLEIN_DRAW_PNG_H
#define PLEIN_DRAW_PNG_H

#include "engine/core/base.h"

/* Rows of pixels that somebody else owns: 32 bits each, blue in the lowest byte, then green and
 * red; the highest byte is not looked at, unless it is the alpha of premultiplied colours. */
struct png_pixels {
    const uint8_t *bytes;
    size_t stride; /* bytes from one row to the next */
    uint32_t width, height;
    bool has_alpha;
};

/* One byte a pixel, an index into a palette of 0xAARRGGBB (not premultiplied). It packs best when
 * the palette is a ramp, so that neighbouring pixels have near indexes. */
struct png_indexed {
    const uint8_t *indexes; /* width * height */
    uint32_t width, height;
    const uint32_t *palette;
    size_t palette_count; /* 1 to 256 */
};

/* A text that travels in the file (an iTXt chunk). */
struct png_note {
    const char *key;  /* 1 to 79 Latin letters, digits and single blanks */
    const char *text; /* UTF-8 */
};

struct png_options {
    double dpi; /* 0: not said */
    const struct png_note *notes;
    size_t note_count;
    int thread_count; /* 0: as many as there are processors; changes no byte */
};

/* Writes the file whole or not at all; "-" is standard output. No time is put in. A picture of at
 * most 256 colours becomes an indexed one. */
bool png_write(const char *path, const struct png_pixels *pixels, const struct png_options *options,
               struct error *error);
bool png_write_indexed(const char *path, const struct png_indexed *image,
                       const struct png_options *options, struct error *error);

/* A decoded picture. A zeroed struct is empty. */
struct png_picture {
    uint8_t *rgba; /* width * height * 4, not premultiplied */
    uint32_t width, height;
    double dpi;   /* 0: not said */
    char **texts; /* "key\ntext", text_count of them */
    size_t text_count;
};
/* Reads a picture of at most 100 million pixels; ERROR_DATA for what is no PNG or is larger. */
bool png_read(struct png_picture *picture, const char *path, struct error *error);
void png_picture_free(struct png_picture *picture);

#endif
