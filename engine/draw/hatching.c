/* Hatches the ground of a heat picture on which too little is known to be shown. */
#include "engine/draw/hatching.h"

#include <math.h>
#include <string.h>

static bool is_withheld(const struct heat *heat, int column, int row)
{
    return column >= 0 && row >= 0 && column < heat->width && row < heat->height
           && heat->classes[(size_t)row * (size_t)heat->width + (size_t)column] == HEAT_WITHHELD;
}

static struct colour blend(struct colour under, struct colour over, double share)
{
    return (struct colour){under.red + (over.red - under.red) * share,
                           under.green + (over.green - under.green) * share,
                           under.blue + (over.blue - under.blue) * share, 1};
}

/* Lines rise to the right; how much of the pixel a line covers falls off over one pixel. */
static struct colour hatch_at(const struct hatching *hatching, int diagonal)
{
    const double root_half = 0.70710678118654752;
    double across = fmod(diagonal * root_half, hatching->spacing);
    double distance = fmin(across, hatching->spacing - across);
    double cover = fmin(fmax(hatching->width / 2 + 0.5 - distance, 0), 1);
    return blend(hatching->ground, hatching->line, cover);
}

/* Colours by diagonal: column + row is all that a line's place hangs on. */
static bool hatch_diagonals(uint32_t **colours, const struct heat *heat,
                            const struct hatching *hatching, struct error *error)
{
    int count = heat->width + heat->height;
    if (!array_new(colours, (size_t)count, sizeof **colours, error))
        return false;
    for (int i = 0; i < count; i++)
        (*colours)[i] = colour_pixel(hatch_at(hatching, i));
    return true;
}

static bool is_edge(const struct heat *heat, int column, int row)
{
    return !is_withheld(heat, column - 1, row) || !is_withheld(heat, column + 1, row)
           || !is_withheld(heat, column, row - 1) || !is_withheld(heat, column, row + 1);
}

bool hatching_draw(uint32_t **pixels, const struct heat *heat, const struct hatching *hatching,
                   struct error *error)
{
    uint32_t *diagonals, edge = colour_pixel(hatching->edge);
    size_t width = (size_t)heat->width;
    if (!hatch_diagonals(&diagonals, heat, hatching, error))
        return false;
    bool done = array_new(pixels, width * (size_t)heat->height, sizeof **pixels, error);
    for (int row = 0; done && row < heat->height; row++) {
        const uint8_t *classes = heat->classes + (size_t)row * width, *at = classes;
        for (; (at = memchr(at, HEAT_WITHHELD, (size_t)(classes + width - at))) != NULL; at++) {
            int column = (int)(at - classes);
            (*pixels)[(size_t)row * width + (size_t)column] =
                is_edge(heat, column, row) ? edge : diagonals[column + row];
        }
    }
    array_free(&diagonals);
    return done;
}
