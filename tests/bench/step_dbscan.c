/* Times exact DBSCAN of a million points and of LARGE (ten million), 25 m and 50 m. */
#include "tests/bench/steps.h"

#include "engine/analysis/dbscan.h"

#include <stdio.h>

struct clustering {
    struct step_points points;
    double radius_m;
};

static bool cluster(void *state, struct error *error)
{
    struct clustering *clustering = state;
    const struct step_points *points = &clustering->points;
    const struct weighted_points all = {{points->x, points->y, points->count}, NULL};
    const struct dbscan_options options = {
        .radius_m = clustering->radius_m, .min_points = 10, .thread_count = steps_threads()};
    struct dbscan_labels labels = {0};
    bool done = dbscan_run(&labels, &all, &options, error);
    dbscan_free(&labels);
    return done;
}

static void time_points(size_t count, int repeats)
{
    struct clustering clustering;
    char name[60];
    step_points_make(&clustering.points, count);
    for (int radius = 25; radius <= 50; radius += 25) {
        snprintf(name, sizeof name, "dbscan.%zu.%dm", count, radius);
        clustering.radius_m = radius;
        step_run(&(struct step){.name = name, .items = count, .repeats = repeats}, cluster,
                 &clustering);
    }
    step_points_free(&clustering.points);
}

int main(void)
{
    time_points(step_setting("POINTS", 1000000), 0);
    size_t large = step_setting("LARGE", 10000000);
    if (large > 0)
        time_points(large, 3);
    return 0;
}
