/* The density surface of a study: extent, cell and unit as the options say, or as is usual. */
#include "engine/study/surface.h"

#include "engine/space/polygons.h"

#include <math.h>

bool surface_extent(struct box *extent, const struct study *study, struct error *error)
{
    const struct jurisdictions *jurisdictions = &study->boundaries.jurisdictions;
    if (study->options->extent != NULL)
        return selection_parse_box(extent, "extent", study->options->extent, error);
    *extent = box_empty();
    for (size_t i = 0; i < jurisdictions->count; i++)
        if (study->selection.owner_in == NULL || study->selection.owner_in[i])
            *extent = box_union(*extent, shape_box(&jurisdictions->items[i].shape));
    return true;
}

double surface_cell_m(struct study *study, struct box extent)
{
    const double most = 4e6, usual = study->options->bandwidth_m / 10;
    if (study->options->cell_m > 0)
        return study->options->cell_m;
    double cells = raster_cells(extent, usual), cell = usual;
    if (cells > most) { /* a round number of metres, at least as coarse as it must be */
        cell = ceil(usual * sqrt(cells / most));
        while (raster_cells(extent, cell) > most)
            cell++;
        notes_add(&study->notes,
                  "the raster's cell is %g m, since %g m would make over 4 million cells", cell,
                  usual);
    }
    if (study->options->bandwidth_m < 2 * cell)
        notes_add(&study->notes,
                  "the bandwidth of %g m is less than two cells of %g m: the surface is rough",
                  study->options->bandwidth_m, cell);
    return cell;
}

static struct weighted_points points_of(const struct gathered *gathered)
{
    return (struct weighted_points){{gathered->grid_x, gathered->grid_y, gathered->count},
                                    gathered->weight};
}

static bool make_window(struct shape *window, const struct study *study, struct error *error)
{
    const struct jurisdictions *jurisdictions = &study->boundaries.jurisdictions;
    struct shape *shapes;
    struct polygons *polygons = polygons_open(error);
    size_t count = 0;
    bool done = polygons != NULL && array_new(&shapes, jurisdictions->count, sizeof *shapes, error);
    if (done) {
        for (size_t i = 0; i < jurisdictions->count; i++)
            if (study->selection.owner_in == NULL || study->selection.owner_in[i])
                shapes[count++] = jurisdictions->items[i].shape;
        done = polygons_union(polygons, window, shapes, count, error);
        array_free(&shapes);
    }
    polygons_close(polygons);
    return done;
}

/* From per square metre to the unit asked for. */
static bool scale(struct raster *raster, const struct study *study, const struct gathered *gathered,
                  struct error *error)
{
    double factor = study->options->unit == UNIT_KM2 ? 1e6 : 1e4;
    if (study->options->per_year) {
        int64_t first = study->selection.first_day, last = study->selection.last_day;
        if (!study->selection.has_period || first == INT64_MIN)
            first = moment_first_day(gathered->first);
        if (!study->selection.has_period || last == INT64_MAX)
            last = moment_last_day(gathered->last);
        if (gathered->first == MOMENT_UNKNOWN)
            return error_set(error, ERROR_DATA,
                             "--per-year: no incident has a date; name the column with --columns");
        factor *= 365.25 / (double)(last - first + 1);
    }
    for (size_t i = 0; i < raster->columns * raster->rows; i++)
        raster->values[i] *= factor;
    return true;
}

static struct density_options options_of(const struct study *study)
{
    return (struct density_options){.kernel = (enum kernel)study->options->kernel,
                                    .bandwidth_m = study->options->bandwidth_m,
                                    .edge = (enum edge_correction)study->options->edge,
                                    .thread_count = study->options->threads};
}

bool surface_density(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error)
{
    struct shape window = {0};
    struct density_options options = options_of(study);
    const struct weighted_points points = points_of(gathered);
    bool done = options.edge == EDGE_NONE || make_window(&window, study, error);
    options.window = &window;
    done = done && density_run(raster, &points, &study->boundaries.grid, &options, error)
           && scale(raster, study, gathered, error);
    shape_free(&window);
    return done;
}

bool surface_support(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error)
{
    const struct density_options options = options_of(study);
    const struct weighted_points points = points_of(gathered);
    return density_support(raster, &points, &study->boundaries.grid, &options, error);
}
