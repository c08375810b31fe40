/* Finds the patches of a picture: pixels of one sort that touch. */
#ifndef PLEIN_DRAW_PATCHES_H
#define PLEIN_DRAW_PATCHES_H

#include "engine/core/base.h"

struct patch_picture {
    const uint8_t *bytes; /* width * height, row by row */
    size_t width, height;
    const uint8_t *sorts; /* of each of 256 bytes; 0: belongs to no patch */
};

/* Pixels begin .. end - 1 of a row, all of one patch. */
struct patch_run {
    uint32_t row, begin, end;
    uint32_t patch;
};

struct patch {
    size_t pixels;
    uint8_t sort;
    bool cut; /* reaches the picture's edge, so that its size is not known */
};

/* Zeroed is empty. */
struct patches {
    struct patch_run *runs; /* row by row, from the left */
    struct patch *patches;
    size_t run_count, run_capacity, patch_count;
};

/* Pixels touch that share a side. Time O(pixels), memory 40 bytes a run. */
bool patches_find(struct patches *patches, const struct patch_picture *picture,
                  struct error *error);
void patches_free(struct patches *patches);

#endif
