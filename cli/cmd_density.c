/* plein density: incidents per hectare as a raster, an ESRI ASCII grid or a GeoTIFF. */
#include "cli/command.h"

#include "engine/formats/asciigrid.h"
#include "engine/formats/geotiff.h"
#include "engine/study/packages_join.h"
#include "engine/study/surface.h"

#include <string.h>

/* Cells that rest on fewer incidents than --min-count are blanked when that was asked for by name.
 */
static bool is_blanked(const struct options *options)
{
    return options_was_given(options, "min-count") && options->min_count > 1;
}

static bool blank(struct raster *raster, struct surface *surface, struct error *error)
{
    struct raster support;
    bool done = raster_new(&support, raster_box(raster), raster->cell_m, error)
                && surface_finish_support(&support, surface, error);
    if (done)
        surface_blank(raster, &support, surface->study->options->min_count);
    raster_free(&support);
    return done;
}

/* By --format, else by the extension of --output, else an ASCII grid. */
static bool is_geotiff(const struct options *options)
{
    const char *dot = options->output != NULL ? strrchr(options->output, '.') : NULL;
    if (options->raster_format != RASTER_UNSET)
        return options->raster_format == RASTER_GEOTIFF;
    return dot != NULL && (text_equal(dot, ".tif") || text_equal(dot, ".tiff"));
}

static bool write_raster(const struct raster *raster, const struct study *study,
                         struct error *error)
{
    const struct options *options = study->options;
    struct reference reference;
    if (!is_geotiff(options))
        return asciigrid_write(raster, options->output, options->threads, error);
    bool done = crs_reference(&reference, study->boundaries.crs, error)
                && geotiff_write(raster, &reference, options->output, error);
    reference_free(&reference);
    return done;
}

static bool run(struct raster *raster, struct surface *surface, struct study *study,
                struct error *error)
{
    const struct options *options = study->options;
    const struct gather_parts parts = {.take = surface_take, .state = surface};
    struct gathered gathered = {.columns = options->per_year ? COLUMN_TIME : 0};
    bool blanked = is_blanked(options);
    bool done = surface_open(surface, raster, study, error)
                && (!blanked || surface_open_support(surface, raster, options->min_count, error))
                && gather_run_in_parts(&gathered, study, &parts, error)
                && surface_finish(raster, surface, &gathered, error)
                && (!blanked || blank(raster, surface, error));
    gather_free(&gathered);
    return done;
}

static bool make(struct raster *raster, struct study *study, struct error *error)
{
    struct surface surface = {.takes_squares = true};
    struct box extent;
    bool done = surface_extent(&extent, study, error)
                && raster_new(raster, extent, surface_cell_m(study, extent), error)
                && run(raster, &surface, study, error);
    surface_close(&surface);
    return done;
}

bool cmd_density(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    struct raster raster = {0};
    (void)answer;
    bool done = gather_allowed(options, error) && command_study(&study, options, error)
                && make(&raster, &study, error) && write_raster(&raster, &study, error);
    if (done) {
        packages_remark_density(&study);
        command_remarks(&study);
    }
    raster_free(&raster);
    study_close(&study);
    return done;
}
