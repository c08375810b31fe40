/* Runs the whole chain in one process: CSV, owners, clusters per jurisdiction and category (12
 * groups), density on 2048 by 2048 cells, a picture of it.
 *
 *     chain AREAS.shp INCIDENTS.csv PICTURE.png
 */
#include "tests/bench/heatpicture.h"
#include "tests/bench/steps.h"

#include "engine/study/grouping.h"

#include <stdio.h>

static bool draw(const struct gathered *gathered, const struct study *study, const char *path,
                 struct error *error)
{
    static uint8_t indexes[HEAT_SIDE * HEAT_SIDE];
    static uint32_t palette[256];
    struct raster raster;
    heatpicture_raster(&raster);
    const struct weighted_points all = {{gathered->grid_x, gathered->grid_y, gathered->count},
                                        gathered->weight};
    const struct density_options options = {
        .kernel = KERNEL_QUARTIC, .bandwidth_m = 100, .thread_count = study->options->threads};
    const struct png_indexed picture = {indexes, HEAT_SIDE, HEAT_SIDE, palette, 256};
    bool done = density_run(&raster, &all, &study->boundaries.grid, &options, error);
    if (done)
        heatpicture_shade(indexes, palette, &raster);
    done = done && png_write_indexed(path, &picture, &(struct png_options){0}, error);
    raster_free(&raster);
    return done;
}

static bool run(struct study *study, const char *path, struct error *error)
{
    const struct grouping per = {.jurisdiction = true, .category = true};
    struct gathered gathered = {.columns = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME};
    struct clusters clusters = {0};
    bool done = gather_run(&gathered, study, error)
                && grouping_find(&clusters, &per, &gathered, error)
                && draw(&gathered, study, path, error);
    if (done)
        printf("%zu incidents, %zu clusters\n", gathered.count, clusters.count);
    clusters_free(&clusters);
    gather_free(&gathered);
    return done;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    struct options options;
    struct study study = {0};
    if (argc != 4)
        return 2;
    bool done = options_new(&options, &error)
                && options_set(&options, options_find("boundaries"), argv[1], &error)
                && options_set(&options, options_find("incidents"), argv[2], &error);
    options.threads = steps_threads();
    options.sensitive = true;
    done = done && study_open(&study, &options, &error) && run(&study, argv[3], &error);
    study_close(&study);
    options_free(&options);
    step_need(done, &error);
    return 0;
}
