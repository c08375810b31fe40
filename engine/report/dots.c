/* The single incidents that a map may show. */
#include "engine/report/dots.h"

#include <stdlib.h>

bool dots_allowed(const struct options *options, struct error *error)
{
    if (!options->points)
        return true;
    if (!options_was_given(options, "min-count") || options->min_count != 1)
        return error_set(error, ERROR_USAGE,
                         "--points shows single incidents, which may be about people: say "
                         "--min-count 1 as well, and keep the map in the house");
    return !options->no_clusters
           || error_set(error, ERROR_USAGE,
                        "--points and --no-clusters do not go together: no incident is kept");
}

/* On the study's grid: the places themselves are compared, not their metres. */
struct place {
    int32_t x, y;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return a->y != b->y ? (a->y > b->y) - (a->y < b->y) : (a->x > b->x) - (a->x < b->x);
}

static size_t list_places(struct place *places, struct dots *dots, const struct gathered *gathered)
{
    const struct study *study = gathered->study;
    size_t count = 0;
    for (size_t i = 0; i < gathered->count; i++) {
        if (!study->options->sensitive && gather_is_sensitive(study, gathered->category[i]))
            dots->left_out += gathered->weight != NULL ? gathered->weight[i] : 1;
        else
            places[count++] = (struct place){gathered->grid_x[i], gathered->grid_y[i]};
    }
    qsort(places, count, sizeof *places, compare_places);
    return count;
}

bool dots_take(struct dots *dots, const struct gathered *gathered, struct error *error)
{
    const struct grid *grid = &gathered->study->boundaries.grid;
    struct place *places;
    *dots = (struct dots){0};
    if (!array_new(&places, gathered->count, sizeof *places, error))
        return false;
    size_t count = list_places(places, dots, gathered);
    bool done = array_new(&dots->x, count, sizeof *dots->x, error)
                && array_new(&dots->y, count, sizeof *dots->y, error);
    for (size_t i = 0; done && i < count; i++) {
        if (i > 0 && compare_places(&places[i - 1], &places[i]) == 0)
            continue; /* one on another looks like one */
        dots->x[dots->count] = grid_metres_x(grid, places[i].x);
        dots->y[dots->count++] = grid_metres_y(grid, places[i].y);
    }
    array_free(&places);
    return done;
}

void dots_free(struct dots *dots)
{
    array_free(&dots->x);
    array_free(&dots->y);
    *dots = (struct dots){0};
}
