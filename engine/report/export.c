/* Writes what a study has found into one file of a format that others work with. */
#include "engine/report/export.h"

#include "engine/formats/csv_write.h"
#include "engine/formats/geojson_write.h"
#include "engine/formats/geopackage_write.h"
#include "engine/formats/geotiff.h"
#include "engine/formats/shapefile_write.h"
#include "engine/formats/xlsx_write.h"
#include "engine/report/export_incidents.h"
#include "engine/report/export_layers.h"
#include "engine/report/layer_style.h"

#include <string.h>

enum { LAYERS_MOST = 4 };

/* ---- the plan ---- */

static enum export_format format_of(const struct options *options)
{
    static const struct {
        const char *extension;
        enum export_format format;
    } known[] = {{".gpkg", EXPORT_GPKG}, {".geojson", EXPORT_GEOJSON}, {".json", EXPORT_GEOJSON},
                 {".shp", EXPORT_SHP},   {".csv", EXPORT_CSV},         {".xlsx", EXPORT_XLSX},
                 {".tif", EXPORT_TIFF},  {".tiff", EXPORT_TIFF}};
    const char *dot =
        options->output != NULL ? strrchr(text_file_name(options->output), '.') : NULL;
    if (options->export_format != EXPORT_UNSET)
        return (enum export_format)options->export_format;
    for (size_t i = 0; dot != NULL && i < sizeof known / sizeof *known; i++)
        if (text_equal(dot, known[i].extension))
            return known[i].format;
    return EXPORT_UNSET;
}

static bool plan_layer(struct export_plan *plan, const char *name, struct error *error)
{
    if (text_equal(name, "incidents"))
        plan->incidents = true;
    else if (text_equal(name, "clusters"))
        plan->clusters = true;
    else if (text_equal(name, "jurisdictions"))
        plan->jurisdictions = true;
    else if (text_equal(name, "density"))
        plan->density = true;
    else
        return error_set(error, ERROR_USAGE,
                         "--layer: '%s' is none of incidents, clusters, jurisdictions, density",
                         name);
    return true;
}

static void plan_usual(struct export_plan *plan)
{
    bool several = plan->format == EXPORT_GPKG || plan->format == EXPORT_XLSX;
    plan->incidents = plan->format != EXPORT_TIFF;
    plan->clusters = plan->jurisdictions = several;
    plan->density = plan->format == EXPORT_TIFF;
}

static bool check_plan(const struct export_plan *plan, struct error *error)
{
    int count = plan->incidents + plan->clusters + plan->jurisdictions + plan->density;
    if (plan->format == EXPORT_TIFF && (count != 1 || !plan->density))
        return error_set(error, ERROR_USAGE, "a GeoTIFF holds the density and no other layer");
    if (plan->format != EXPORT_GPKG && plan->format != EXPORT_XLSX && count != 1)
        return error_set(error, ERROR_USAGE,
                         "this format holds one layer; take gpkg or xlsx for several");
    return true;
}

bool export_plan(struct export_plan *plan, const struct options *options, struct error *error)
{
    *plan = (struct export_plan){.format = format_of(options)};
    if (plan->format == EXPORT_UNSET)
        return error_set(error, ERROR_USAGE,
                         "no format is named; say -o FILE.gpkg, .geojson, .shp, .csv, .xlsx or "
                         ".tif, or --format");
    for (size_t i = 0; i < options->layers.count; i++)
        if (!plan_layer(plan, options->layers.items[i], error))
            return false;
    if (options->layers.count == 0)
        plan_usual(plan);
    return check_plan(plan, error);
}

/* ---- the layers ---- */

/* What is to be written. */
struct export_set {
    const struct export_plan *plan;
    struct study *study;
    struct layer layers[LAYERS_MOST];
    size_t count;
    struct raster raster;
    struct reference reference;
};

static void set_free(struct export_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        layer_free(&set->layers[i]);
    raster_free(&set->raster);
    reference_free(&set->reference);
}

typedef bool maker(struct layer *layer, const struct export_source *from, struct error *error);

static bool add_layer(struct export_set *set, maker *make, const struct export_source *from,
                      struct error *error)
{
    return make(&set->layers[set->count++], from, error);
}

static bool add_density(struct export_set *set, const struct export_source *from,
                        struct error *error)
{
    return export_raster(&set->raster, from, error)
           && (set->plan->format == EXPORT_TIFF
               || export_cells(&set->layers[set->count++], &set->raster, error));
}

/* From the ground up, as a desktop GIS lists them. */
static bool make_layers(struct export_set *set, const struct export_source *from,
                        struct error *error)
{
    const struct export_plan *plan = set->plan;
    bool rows = from->study->options->rows;
    bool done =
        (!plan->jurisdictions || add_layer(set, export_jurisdictions, from, error))
        && (!plan->incidents || add_layer(set, rows ? export_rows : export_squares, from, error))
        && (!plan->clusters || add_layer(set, export_clusters, from, error))
        && (!plan->density || add_density(set, from, error));
    for (size_t i = 0; done && plan->format == EXPORT_GPKG && i < set->count; i++)
        done = layer_style(&set->layers[i], error);
    return done;
}

/* ---- the file ---- */

static bool turn(const void *state, double *x, double *y, size_t count, struct error *error)
{
    return projection_points_exact(state, x, y, count, error);
}

static bool write_geojson(const struct export_set *set, struct error *error)
{
    struct projection *projection = projection_open(set->study->boundaries.crs, "EPSG:4326", error);
    const struct geojson_degrees degrees = {turn, projection};
    bool done = projection != NULL
                && geojson_write(set->study->options->output, &set->layers[0], &degrees, error);
    projection_close(projection);
    return done;
}

static bool write_file(struct export_set *set, struct error *error)
{
    const struct options *options = set->study->options;
    const struct geopackage_content content = {set->layers, set->count, &set->reference};
    if (!crs_reference(&set->reference, set->study->boundaries.crs, error))
        return false;
    switch (set->plan->format) {
    case EXPORT_UNSET:
        break;
    case EXPORT_GPKG:
        return geopackage_write(options->output, &content, error);
    case EXPORT_GEOJSON:
        return write_geojson(set, error);
    case EXPORT_SHP:
        return shapefile_write(options->output, &set->layers[0], &set->reference, error);
    case EXPORT_CSV:
        return csv_write(options->output, &set->layers[0], options->excel, error);
    case EXPORT_XLSX:
        return xlsx_write(options->output, set->layers, set->count, error);
    case EXPORT_TIFF:
        return geotiff_write(&set->raster, &set->reference, options->output, error);
    }
    return false;
}

bool export_write(struct study *study, const struct export_plan *plan, struct error *error)
{
    struct gathered gathered = {.columns = EXPORT_COLUMNS};
    const struct export_source from = {study, &gathered};
    struct export_set set = {.plan = plan, .study = study};
    bool done = gather_run(&gathered, study, error) && make_layers(&set, &from, error)
                && write_file(&set, error);
    if (done && gathered.outside + gathered.no_place > 0)
        notes_add(&study->notes,
                  "%zu incidents outside every jurisdiction and %zu without a place are left out",
                  gathered.outside, gathered.no_place);
    set_free(&set);
    gather_free(&gathered);
    return done;
}
