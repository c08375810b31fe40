/* Times putting points in 2 areas of 5,000 corners and in 400 of 1,000. */
#include "tests/bench/steps.h"

#include "engine/space/assign.h"
#include "engine/study/boundaries.h"

#include <stdio.h>

struct owning {
    struct assignment *assignment;
    struct step_points points;
    int32_t *owners;
};

static bool own(void *state, struct error *error)
{
    struct owning *owning = state;
    const struct points points = {owning->points.x, owning->points.y, owning->points.count};
    (void)error;
    assignment_owners(owning->owners, owning->assignment, &points);
    return true;
}

static void time_areas(struct owning *owning, struct step *step, char *path)
{
    struct error error = {0};
    struct options options = {.boundaries = path};
    struct boundaries boundaries = {0};
    step_need(boundaries_read(&boundaries, &options, NULL, &error), &error);
    owning->points.grid = boundaries.grid;
    owning->assignment =
        assignment_open(&boundaries.jurisdictions,
                        &(struct assignment_options){.grid = boundaries.grid, .gap_m = 1}, &error);
    step_need(owning->assignment != NULL, &error);
    step_run(step, own, owning);
    assignment_close(owning->assignment);
    boundaries_free(&boundaries);
}

int main(int argc, char **argv)
{
    char path[4200];
    struct error error = {0};
    struct owning owning = {0};
    if (argc != 2)
        return 2;
    step_points_make(&owning.points, step_setting("POINTS", 1000000));
    struct step step = {.items = owning.points.count, .threads = 1};
    step_need(array_new(&owning.owners, step.items, sizeof *owning.owners, &error), &error);
    step.name = "owners.2x5000";
    step.beside = "geos.2x5000";
    snprintf(path, sizeof path, "%s", step_file(argv[1], "areas2.shp"));
    time_areas(&owning, &step, path);
    step.name = "owners.400x1000";
    step.beside = "geos.400x1000";
    snprintf(path, sizeof path, "%s", step_file(argv[1], "areas400.shp"));
    time_areas(&owning, &step, path);
    step_points_free(&owning.points);
    array_free(&owning.owners);
    return 0;
}
