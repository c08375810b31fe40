/* Finds the patches of a picture: pixels of one sort that touch. */
#include "engine/draw/patches.h"

#include <string.h>

/* Where the first pixel of a patch from `column` on is; most of a picture is in none. */
static size_t skip_nothing(const struct patch_picture *picture, const uint8_t *row, size_t column)
{
    while (column + sizeof(uint64_t) <= picture->width) {
        uint64_t eight;
        memcpy(&eight, row + column, sizeof eight);
        if (eight != 0)
            break;
        column += sizeof eight;
    }
    while (column < picture->width && picture->sorts[row[column]] == 0)
        column++;
    return column;
}

static bool add_run(struct patches *patches, const struct patch_run *run, struct error *error)
{
    struct capacity capacity = {patches->run_capacity, sizeof *patches->runs};
    if (!array_reserve(&patches->runs, &capacity, patches->run_count + 1, error))
        return false;
    patches->run_capacity = capacity.held;
    patches->runs[patches->run_count] = *run;
    patches->runs[patches->run_count].patch = (uint32_t)patches->run_count;
    patches->run_count++;
    return true;
}

/* The first run of a run's patch; on the way there every run is told a shorter way. */
static uint32_t first_of(struct patch_run *runs, uint32_t run)
{
    while (runs[run].patch != run) {
        runs[run].patch = runs[runs[run].patch].patch;
        run = runs[run].patch;
    }
    return run;
}

static void join(struct patch_run *runs, size_t a, size_t b)
{
    uint32_t one = first_of(runs, (uint32_t)a), other = first_of(runs, (uint32_t)b);
    if (one < other)
        runs[other].patch = one;
    else
        runs[one].patch = other;
}

static uint8_t sort_of(const struct patch_picture *picture, const struct patch_run *run)
{
    return picture->sorts[picture->bytes[run->row * picture->width + run->begin]];
}

static bool read_row(struct patches *patches, const struct patch_picture *picture, size_t row,
                     struct error *error)
{
    const uint8_t *bytes = picture->bytes + row * picture->width;
    for (size_t at = skip_nothing(picture, bytes, 0); at < picture->width;) {
        uint8_t sort = picture->sorts[bytes[at]];
        struct patch_run run = {.row = (uint32_t)row, .begin = (uint32_t)at};
        while (at < picture->width && picture->sorts[bytes[at]] == sort)
            at++;
        run.end = (uint32_t)at;
        if (!add_run(patches, &run, error))
            return false;
        at = skip_nothing(picture, bytes, at);
    }
    return true;
}

/* Joins the runs from `here` on with those of the row above, which are `above` .. `here` - 1. */
static void join_rows(struct patches *patches, const struct patch_picture *picture, size_t above,
                      size_t here)
{
    struct patch_run *runs = patches->runs;
    for (size_t upper = above, lower = here; upper < here && lower < patches->run_count;) {
        if (runs[upper].begin < runs[lower].end && runs[lower].begin < runs[upper].end
            && sort_of(picture, &runs[upper]) == sort_of(picture, &runs[lower]))
            join(runs, upper, lower);
        if (runs[upper].end < runs[lower].end)
            upper++;
        else
            lower++;
    }
}

/* From the first run of each patch to the patch's number, and what a patch is made of. */
static bool number_patches(struct patches *patches, const struct patch_picture *picture,
                           struct error *error)
{
    struct patch_run *runs = patches->runs;
    if (!array_new(&patches->patches, patches->run_count, sizeof *patches->patches, error))
        return false;
    for (size_t i = 0; i < patches->run_count; i++)
        runs[i].patch = first_of(runs, (uint32_t)i); /* never above i, so read before it changes */
    for (size_t i = 0; i < patches->run_count; i++) {
        struct patch_run *run = &runs[i];
        run->patch = run->patch == i ? (uint32_t)patches->patch_count++ : runs[run->patch].patch;
        struct patch *patch = &patches->patches[run->patch];
        patch->pixels += run->end - run->begin;
        patch->sort = sort_of(picture, run);
        patch->cut = patch->cut || run->row == 0 || run->begin == 0
                     || run->row + 1 == picture->height || run->end == picture->width;
    }
    return true;
}

bool patches_find(struct patches *patches, const struct patch_picture *picture, struct error *error)
{
    size_t above = 0;
    *patches = (struct patches){0};
    for (size_t row = 0; row < picture->height; row++) {
        size_t here = patches->run_count;
        if (!read_row(patches, picture, row, error)) {
            patches_free(patches);
            return false;
        }
        join_rows(patches, picture, above, here);
        above = here;
    }
    if (number_patches(patches, picture, error))
        return true;
    patches_free(patches);
    return false;
}

void patches_free(struct patches *patches)
{
    array_free(&patches->runs);
    array_free(&patches->patches);
    *patches = (struct patches){0};
}
