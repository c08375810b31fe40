/* The features of GeoJSON as rows: their properties are the columns. */
#include "engine/formats/geojson_features.h"

#include "engine/formats/geojson.h"
#include "engine/formats/geojson_parts.h"

#include <string.h>

static bool next_row(bool *there, void *state, struct error *error)
{
    return geojson_next(there, state, error);
}

static bool next_cells(bool *there, void *state, struct error *error)
{
    return geojson_next_properties(there, state, error);
}

static bool rewind_rows(void *state, struct error *error)
{
    return geojson_rewind(state, error);
}

/* {"name": "Overlast", "slug": "overlast"}: what people call it. */
static const cJSON *name_in(const cJSON *item)
{
    static const char *const KEYS[] = {"sub", "name", "value"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        const cJSON *found = cJSON_GetObjectItemCaseSensitive(item, KEYS[i]);
        if (cJSON_IsString(found))
            return found;
    }
    return item;
}

static bool print(struct text *into, const cJSON *item)
{
    if (cJSON_IsObject(item))
        item = name_in(item);
    if (item == NULL || cJSON_IsNull(item))
        return true;
    if (cJSON_IsString(item) || cJSON_IsNumber(item)) {
        if (cJSON_IsString(item))
            text_add_bytes(into, item->valuestring, strlen(item->valuestring));
        else
            features_add_number(into, item->valuedouble);
        return true;
    }
    char *printed = cJSON_PrintUnformatted(item);
    if (printed != NULL)
        text_add(into, "%s", printed);
    else
        into->failed = true;
    cJSON_free(printed);
    return true;
}

/* Columns are asked for in the order in which features mostly have them. */
static const cJSON *find_property(struct geojson *geojson, const char *name)
{
    const cJSON *next = geojson->last != NULL ? geojson->last->next : NULL;
    if (next == NULL || next->string == NULL || strcmp(next->string, name) != 0)
        next = cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(geojson->feature, "properties"), name);
    if (next != NULL)
        geojson->last = next;
    return next;
}

static bool print_cell(struct text *into, void *state, size_t column, struct error *error)
{
    struct geojson *geojson = state;
    (void)error;
    if (column == geojson->column_count)
        return print(into, cJSON_GetObjectItemCaseSensitive(geojson->feature, "id"));
    return print(into, find_property(geojson, geojson->columns[column].name));
}

static bool find_point(double place[2], bool *there, void *state, struct error *error)
{
    return geojson_point(place, there, state, error);
}

static bool find_shape(struct shape *shape, enum features_shape *kind, void *state,
                       struct error *error)
{
    const char *type = geojson_geometry_type(state);
    *shape = (struct shape){0};
    *kind = FEATURES_NOTHING;
    if (type == NULL)
        return true;
    if (strcmp(type, "Point") == 0 || strcmp(type, "MultiPoint") == 0) {
        *kind = FEATURES_POINT;
        return true;
    }
    bool is_line = strstr(type, "LineString") != NULL;
    *kind = is_line ? FEATURES_LINES : FEATURES_POLYGONS;
    return is_line ? geojson_lines(shape, state, error) : geojson_shape(shape, state, error);
}

static void close_rows(void *state)
{
    geojson_close(state);
}

static bool add_columns(struct features *into, const struct geojson *geojson, struct error *error)
{
    bool has_id = false;
    for (size_t i = 0; i < geojson->column_count; i++) {
        const struct geojson_column *column = &geojson->columns[i];
        has_id = has_id || text_equal(column->name, "id");
        if (!features_add_column(into, column->name, column->is_text, error))
            return false;
    }
    return !geojson->has_ids || has_id || features_add_column(into, "id", false, error);
}

bool geojson_features(struct features *into, struct input *input, struct error *error)
{
    static const struct features_format FORMAT = {
        .next = next_row,
        .next_cells = next_cells,
        .rewind = rewind_rows,
        .cell = print_cell,
        .point = find_point,
        .shape = find_shape,
        .close = close_rows,
    };
    struct geojson *geojson = geojson_open_input(input, error);
    *into = (struct features){.format = &FORMAT, .state = geojson, .path = input->shown};
    if (geojson == NULL)
        return false;
    if (add_columns(into, geojson, error)
        && features_take_crs(into, geojson->in_degrees ? "EPSG:4326" : geojson->crs, error)) {
        /* A table that was made GeoJSON; a file without features is the result of a search that
         * found nothing. */
        if (!geojson->has_geometries && geojson->column_count > 0)
            into->place = FEATURES_NO_PLACE;
        return true;
    }
    features_close(into);
    return false;
}
