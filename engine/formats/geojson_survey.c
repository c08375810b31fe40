/* Looks a GeoJSON file through before its features are read: whether it is whole and of what kind,
 * which properties there are, and what stands beside the features. */
#include "engine/formats/geojson.h"

#include "engine/formats/geojson_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_MEMBER = 64 << 10 }; /* bytes, beside the features; a larger one is passed over */

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

/* The name as cJSON reads it, for it may hold escapes; NULL and an error when it is none. */
static char *decode(struct geojson *geojson, const struct text *raw, struct error *error)
{
    struct text quoted = {0};
    text_add(&quoted, "\"");
    text_add_bytes(&quoted, raw->bytes, raw->length);
    text_add(&quoted, "\"");
    char *name = NULL;
    if (text_check(&quoted, error)) {
        cJSON *item = cJSON_ParseWithLength(quoted.bytes, quoted.length);
        const char *value = cJSON_GetStringValue(item);
        if (value != NULL)
            name = text_copy(value, strlen(value), error);
        else
            geojson_scan_fails(&geojson->scan, geojson->scan.at, error);
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
    if (column->raw == NULL)
        return NULL;
    column->name = decode(geojson, raw, error);
    if (column->name == NULL) {
        free(column->raw);
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

bool geojson_is_called(const struct text *name, const char *wanted)
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
        geojson->has_ids = geojson->has_ids || geojson_is_called(name, "id");
        geojson->has_geometries =
            geojson->has_geometries
            || (geojson_is_called(name, "geometry") && geojson_scan_peek(scan) == '{');
        bool done = geojson_is_called(name, "properties") && geojson_scan_peek(scan) == '{'
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
        bool features = !geojson->has_features && geojson_is_called(name, "features")
                        && geojson_scan_peek(scan) == '[';
        if (!(features ? look_at_features(geojson, name, error)
                       : take_member(geojson, name, error)))
            return false;
    }
    return true;
}

int geojson_next_text(struct geojson_scan *scan)
{
    int byte;
    while ((byte = geojson_scan_blanks(scan)) == '\x1E')
        scan->at++;
    return byte;
}

static bool look_at_sequence(struct geojson *geojson, struct text *name, struct error *error)
{
    mark_start(geojson, geojson->scan.at);
    while (geojson_next_text(&geojson->scan) != GEOJSON_END)
        if (!look_at_feature(geojson, name, error))
            return false;
    return geojson->scan.failure.kind == ERROR_NONE
           || geojson_scan_fails(&geojson->scan, geojson->scan.end, error);
}

/* ---- what kind it is ---- */

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

bool geojson_survey(struct geojson *geojson, struct text *name, struct error *error)
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
