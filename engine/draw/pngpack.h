/* Packs the rows of a picture into the data of a PNG file, in bands on several threads. */
#ifndef PLEIN_DRAW_PNGPACK_H
#define PLEIN_DRAW_PNGPACK_H

#include "engine/core/base.h"

/* What a row's bytes are, and so what packs them best (measured, see pngpack.c). */
enum pngpack_kind {
    PNGPACK_COLOURS, /* 32 bits a pixel, of which three bytes are kept: red, green, blue */
    PNGPACK_VEIL,    /* 32 bits a pixel, premultiplied: they become red, green, blue, alpha */
    PNGPACK_INDEXES, /* a byte a pixel, in no order: sheets of few colours */
    PNGPACK_RAMP,    /* a byte a pixel, along a ramp: neighbours differ by little */
};

struct pngpack_rows {
    const uint8_t *bytes;
    size_t stride; /* bytes from one row to the next */
    uint32_t width, height;
    enum pngpack_kind kind;
    int thread_count; /* 0: as many as there are processors; changes no byte */
};

struct pngpack;

/* The rows stay the caller's and must outlive the packer. Memory: some five megabytes, more only
 * where a single row takes more than a quarter of one. */
struct pngpack *pngpack_open(const struct pngpack_rows *rows, struct error *error);
void pngpack_close(struct pngpack *pack); /* NULL is fine */

/* A piece of one zlib stream; valid until the next call. */
struct pngpack_piece {
    const uint8_t *bytes;
    size_t length;
};
/* Writes the next piece; a length of 0 says that there are no more. */
bool pngpack_next(struct pngpack_piece *piece, struct pngpack *pack, struct error *error);

#endif
