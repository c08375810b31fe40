/* Layers of an export besides the incidents: jurisdictions with counts, clusters, density. */
#include "engine/report/export_layers.h"

#include "engine/core/numbers.h"
#include "engine/report/cluster_report.h"
#include "engine/space/polygons.h"
#include "engine/study/surface.h"

#include <string.h>

/* ---- jurisdictions ---- */

enum area_column { AREA_CODE, AREA_NAME, AREA_HA, AREA_INCIDENTS, AREA_DOMAINS };
enum { AREA_CATEGORIES = AREA_DOMAINS + DOMAIN_COUNT };

/* A column for each category that the vocabulary knows and that occurs, in the order of their
 * texts; column_of says which, 0: none. */
static bool add_category_columns(struct layer *layer, uint32_t *column_of,
                                 const struct export_categories *categories,
                                 struct dictionary *words, struct error *error)
{
    uint32_t *in_order;
    if (!array_new(&in_order, categories->count, sizeof *in_order, error))
        return false;
    for (uint32_t c = 0; c < categories->count; c++)
        in_order[categories->rank[c]] = c;
    bool done = true;
    for (size_t r = 0; done && r < categories->count; r++)
        if (categories->known[in_order[r]]) {
            column_of[in_order[r]] = (uint32_t)layer->column_count;
            done = layer_add_column(layer, dictionary_text(words, in_order[r]), LAYER_WHOLE, error);
        }
    array_free(&in_order);
    return done;
}

static void count_incidents(struct layer *layer, const size_t *row_of, const uint32_t *column_of,
                            const struct gathered *gathered)
{
    for (size_t c = AREA_INCIDENTS; c < layer->column_count; c++)
        for (size_t r = 0; r < layer->row_count; r++)
            layer->columns[c].numbers[r] = 0;
    for (size_t i = 0; i < gathered->count; i++) {
        size_t row = row_of[gathered->owner[i]];
        double weight = export_weight(gathered, i);
        uint32_t column = column_of[gathered->category[i]];
        layer->columns[AREA_INCIDENTS].numbers[row] += weight;
        layer->columns[AREA_DOMAINS + gathered->domain[i]].numbers[row] += weight;
        if (column > 0 && gathered->domain[i] != DOMAIN_UNMAPPED)
            layer->columns[column].numbers[row] += weight;
    }
}

static bool put_area(struct layer *layer, size_t row, const struct jurisdiction *item,
                     struct error *error)
{
    layer->columns[AREA_HA].numbers[row] = polygons_area(&item->shape) / 1e4;
    return layer_set_text(layer, AREA_CODE, row, item->code, error)
           && layer_set_text(layer, AREA_NAME, row, item->name, error)
           && shape_copy(&layer->shapes[row], &item->shape, error);
}

static bool put_areas(struct layer *layer, size_t *row_of, const struct study *study,
                      struct error *error)
{
    static const struct layer_column columns[] = {
        {"jurisdiction_code", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"jurisdiction", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"area_ha", LAYER_REAL, 2, NULL, NULL, NULL},
        {"incidents", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"social", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"physical", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"safety", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"unmapped", LAYER_WHOLE, 0, NULL, NULL, NULL},
    };
    const struct jurisdictions *all = &study->boundaries.jurisdictions;
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (study->selection.owner_in == NULL || study->selection.owner_in[i])
            row_of[i] = count++;
    bool done = layer_new(layer, "jurisdictions", LAYER_MULTIPOLYGONS, count, error)
                && EXPORT_ADD_COLUMNS(layer, columns, error);
    layer->description = "jurisdictions with the incidents in them";
    for (size_t i = 0; done && i < all->count; i++)
        if (study->selection.owner_in == NULL || study->selection.owner_in[i])
            done = put_area(layer, row_of[i], &all->items[i], error);
    return done;
}

bool export_jurisdictions(struct layer *layer, const struct export_source *from,
                          struct error *error)
{
    struct export_categories categories;
    size_t *row_of = NULL;
    uint32_t *column_of = NULL;
    bool done =
        export_categories_look(&categories, from, error)
        && array_new(&row_of, from->study->boundaries.jurisdictions.count, sizeof *row_of, error)
        && array_new(&column_of, categories.count, sizeof *column_of, error)
        && put_areas(layer, row_of, from->study, error)
        && add_category_columns(layer, column_of, &categories, from->study->categories, error);
    if (done)
        count_incidents(layer, row_of, column_of, from->gathered);
    array_free(&row_of);
    array_free(&column_of);
    export_categories_free(&categories);
    return done;
}

/* ---- clusters ---- */

/* A sheet's column of numbers is one of whole numbers when none has a point in it. */
static int decimals_of(const struct sheet *sheet, size_t column)
{
    size_t most = 0;
    for (size_t r = 0; r < sheet->row_count; r++) {
        const char *cell = sheet->cells[r * sheet->column_count + column];
        const char *point = cell != NULL ? strchr(cell, '.') : NULL;
        size_t decimals = point != NULL ? strlen(point + 1) : 0;
        most = decimals > most ? decimals : most;
    }
    return (int)most;
}

static bool take_column(struct layer *layer, const struct sheet *sheet, size_t column,
                        struct error *error)
{
    const struct sheet_column *from = &sheet->columns[column];
    bool number = from->kind == SHEET_NUMBER;
    int decimals = number ? decimals_of(sheet, column) : 0;
    enum layer_kind kind = !number ? LAYER_TEXT : decimals > 0 ? LAYER_REAL : LAYER_WHOLE;
    if (!layer_add_column(layer, from->name, kind, error))
        return false;
    layer->columns[column].decimals = decimals;
    for (size_t r = 0; r < sheet->row_count; r++) {
        const char *cell = sheet->cells[r * sheet->column_count + column];
        if (cell == NULL)
            continue;
        if (number)
            number_parse(&layer->columns[column].numbers[r], cell, cell + strlen(cell));
        else if (!layer_set_text(layer, column, r, cell, error))
            return false;
    }
    return true;
}

/* Columns of times, which the sheet has as texts. */
static bool take_times(struct layer *layer, const char *name, const struct clusters *clusters,
                       struct error *error)
{
    if (!layer_add_column(layer, name, LAYER_MOMENT, error))
        return false;
    for (size_t i = 0; i < clusters->count; i++)
        layer->columns[layer->column_count - 1].moments[i] =
            name[0] == 'f' ? clusters->items[i].first : clusters->items[i].last;
    return true;
}

/* The category of a cluster is left open when the vocabulary does not know it. */
static bool forget_unknown(struct layer *layer, const struct export_source *from,
                           struct error *error)
{
    struct export_categories categories;
    size_t column = layer->column_count - 1;
    bool done = export_categories_look(&categories, from, error);
    for (size_t r = 0; done && r < layer->row_count; r++) {
        uint32_t number;
        done = dictionary_number(&number, from->study->categories, layer_text(layer, column, r),
                                 error);
        if (done && (number >= categories.count || !categories.known[number]))
            done = layer_set_text(layer, column, r, "", error);
    }
    export_categories_free(&categories);
    return done;
}

static bool put_clusters(struct layer *layer, const struct cluster_report *report,
                         struct error *error)
{
    struct sheet sheet = {0};
    const struct clusters *clusters = report->clusters;
    bool done = layer_new(layer, "clusters", LAYER_POLYGONS, clusters->count, error)
                && cluster_report_sheet(&sheet, report, error);
    layer->description = "clusters of incidents, their outlines widened";
    for (size_t c = 0; done && c < sheet.column_count; c++) {
        const char *name = sheet.columns[c].name;
        done = strcmp(name, "first") == 0 || strcmp(name, "last") == 0
                   ? take_times(layer, name, clusters, error)
                   : take_column(layer, &sheet, c, error);
    }
    for (size_t i = 0; done && i < clusters->count; i++)
        done = shape_copy(&layer->shapes[i], &clusters->items[i].outline, error);
    sheet_free(&sheet);
    return done;
}

bool export_clusters(struct layer *layer, const struct export_source *from, struct error *error)
{
    struct clusters clusters = {0};
    struct grouping grouping;
    const struct cluster_report report = {from->study, &grouping, &clusters, NULL, false};
    bool done = grouping_parse(&grouping, from->study->options->per, error)
                && grouping_find(&clusters, &grouping, from->gathered, error)
                && put_clusters(layer, &report, error) && forget_unknown(layer, from, error);
    clusters_free(&clusters);
    return done;
}

/* ---- density ---- */

static bool blank(struct raster *raster, const struct export_source *from, struct error *error)
{
    struct raster support;
    int least = from->study->options->min_count;
    if (least <= 1)
        return true;
    bool done = raster_new(&support, raster_box(raster), raster->cell_m, error)
                && surface_support(&support, from->study, from->gathered, error);
    if (done)
        surface_blank(raster, &support, least);
    raster_free(&support);
    return done;
}

bool export_raster(struct raster *raster, const struct export_source *from, struct error *error)
{
    struct box extent;
    return surface_extent(&extent, from->study, error)
           && raster_new(raster, extent, surface_cell_m(from->study, extent), error)
           && surface_density(raster, from->study, from->gathered, error)
           && blank(raster, from, error);
}

static bool put_cells(struct layer *layer, const struct raster *raster, struct error *error)
{
    size_t row = 0;
    for (size_t i = 0; i < raster->columns * raster->rows; i++) {
        double x = raster->x_min + (double)(i % raster->columns) * raster->cell_m;
        double y = raster->y_min + (double)(i / raster->columns) * raster->cell_m;
        if (!(raster->values[i] > 0))
            continue;
        layer->columns[0].numbers[row] = x + raster->cell_m / 2;
        layer->columns[1].numbers[row] = y + raster->cell_m / 2;
        layer->columns[2].numbers[row] = raster->values[i];
        if (!export_square_shape(&layer->shapes[row++], x, y, raster->cell_m, error))
            return false;
    }
    return true;
}

bool export_cells(struct layer *layer, const struct raster *raster, struct error *error)
{
    static const struct layer_column columns[] = {
        {"x", LAYER_REAL, 3, NULL, NULL, NULL},
        {"y", LAYER_REAL, 3, NULL, NULL, NULL},
        {"density", LAYER_REAL, 6, NULL, NULL, NULL},
    };
    size_t count = 0;
    for (size_t i = 0; i < raster->columns * raster->rows; i++)
        count += raster->values[i] > 0;
    bool done = layer_new(layer, "density", LAYER_POLYGONS, count, error);
    layer->description = "density of incidents by cell";
    return done && EXPORT_ADD_COLUMNS(layer, columns, error) && put_cells(layer, raster, error);
}
