/* Times the density of a million points and of LARGE (ten million) on 2048 by 2048 cells, 100 m. */
#include "tests/bench/heatpicture.h"
#include "tests/bench/steps.h"

#include "engine/analysis/density.h"

#include <stdio.h>

struct measuring {
    struct step_points points;
    struct raster raster;
    enum kernel kernel;
};

static bool measure(void *state, struct error *error)
{
    struct measuring *measuring = state;
    const struct step_points *points = &measuring->points;
    const struct weighted_points all = {{points->x, points->y, points->count}, NULL};
    const struct density_options options = {
        .kernel = measuring->kernel, .bandwidth_m = 100, .thread_count = steps_threads()};
    return density_run(&measuring->raster, &all, &points->grid, &options, error);
}

static void time_points(size_t count, int repeats)
{
    struct measuring measuring;
    char name[60];
    step_points_make(&measuring.points, count);
    heatpicture_raster(&measuring.raster);
    for (int gaussian = 0; gaussian < 2; gaussian++) {
        snprintf(name, sizeof name, "density.%zu.%s", count, gaussian ? "gaussian" : "quartic");
        measuring.kernel = gaussian ? KERNEL_GAUSSIAN : KERNEL_QUARTIC;
        step_run(&(struct step){.name = name, .items = count, .repeats = repeats}, measure,
                 &measuring);
    }
    raster_free(&measuring.raster);
    step_points_free(&measuring.points);
}

int main(void)
{
    time_points(step_setting("POINTS", 1000000), 0);
    size_t large = step_setting("LARGE", 10000000);
    if (large > 0)
        time_points(large, 3);
    return 0;
}
