/* Times the way from WGS84 to RD New. */
#include "tests/bench/scatter.h"
#include "tests/bench/steps.h"

#include "engine/space/projection.h"

#include <string.h>

struct moving {
    struct projection *projection;
    double *lon, *lat, *x, *y;
    size_t count;
};

/* In batches, as the stages do it; the copy is part of it. */
static bool move(void *state, struct error *error)
{
    enum { BATCH = 131072 };
    struct moving *moving = state;
    bool done = true;
    for (size_t at = 0; done && at < moving->count; at += BATCH) {
        size_t count = moving->count - at < BATCH ? moving->count - at : BATCH;
        memcpy(moving->x, moving->lon + at, count * sizeof(double));
        memcpy(moving->y, moving->lat + at, count * sizeof(double));
        done = projection_points(moving->projection, moving->x, moving->y, count, error);
    }
    return done;
}

int main(void)
{
    struct error error = {0};
    struct scatter scatter;
    struct moving moving = {.count = step_setting("POINTS", 1000000)};
    moving.projection = projection_open("EPSG:4326", "EPSG:28992", &error);
    step_need(moving.projection != NULL
                  && array_new(&moving.lon, moving.count, sizeof(double), &error)
                  && array_new(&moving.lat, moving.count, sizeof(double), &error)
                  && array_new(&moving.x, moving.count, sizeof(double), &error)
                  && array_new(&moving.y, moving.count, sizeof(double), &error),
              &error);
    scatter_begin(&scatter, step_setting("SEED", 1));
    for (size_t i = 0; i < moving.count; i++) {
        struct place degrees = ground_degrees(scatter_next(&scatter));
        moving.lon[i] = (double)degrees.x / 1e9;
        moving.lat[i] = (double)degrees.y / 1e9;
    }
    step_run(
        &(struct step){.name = "lattice.rd", .items = moving.count, .beside = "proj", .threads = 1},
        move, &moving);
    projection_close(moving.projection);
    array_free(&moving.lon);
    array_free(&moving.lat);
    array_free(&moving.x);
    array_free(&moving.y);
    return 0;
}
