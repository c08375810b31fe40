/* Compares a drawn picture with the one in tests/golden, by decoded pixels.
 *
 * A golden picture is half as wide and high (each pixel the mean of four) in 16 levels a channel,
 * so that it is small in the repository and the last bit of an edge does not matter. */
#ifndef PLEIN_TESTS_GOLDEN_H
#define PLEIN_TESTS_GOLDEN_H

#include "engine/draw/png.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOLDEN_STEP = 17, GOLDEN_TOLERANCE = 14 };

/* Halves the picture in place. */
static void golden_halve(struct png_picture *picture)
{
    uint32_t width = picture->width / 2, height = picture->height / 2;
    for (size_t i = 0; i < (size_t)width * height; i++)
        for (size_t k = 0; k < 4; k++) {
            const uint8_t *from =
                picture->rgba + ((i / width * 2) * picture->width + i % width * 2) * 4 + k;
            size_t below = (size_t)picture->width * 4;
            picture->rgba[4 * i + k] =
                (uint8_t)((from[0] + from[4] + from[below] + from[below + 4] + 2) / 4);
        }
    picture->width = width;
    picture->height = height;
}

/* The colour's place in the palette; in a full one the nearest there is. */
static uint8_t golden_index(uint32_t palette[256], size_t *count, uint32_t colour)
{
    size_t nearest = 0;
    int least = INT32_MAX;
    for (size_t i = 0; i < *count; i++) {
        int far = 0;
        for (int shift = 0; shift < 24; shift += 8)
            far += abs((int)(palette[i] >> shift & 255) - (int)(colour >> shift & 255));
        if (far < least) {
            least = far;
            nearest = i;
        }
    }
    if (least > 0 && *count < 256) {
        nearest = (*count)++;
        palette[nearest] = colour;
    }
    return (uint8_t)nearest;
}

static bool golden_write(const struct png_picture *drawn, const char *path)
{
    uint32_t palette[256];
    struct png_indexed image = {NULL, drawn->width, drawn->height, palette, 0};
    uint8_t *indexes = calloc(drawn->width, drawn->height);
    bool done = indexes != NULL;
    for (size_t i = 0; done && i < (size_t)drawn->width * drawn->height; i++) {
        uint32_t colour = 0xFF;
        for (size_t k = 0; k < 3; k++)
            colour =
                colour << 8
                | (uint32_t)(drawn->rgba[4 * i + k] + GOLDEN_STEP / 2) / GOLDEN_STEP * GOLDEN_STEP;
        indexes[i] = golden_index(palette, &image.palette_count, colour);
    }
    image.indexes = indexes;
    done = done && png_write_indexed(path, &image, &(struct png_options){0}, NULL);
    free(indexes);
    return done;
}

/* How many pixels differ by more than the tolerance in a channel; SIZE_MAX when the sizes differ.
 */
static size_t golden_difference(const struct png_picture *a, const struct png_picture *b)
{
    size_t different = 0;
    if (a->width != b->width || a->height != b->height)
        return SIZE_MAX;
    for (size_t i = 0; i < (size_t)a->width * a->height; i++) {
        bool differs = false;
        for (size_t k = 0; k < 4; k++)
            differs = differs || abs(a->rgba[4 * i + k] - b->rgba[4 * i + k]) > GOLDEN_TOLERANCE;
        different += differs ? 1 : 0;
    }
    return different;
}

/* Whether the picture at `path` is the golden one of that name: at most one pixel in two thousand
 * may differ. With PLEIN_GOLDEN=write the golden one is written instead; look at the drawn one
 * before it is committed. */
static bool golden_equal(const char *path, const char *name)
{
    const char *mode = getenv("PLEIN_GOLDEN");
    char golden[300];
    snprintf(golden, sizeof golden, "tests/golden/%s", name);
    struct png_picture drawn = {0}, kept = {0};
    struct error error = {0};
    bool equal = png_read(&drawn, path, &error);
    if (equal)
        golden_halve(&drawn);
    if (equal && mode && strcmp(mode, "write") == 0) {
        equal = golden_write(&drawn, golden);
    } else if (equal && (equal = png_read(&kept, golden, &error))) {
        size_t different = golden_difference(&drawn, &kept);
        equal = different <= (size_t)kept.width * kept.height / 2000;
        if (!equal)
            fprintf(stderr, "%s differs from %s in %zu pixels\n", path, golden, different);
    }
    if (error.kind != ERROR_NONE)
        fprintf(stderr, "%s\n", error.message);
    png_picture_free(&drawn);
    png_picture_free(&kept);
    return equal;
}

#endif
