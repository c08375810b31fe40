/* Reads GeoJSON (RFC 7946) and sequences of it (RFC 8142) one feature at a time. */
#include "engine/formats/geojson.h"

#include "engine/formats/geojson_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGEST_FEATURE = 32 << 20, /* bytes: in memory it is 20 times as large */
    LARGEST_MEMBER = 64 << 10,  /* beside the features; a larger one is passed over */
};

/* ---- beside the features ---- */

static const struct geojson_member *find_member(const struct geojson *geojson, const char *name)
{
    for (size_t i = 0; i < geojson->member_count; i++)
        if (strcmp(geojson->members[i].name, name) == 0)
            return &geojson->members[i];
    return NULL;
}

static cJSON *parse_member(const struct geojson *geojson, const char *name)
{
    const struct geojson_member *member = find_member(geojson, name);
    return member != NULL ? cJSON_ParseWithLength(member->value, strlen(member->value)) : NULL;
}

bool geojson_member(double *value, const struct geojson *geojson, const char *name)
{
    cJSON *item = parse_member(geojson, name);
    bool found = cJSON_IsNumber(item);
    if (found)
        *value = item->valuedouble;
    cJSON_Delete(item);
    return found;
}

static bool take_member(struct geojson *geojson, const struct text *name, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    size_t line = geojson_scan_line(scan, scan->at);
    scan->keep = scan->at;
    scan->keep_most = LARGEST_MEMBER;
    bool done = geojson_scan_value(scan, error);
    const char *value = scan->keep;
    scan->keep = NULL;
    if (!done || value == NULL || geojson->member_count == GEOJSON_MEMBERS)
        return done;
    struct geojson_member *member = &geojson->members[geojson->member_count++];
    member->line = line;
    member->name = text_copy(name->bytes, name->length, error);
    member->value = text_copy(value, (size_t)(scan->at - value), error);
    return member->name != NULL && member->value != NULL;
}

/* ---- looking through the features, for the names of their properties ---- */

/* The name as cJSON reads it, for it may hold escapes; NULL when it is none. */
static char *decode(const struct text *raw, struct error *error)
{
    struct text quoted = {0};
    text_add(&quoted, "\"");
    text_add_bytes(&quoted, raw->bytes, raw->length);
    text_add(&quoted, "\"");
    char *name = NULL;
    if (text_check(&quoted, error)) {
        cJSON *item = cJSON_ParseWithLength(quoted.bytes, quoted.length);
        const char *value = cJSON_GetStringValue(item);
        name = value != NULL ? text_copy(value, strlen(value), error) : NULL;
        cJSON_Delete(item);
    }
    text_free(&quoted);
    return name;
}

/* Features mostly have the same properties in the same order. */
static struct geojson_column *find_column(const struct geojson *geojson, const struct text *raw,
                                          size_t expected)
{
    for (size_t i = 0; i < geojson->column_count; i++) {
        size_t at = (expected + i) % geojson->column_count;
        struct geojson_column *column = &geojson->columns[at];
        if (column->length == raw->length && memcmp(column->raw, raw->bytes, raw->length) == 0)
            return column;
    }
    return NULL;
}

static struct geojson_column *add_column(struct geojson *geojson, const struct text *raw,
                                         struct error *error)
{
    enum { MOST = 2000 };
    struct capacity capacity = {geojson->column_capacity, sizeof *geojson->columns};
    if (geojson->column_count == MOST) {
        error_set(error, ERROR_DATA, "%s: more than %d different properties", geojson->input->shown,
                  (int)MOST);
        return NULL;
    }
    if (!array_reserve(&geojson->columns, &capacity, geojson->column_count + 1, error))
        return NULL;
    geojson->column_capacity = capacity.held;
    struct geojson_column *column = &geojson->columns[geojson->column_count];
    *column = (struct geojson_column){.length = raw->length};
    column->raw = text_copy(raw->bytes, raw->length, error);
    column->name = column->raw != NULL ? decode(raw, error) : NULL;
    if (column->name == NULL) {
        free(column->raw);
        geojson_scan_fails(&geojson->scan, geojson->scan.at, error);
        return NULL;
    }
    geojson->column_count++;
    return column;
}

static bool look_at_properties(struct geojson *geojson, struct text *name, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    bool there = true, first = true;
    size_t expected = 0;
    scan->at++;
    while (there) {
        if (!geojson_scan_member(&there, name, scan, &first, error))
            return false;
        if (!there)
            break;
        struct geojson_column *column = find_column(geojson, name, expected);
        if (column == NULL)
            column = add_column(geojson, name, error);
        if (column == NULL)
            return false;
        expected = (size_t)(column - geojson->columns) + 1;
        column->is_text = column->is_text || geojson_scan_peek(scan) == '"';
        if (!geojson_scan_value(scan, error))
            return false;
    }
    return true;
}

static bool is_called(const struct text *name, const char *wanted)
{
    return name->length == strlen(wanted) && memcmp(name->bytes, wanted, name->length) == 0;
}

/* What is no object is told of when its turn comes. */
static bool look_at_feature(struct geojson *geojson, struct text *name, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    bool there = true, first = true;
    geojson->feature_count++;
    if (geojson_scan_peek(scan) != '{')
        return geojson_scan_value(scan, error);
    scan->at++;
    while (there) {
        if (!geojson_scan_member(&there, name, scan, &first, error))
            return false;
        if (!there)
            break;
        geojson->has_ids = geojson->has_ids || is_called(name, "id");
        geojson->has_geometries =
            geojson->has_geometries
            || (is_called(name, "geometry") && geojson_scan_peek(scan) == '{');
        bool done = is_called(name, "properties") && geojson_scan_peek(scan) == '{'
                        ? look_at_properties(geojson, name, error)
                        : geojson_scan_value(scan, error);
        if (!done)
            return false;
    }
    return true;
}

static void mark_start(struct geojson *geojson, const char *place)
{
    struct geojson_scan *scan = &geojson->scan;
    geojson->start = scan->offset + (uint64_t)(place - scan->buffer);
    geojson->start_line = geojson_scan_line(scan, place);
}

static bool look_at_features(struct geojson *geojson, struct text *name, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    bool there = true, first = true;
    scan->at++;
    mark_start(geojson, scan->at);
    geojson->has_features = true;
    while (there)
        if (!geojson_scan_item(&there, scan, &first, error)
            || (there && !look_at_feature(geojson, name, error)))
            return false;
    return true;
}

static bool look_at_collection(struct geojson *geojson, struct text *name, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    bool there = true, first = true;
    if (!geojson_scan_expect(scan, '{', error))
        return false;
    while (there) {
        if (!geojson_scan_member(&there, name, scan, &first, error))
            return false;
        if (!there)
            break;
        bool features =
            !geojson->has_features && is_called(name, "features") && geojson_scan_peek(scan) == '[';
        if (!(features ? look_at_features(geojson, name, error)
                       : take_member(geojson, name, error)))
            return false;
    }
    return true;
}

/* Blanks, and the separators that RFC 8142 puts before each text. */
static int next_text(struct geojson_scan *scan)
{
    int byte;
    while ((byte = geojson_scan_blanks(scan)) == '\x1E')
        scan->at++;
    return byte;
}

static bool look_at_sequence(struct geojson *geojson, struct text *name, struct error *error)
{
    mark_start(geojson, geojson->scan.at);
    while (next_text(&geojson->scan) != GEOJSON_END)
        if (!look_at_feature(geojson, name, error))
            return false;
    return geojson->scan.failure.kind == ERROR_NONE
           || geojson_scan_fails(&geojson->scan, geojson->scan.end, error);
}

/* ---- opening ---- */

static bool is_typed(const struct geojson *geojson, const char *wanted)
{
    cJSON *type = parse_member(geojson, "type");
    const char *name = cJSON_GetStringValue(type);
    bool found = name != NULL && strcmp(name, wanted) == 0;
    cJSON_Delete(type);
    return found;
}

static bool check_kind(const struct geojson *geojson, struct error *error)
{
    return (geojson->has_features && is_typed(geojson, "FeatureCollection"))
           || error_set(error, ERROR_DATA,
                        "%s: JSON, but no GeoJSON FeatureCollection; is it the right file?",
                        geojson->input->shown);
}

/* RFC 7946 has no `crs`; who still writes one says that it is WGS 84, or means another system. */
static bool read_system(struct geojson *geojson, struct error *error)
{
    cJSON *crs = parse_member(geojson, "crs");
    const cJSON *about = cJSON_GetObjectItemCaseSensitive(crs, "properties");
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(about, "name"));
    const struct geojson_member *member = find_member(geojson, "crs");
    bool told = member != NULL && !cJSON_IsNull(crs);
    bool degrees = name != NULL && (strstr(name, "CRS84") != NULL || strstr(name, "4326") != NULL);
    bool done = true;
    geojson->in_degrees = !told || degrees;
    if (!geojson->in_degrees && !geojson->is_lenient)
        done = error_set(error, ERROR_DATA,
                         "%s:%zu: its reference system is not WGS 84; write it in longitude and "
                         "latitude, as RFC 7946 has it",
                         geojson->input->shown, member->line);
    else if (!geojson->in_degrees && name == NULL)
        done =
            error_set(error, ERROR_DATA,
                      "%s:%zu: its reference system is told in no way that is known; write it in "
                      "longitude and latitude, as RFC 7946 has it",
                      geojson->input->shown, member->line);
    else if (!geojson->in_degrees)
        done = (geojson->crs = text_copy(name, strlen(name), error)) != NULL;
    cJSON_Delete(crs);
    return done;
}

static size_t mark_length(struct geojson_scan *scan)
{
    static const char MARK[] = "\xEF\xBB\xBF";
    return geojson_scan_peek(scan) != GEOJSON_END && scan->end - scan->at >= 3
                   && memcmp(scan->at, MARK, 3) == 0
               ? 3
               : 0;
}

static bool start_sequence(struct geojson *geojson, size_t begin, struct error *error)
{
    geojson->is_sequence = geojson->in_degrees = true;
    return geojson_scan_seek(&geojson->scan, begin, 1, error);
}

/* All is looked through once: then it is known whether it is whole, what its properties are, and
 * what stands behind the features. */
static bool look_through(struct geojson *geojson, struct text *name, struct error *error)
{
    struct geojson_scan *scan = &geojson->scan;
    size_t begin = mark_length(scan);
    scan->at += begin;
    int byte = geojson_scan_blanks(scan);
    if (byte == '[')
        return check_kind(geojson, error);
    bool is_empty = byte == GEOJSON_END && scan->failure.kind == ERROR_NONE;
    if ((byte == '\x1E' || is_empty) && geojson->is_lenient)
        return start_sequence(geojson, begin, error) && look_at_sequence(geojson, name, error);
    if (!look_at_collection(geojson, name, error))
        return false;
    if (geojson->is_lenient && is_typed(geojson, "Feature"))
        return start_sequence(geojson, begin, error) && look_at_sequence(geojson, name, error);
    if (geojson_scan_blanks(scan) != GEOJSON_END || scan->failure.kind != ERROR_NONE)
        return geojson_scan_fails(scan, scan->at, error);
    return check_kind(geojson, error) && read_system(geojson, error);
}

static bool open_scan(struct geojson *geojson, struct error *error)
{
    struct text name = {0};
    geojson->scan.is_checked = true;
    geojson->scan.input = geojson->input;
    text_add(&name, "-"); /* has bytes from the start */
    bool done = geojson_scan_seek(&geojson->scan, 0, 1, error)
                && look_through(geojson, &name, error) && geojson_rewind(geojson, error);
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

static bool check_feature(const struct geojson *geojson, struct error *error)
{
    const char *type =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(geojson->feature, "type"));
    return (type != NULL && strcmp(type, "Feature") == 0)
           || error_set(error, ERROR_DATA,
                        "%s:%zu: item %zu of the features is no Feature; is it the right file?",
                        geojson->input->shown, geojson->line, geojson->number);
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
    *there = next_text(scan) != GEOJSON_END;
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
    if (!geojson_scan_expect(scan, '{', error))
        return false;
    while (there) {
        if (!geojson_scan_member(&there, &geojson->name, scan, &first, error))
            return false;
        if (!there)
            break;
        bool done = is_called(&geojson->name, "properties")
                        ? parse_part(geojson, "properties", error)
                    : is_called(&geojson->name, "id") ? parse_part(geojson, "id", error)
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
