/* Reads GeoJSON (RFC 7946) and sequences of it (RFC 8142) one feature at a time. */
#include "engine/formats/geojson.h"

#include "engine/formats/geojson_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FEATURE = 32 << 20 }; /* bytes: in memory it is 20 times as large */

static bool open_scan(struct geojson *geojson, struct error *error)
{
    struct text name = {0};
    geojson->scan.is_checked = true;
    geojson->scan.input = geojson->input;
    text_add(&name, "-"); /* has bytes from the start */
    bool done = geojson_scan_seek(&geojson->scan, 0, 1, error)
                && geojson_survey(geojson, &name, error) && geojson_rewind(geojson, error);
    geojson->scan.is_checked = false;
    text_free(&name);
    return done;
}

struct geojson *geojson_open(const char *path, struct error *error)
{
    struct geojson *geojson;
    if (!array_new(&geojson, 1, sizeof *geojson, error))
        return NULL;
    geojson->input = &geojson->own;
    if (input_open_raw(&geojson->own, path, error) && open_scan(geojson, error))
        return geojson;
    geojson_close(geojson);
    return NULL;
}

struct geojson *geojson_open_input(struct input *input, struct error *error)
{
    struct geojson *geojson;
    if (!array_new(&geojson, 1, sizeof *geojson, error))
        return NULL;
    geojson->input = input;
    geojson->is_lenient = true;
    if (open_scan(geojson, error))
        return geojson;
    geojson_close(geojson);
    return NULL;
}

bool geojson_rewind(struct geojson *geojson, struct error *error)
{
    geojson->number = 0;
    geojson->is_first = true;
    geojson->is_done = false;
    return geojson_scan_seek(&geojson->scan, geojson->start, geojson->start_line, error);
}

void geojson_close(struct geojson *geojson)
{
    if (geojson == NULL)
        return;
    for (size_t i = 0; i < geojson->column_count; i++) {
        free(geojson->columns[i].raw);
        free(geojson->columns[i].name);
    }
    for (size_t i = 0; i < geojson->member_count; i++) {
        free(geojson->members[i].name);
        free(geojson->members[i].value);
    }
    cJSON_Delete(geojson->feature);
    array_free(&geojson->columns);
    array_free(&geojson->crs);
    text_free(&geojson->name);
    geojson_scan_close(&geojson->scan);
    input_close(&geojson->own);
    array_free(&geojson);
}

/* ---- one feature ---- */

static bool is_none(const struct geojson *geojson, struct error *error)
{
    return error_set(error, ERROR_DATA,
                     "%s:%zu: item %zu of the features is no Feature; is it the right file?",
                     geojson->input->shown, geojson->line, geojson->number);
}

static bool check_feature(const struct geojson *geojson, struct error *error)
{
    const char *type =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(geojson->feature, "type"));
    return (type != NULL && strcmp(type, "Feature") == 0) || is_none(geojson, error);
}

static bool parse_feature(struct geojson *geojson, const char *begin, size_t length,
                          struct error *error)
{
    const char *stopped = NULL;
    geojson->feature = cJSON_ParseWithLengthOpts(begin, length, &stopped, false);
    if (geojson->feature == NULL)
        return geojson_scan_fails(&geojson->scan,
                                  stopped != NULL && stopped >= begin ? stopped : begin, error);
    return check_feature(geojson, error);
}

/* Stops at the next feature. */
static bool find_feature(bool *there, struct geojson *geojson, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    if (!geojson->is_sequence)
        return geojson_scan_item(there, scan, &geojson->is_first, error);
    *there = geojson_next_text(scan) != GEOJSON_END;
    return scan->failure.kind == ERROR_NONE || geojson_scan_fails(scan, scan->at, error);
}

/* Stops at the next feature and counts it; *there is false behind the last. */
static bool step(bool *there, struct geojson *geojson, struct error *error)
{
    cJSON_Delete(geojson->feature);
    geojson->feature = NULL;
    geojson->last = NULL;
    *there = false;
    if (geojson->is_done)
        return true;
    if (!find_feature(there, geojson, error))
        return false;
    geojson->is_done = !*there;
    if (*there) {
        geojson->line = geojson_scan_line(&geojson->scan, geojson->scan.at);
        geojson->number++;
    }
    return true;
}

/* Passes over a value of which all is kept. */
static bool keep_value(const char **begin, struct geojson *geojson, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    scan->keep = scan->at;
    scan->keep_most = LARGEST_FEATURE;
    bool done = geojson_scan_value(scan, error);
    *begin = scan->keep;
    scan->keep = NULL;
    return done
           && (*begin != NULL
               || error_set(error, ERROR_DATA,
                            "%s:%zu: a feature of more than %d MB; simplify it first, or split it",
                            geojson->input->shown, geojson->line, LARGEST_FEATURE >> 20));
}

bool geojson_next(bool *there, struct geojson *geojson, struct error *error)
{
    const char *begin;
    if (!step(there, geojson, error))
        return false;
    if (!*there)
        return true;
    *there = keep_value(&begin, geojson, error)
             && parse_feature(geojson, begin, (size_t)(geojson->scan.at - begin), error);
    return *there;
}

/* Adds the member to the feature as it is kept. */
static bool parse_part(struct geojson *geojson, const char *name, struct error *error)
{
    const char *begin, *stopped = NULL;
    if (!keep_value(&begin, geojson, error))
        return false;
    cJSON *item =
        cJSON_ParseWithLengthOpts(begin, (size_t)(geojson->scan.at - begin), &stopped, false);
    if (item == NULL)
        return geojson_scan_fails(&geojson->scan,
                                  stopped != NULL && stopped >= begin ? stopped : begin, error);
    if (cJSON_AddItemToObject(geojson->feature, name, item))
        return true;
    cJSON_Delete(item);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

static bool parse_parts(struct geojson *geojson, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    bool there = true, first = true;
    geojson->feature = cJSON_CreateObject();
    if (geojson->feature == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    if (geojson_scan_peek(scan) != '{')
        return is_none(geojson, error);
    scan->at++;
    while (there) {
        if (!geojson_scan_member(&there, &geojson->name, scan, &first, error))
            return false;
        if (!there)
            break;
        bool done = geojson_is_called(&geojson->name, "properties")
                        ? parse_part(geojson, "properties", error)
                    : geojson_is_called(&geojson->name, "id") ? parse_part(geojson, "id", error)
                                                              : geojson_scan_value(scan, error);
        if (!done)
            return false;
    }
    return true;
}

bool geojson_next_properties(bool *there, struct geojson *geojson, struct error *error)
{
    if (!step(there, geojson, error))
        return false;
    if (*there)
        *there = parse_parts(geojson, error);
    return *there || geojson->is_done;
}

size_t geojson_number(const struct geojson *geojson)
{
    return geojson->number;
}

size_t geojson_line(const struct geojson *geojson)
{
    return geojson->line;
}

size_t geojson_count(const struct geojson *geojson)
{
    return geojson->feature_count;
}

static const cJSON *find_property(const struct geojson *geojson, const char *name)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(geojson->feature, "properties");
    return cJSON_GetObjectItemCaseSensitive(properties, name);
}

bool geojson_has(const struct geojson *geojson, const char *name)
{
    const cJSON *item = find_property(geojson, name);
    return item != NULL && !cJSON_IsNull(item);
}

double geojson_property(const struct geojson *geojson, const char *name)
{
    const cJSON *item = find_property(geojson, name);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

const char *geojson_text(const struct geojson *geojson, const char *name)
{
    return cJSON_GetStringValue(find_property(geojson, name));
}

size_t geojson_items(const struct geojson *geojson, const char *list)
{
    const cJSON *items = find_property(geojson, list);
    return cJSON_IsArray(items) ? (size_t)cJSON_GetArraySize(items) : 0;
}

const char *geojson_item_text(const struct geojson *geojson, const char *list, size_t item,
                              const char *name)
{
    if (item >= geojson_items(geojson, list))
        return NULL;
    const cJSON *found = cJSON_GetArrayItem(find_property(geojson, list), (int)item);
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(found, name));
}
