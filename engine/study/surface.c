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

/* Of what has a date. */
static struct period period_of(const struct surface *surface, const struct gathered *gathered)
{
    struct period period = {gathered->first != MOMENT_UNKNOWN, moment_first_day(gathered->first),
                            moment_last_day(gathered->last)};
    return surface->takes_squares ? packages_period(period, &surface->study->packages) : period;
}

/* From per square metre to the unit asked for. */
static bool scale(struct raster *raster, const struct surface *surface,
                  const struct gathered *gathered, struct error *error)
{
    const struct study *study = surface->study;
    double factor = study->options->unit == UNIT_KM2 ? 1e6 : 1e4;
    if (study->options->per_year) {
        const struct period period = period_of(surface, gathered);
        int64_t first = study->selection.first_day, last = study->selection.last_day;
        if (!study->selection.has_period || first == INT64_MIN)
            first = period.first;
        if (!study->selection.has_period || last == INT64_MAX)
            last = period.last;
        if (!period.known)
            return error_set(error, ERROR_DATA,
                             "--per-year: no incident has a date; name the column with --columns");
        factor *= 365.25 / (double)(last - first + 1);
    }
    for (size_t i = 0; i < raster->columns * raster->rows; i++)
        raster->values[i] *= factor;
    return true;
}

static struct density_options options_of(const struct surface *surface)
{
    const struct options *options = surface->study->options;
    return (struct density_options){.kernel = (enum kernel)options->kernel,
                                    .bandwidth_m = options->bandwidth_m,
                                    .edge = (enum edge_correction)options->edge,
                                    .window = &surface->window,
                                    .thread_count = options->threads};
}

bool surface_open(struct surface *surface, const struct raster *raster, const struct study *study,
                  struct error *error)
{
    surface->study = study;
    const struct density_options options = options_of(surface);
    if (options.edge != EDGE_NONE && !make_window(&surface->window, study, error))
        return false;
    surface->density = density_open(raster, &study->boundaries.grid, &options, error);
    return surface->density != NULL;
}

bool surface_open_support(struct surface *surface, const struct raster *raster, double enough,
                          struct error *error)
{
    const struct grid *grid = &surface->study->boundaries.grid;
    struct density_options options = options_of(surface);
    options.enough = enough;
    surface->support = density_open_support(raster, grid, &options, error);
    return surface->support != NULL;
}

bool surface_take(void *state, const struct gathered *part, struct error *error)
{
    struct surface *surface = state;
    const struct weighted_points points = points_of(part);
    return (surface->density == NULL || density_add(surface->density, &points, error))
           && (surface->support == NULL || density_add(surface->support, &points, error));
}

/* The sum goes as soon as its raster is there: two at one time are more than need be in memory. */
static bool finish(struct raster *raster, struct density_sum **sum, struct error *error)
{
    bool done = density_finish(raster, *sum, 1, error);
    density_close(*sum);
    *sum = NULL;
    return done;
}

static bool add_squares(struct raster *raster, const struct surface *surface, bool is_support,
                        struct error *error)
{
    const struct study *study = surface->study;
    struct square_list list = {0};
    if (!surface->takes_squares || study->packages.count == 0)
        return true;
    bool done = packages_list(&list, &study->packages, OUTSIDE, error);
    const struct counted_squares squares = {list.items, list.count};
    const struct density_options options = options_of(surface);
    done = done
           && (list.count == 0
               || square_density_add(raster, &squares, &study->boundaries.grid, &options,
                                     is_support, error));
    array_free(&list.items);
    return done;
}

bool surface_finish(struct raster *raster, struct surface *surface, const struct gathered *gathered,
                    struct error *error)
{
    return finish(raster, &surface->density, error) && add_squares(raster, surface, false, error)
           && scale(raster, surface, gathered, error);
}

bool surface_finish_support(struct raster *raster, struct surface *surface, struct error *error)
{
    return finish(raster, &surface->support, error) && add_squares(raster, surface, true, error);
}

void surface_close(struct surface *surface)
{
    density_close(surface->density);
    density_close(surface->support);
    shape_free(&surface->window);
    *surface = (struct surface){0};
}

bool surface_density(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error)
{
    struct surface surface = {0};
    bool done = surface_open(&surface, raster, study, error)
                && surface_take(&surface, gathered, error)
                && surface_finish(raster, &surface, gathered, error);
    surface_close(&surface);
    return done;
}

bool surface_support(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error)
{
    struct surface surface = {.study = study};
    bool done = surface_open_support(&surface, raster, 0, error)
                && surface_take(&surface, gathered, error)
                && surface_finish_support(raster, &surface, error);
    surface_close(&surface);
    return done;
}

void surface_blank(struct raster *raster, const struct raster *support, double least)
{
    for (size_t i = 0; i < raster->columns * raster->rows; i++)
        if (support->values[i] < least)
            raster->values[i] = NAN;
}
