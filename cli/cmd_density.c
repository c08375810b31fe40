/* plein density: incidents per hectare as a raster. */
#include "cli/command.h"

#include "engine/formats/asciigrid.h"
#include "engine/study/surface.h"

#include <math.h>

/* Blanks cells that rest on fewer incidents than --min-count, when that was asked for by name. */
static bool blank(struct raster *raster, struct study *study, const struct gathered *gathered,
                  struct error *error)
{
    struct raster support;
    if (!options_was_given(study->options, "min-count") || study->options->min_count <= 1)
        return true;
    bool done = raster_new(&support, raster_box(raster), raster->cell_m, error)
                && surface_support(&support, study, gathered, error);
    for (size_t i = 0; done && i < raster->columns * raster->rows; i++)
        if (support.values[i] < study->options->min_count)
            raster->values[i] = NAN;
    raster_free(&support);
    return done;
}

static bool make(struct raster *raster, struct study *study, struct gathered *gathered,
                 struct error *error)
{
    struct box extent;
    return surface_extent(&extent, study, error)
           && raster_new(raster, extent, surface_cell_m(study, extent), error)
           && gather_run(gathered, study, error) && surface_density(raster, study, gathered, error)
           && blank(raster, study, gathered, error);
}

bool cmd_density(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    struct raster raster = {0};
    struct gathered gathered = {.columns = options->per_year ? COLUMN_TIME : 0};
    (void)answer;
    bool done = gather_allowed(options, error) && command_study(&study, options, error)
                && make(&raster, &study, &gathered, error)
                && asciigrid_write(&raster, options->output, options->threads, error);
    if (done)
        command_remarks(&study);
    raster_free(&raster);
    gather_free(&gathered);
    study_close(&study);
    return done;
}
