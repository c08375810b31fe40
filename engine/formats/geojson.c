/* Reads GeoJSON (RFC 7946) one feature at a time. */
#include "engine/formats/geojson.h"

#include "engine/core/files.h"
#include "engine/core/text.h"

#include <cjson/cJSON.h>

#include <math.h>
#include <string.h>

enum {
    DEEPEST = 100,              /* of arrays and objects within one another */
    LARGEST_FEATURE = 32 << 20, /* bytes: in memory it is 20 times as large */
    MEMBERS = 32,               /* beside the features that are kept */
    SHOWN = 24,                 /* bytes of what is no JSON */
};

/* A member of the collection, as it stands in the file. */
struct member {
    const char *name, *name_end, *value, *end;
};

struct geojson {
    char *path;
    struct file_bytes file;
    const char *at, *end; /* what is left to read */
    struct member members[MEMBERS];
    size_t member_count;
    const char *counted; /* lines are counted up to here */
    size_t line, number;
    cJSON *feature;
};

/* ---- where it goes wrong ---- */

static size_t line_of(const struct geojson *geojson, const char *place)
{
    size_t line = 1;
    const char *end = geojson->file.bytes + geojson->file.size;
    for (const char *at = geojson->file.bytes; at < place && at < end; at++)
        line += *at == '\n';
    return line;
}

static bool no_json(const struct geojson *geojson, const char *place, struct error *error)
{
    char shown[SHOWN + 1] = "";
    size_t length = 0;
    const char *end = geojson->file.bytes + geojson->file.size;
    if (place >= end)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: the file ends in the middle; was it written to the end?",
                         geojson->path, line_of(geojson, end));
    while (length < SHOWN && place + length < end && (unsigned char)place[length] >= ' ')
        length++;
    while (length > 0 && !text_is_utf8(place, length))
        length--;
    memcpy(shown, place, length);
    return error_set(error, ERROR_DATA, "%s:%zu: this is no JSON: '%s'; mend it, or write it anew",
                     geojson->path, line_of(geojson, place), shown);
}

/* ---- the outline of JSON: where a value ends ---- */

static void skip_blanks(struct geojson *geojson)
{
    while (geojson->at < geojson->end && strchr(" \t\r\n", *geojson->at) != NULL)
        geojson->at++;
}

static bool skip_text(struct geojson *geojson, struct error *error)
{
    const char *at = geojson->at + 1;
    while (at < geojson->end && *at != '"')
        at += *at == '\\' && at + 1 < geojson->end ? 2 : 1;
    if (at >= geojson->end)
        return no_json(geojson, geojson->end, error);
    geojson->at = at + 1;
    return true;
}

static bool skip_word(struct geojson *geojson, struct error *error)
{
    const char *first = geojson->at;
    while (geojson->at < geojson->end && strchr(" \t\r\n,:]}[{\"", *geojson->at) == NULL)
        geojson->at++;
    return geojson->at > first || no_json(geojson, first, error);
}

static bool skip_opening(struct geojson *geojson, char *closings, size_t *depth,
                         struct error *error)
{
    if (*depth == DEEPEST)
        return error_set(
            error, ERROR_DATA,
            "%s:%zu: brackets within brackets, more than %d deep; is it the right file?",
            geojson->path, line_of(geojson, geojson->at), DEEPEST);
    closings[(*depth)++] = *geojson->at++ == '{' ? '}' : ']';
    return true;
}

/* One piece of a value: a text, a word, or a bracket. */
static bool skip_piece(struct geojson *geojson, char *closings, size_t *depth, struct error *error)
{
    char byte = *geojson->at;
    if (byte == '"')
        return skip_text(geojson, error);
    if (byte == '{' || byte == '[')
        return skip_opening(geojson, closings, depth, error);
    if (*depth > 0 && byte == closings[*depth - 1]) {
        geojson->at++;
        (*depth)--;
        return true;
    }
    if (*depth > 0 && (byte == ',' || byte == ':')) {
        geojson->at++;
        return true;
    }
    return skip_word(geojson, error);
}

/* Finds the end of a value; whether it is well formed within, cJSON tells. */
static bool skip_value(struct geojson *geojson, struct error *error)
{
    char closings[DEEPEST];
    size_t depth = 0;
    do {
        skip_blanks(geojson);
        if (geojson->at >= geojson->end)
            return no_json(geojson, geojson->end, error);
        if (!skip_piece(geojson, closings, &depth, error))
            return false;
    } while (depth > 0);
    return true;
}

/* ---- the collection ---- */

static bool expect(struct geojson *geojson, char byte, struct error *error)
{
    skip_blanks(geojson);
    if (geojson->at >= geojson->end || *geojson->at != byte)
        return no_json(geojson, geojson->at, error);
    geojson->at++;
    return true;
}

static bool read_member(struct geojson *geojson, struct error *error)
{
    struct member member;
    if (!expect(geojson, '"', error))
        return false;
    member.name = geojson->at--;
    if (!skip_text(geojson, error))
        return false;
    member.name_end = geojson->at - 1;
    if (!expect(geojson, ':', error))
        return false;
    skip_blanks(geojson);
    member.value = geojson->at;
    if (!skip_value(geojson, error))
        return false;
    member.end = geojson->at;
    if (geojson->member_count < MEMBERS)
        geojson->members[geojson->member_count++] = member;
    return true;
}

static bool read_members(struct geojson *geojson, struct error *error)
{
    skip_blanks(geojson);
    if (geojson->at < geojson->end && *geojson->at == '}') {
        geojson->at++;
        return true;
    }
    for (;;) {
        if (!read_member(geojson, error))
            return false;
        skip_blanks(geojson);
        if (geojson->at < geojson->end && *geojson->at == '}') {
            geojson->at++;
            return true;
        }
        if (!expect(geojson, ',', error))
            return false;
    }
}

static const struct member *find_member(const struct geojson *geojson, const char *name)
{
    for (size_t i = 0; i < geojson->member_count; i++) {
        const struct member *member = &geojson->members[i];
        size_t length = (size_t)(member->name_end - member->name);
        if (strlen(name) == length && memcmp(member->name, name, length) == 0)
            return member;
    }
    return NULL;
}

static cJSON *parse_member(const struct geojson *geojson, const char *name)
{
    const struct member *member = find_member(geojson, name);
    if (member == NULL)
        return NULL;
    return cJSON_ParseWithLength(member->value, (size_t)(member->end - member->value));
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

/* RFC 7946 has no `crs`; who still writes one says that it is WGS 84, or means another system. */
static bool check_system(const struct geojson *geojson, struct error *error)
{
    cJSON *crs = parse_member(geojson, "crs");
    const cJSON *about = cJSON_GetObjectItemCaseSensitive(crs, "properties");
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(about, "name"));
    bool fine =
        find_member(geojson, "crs") == NULL || cJSON_IsNull(crs)
        || (name != NULL && (strstr(name, "CRS84") != NULL || strstr(name, "4326") != NULL));
    cJSON_Delete(crs);
    return fine
           || error_set(error, ERROR_DATA,
                        "%s:%zu: its reference system is not WGS 84; write it in longitude and "
                        "latitude, as RFC 7946 has it",
                        geojson->path, line_of(geojson, find_member(geojson, "crs")->value));
}

static bool check_kind(const struct geojson *geojson, struct error *error)
{
    cJSON *type = parse_member(geojson, "type");
    const char *name = cJSON_GetStringValue(type);
    const struct member *features = find_member(geojson, "features");
    bool fine = name != NULL && strcmp(name, "FeatureCollection") == 0 && features != NULL
                && *features->value == '[';
    cJSON_Delete(type);
    return fine
           || error_set(error, ERROR_DATA,
                        "%s: JSON, but no GeoJSON FeatureCollection; is it the right file?",
                        geojson->path);
}

static bool read_head(struct geojson *geojson, struct error *error)
{
    const char *begin = geojson->file.bytes;
    geojson->end = begin + geojson->file.size;
    if (geojson->file.size >= 3 && memcmp(begin, "\xEF\xBB\xBF", 3) == 0)
        begin += 3;
    geojson->at = begin;
    skip_blanks(geojson);
    if (geojson->at < geojson->end && *geojson->at == '[')
        return check_kind(geojson, error);
    if (!expect(geojson, '{', error) || !read_members(geojson, error))
        return false;
    skip_blanks(geojson);
    if (geojson->at < geojson->end)
        return no_json(geojson, geojson->at, error);
    return check_kind(geojson, error) && check_system(geojson, error);
}

static bool read_file(struct geojson *geojson, const char *path, struct error *error)
{
    geojson->path = text_copy(path, strlen(path), error);
    if (geojson->path == NULL || !file_read(&geojson->file, path, 0, error))
        return false;
    if (memchr(geojson->file.bytes, '\0', geojson->file.size) != NULL
        || !text_is_utf8(geojson->file.bytes, geojson->file.size))
        return error_set(error, ERROR_DATA, "%s: no text in UTF-8, as JSON is", path);
    return true;
}

struct geojson *geojson_open(const char *path, struct error *error)
{
    struct geojson *geojson;
    if (!array_new(&geojson, 1, sizeof *geojson, error))
        return NULL;
    if (!read_file(geojson, path, error) || !read_head(geojson, error)) {
        geojson_close(geojson);
        return NULL;
    }
    const struct member *features = find_member(geojson, "features");
    geojson->at = features->value + 1;
    geojson->end = features->end; /* the closing bracket is the last byte before it */
    geojson->counted = geojson->file.bytes;
    geojson->line = 1;
    return geojson;
}

void geojson_close(struct geojson *geojson)
{
    if (geojson == NULL)
        return;
    cJSON_Delete(geojson->feature);
    file_free(&geojson->file);
    array_free(&geojson->path);
    array_free(&geojson);
}

/* ---- one feature ---- */

static bool parse_feature(struct geojson *geojson, const char *begin, struct error *error)
{
    size_t length = (size_t)(geojson->at - begin);
    const char *stopped = NULL;
    if (length > LARGEST_FEATURE)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a feature of %zu bytes; simplify it first, or split it",
                         geojson->path, geojson->line, length);
    geojson->feature = cJSON_ParseWithLengthOpts(begin, length, &stopped, false);
    if (geojson->feature == NULL)
        return no_json(geojson, stopped != NULL && stopped >= begin ? stopped : begin, error);
    const char *type =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(geojson->feature, "type"));
    if (type == NULL || strcmp(type, "Feature") != 0)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: item %zu of the features is no Feature; is it the right file?",
                         geojson->path, geojson->line, geojson->number);
    return true;
}

bool geojson_next(bool *there, struct geojson *geojson, struct error *error)
{
    cJSON_Delete(geojson->feature);
    geojson->feature = NULL;
    *there = false;
    skip_blanks(geojson);
    if (*geojson->at == ']')
        return true;
    if (geojson->number > 0 && !expect(geojson, ',', error))
        return false;
    skip_blanks(geojson);
    const char *begin = geojson->at;
    for (; geojson->counted < begin; geojson->counted++)
        geojson->line += *geojson->counted == '\n';
    geojson->number++;
    *there = skip_value(geojson, error) && parse_feature(geojson, begin, error);
    return *there;
}

size_t geojson_number(const struct geojson *geojson)
{
    return geojson->number;
}

size_t geojson_line(const struct geojson *geojson)
{
    return geojson->line;
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

size_t geojson_property_count(const struct geojson *geojson)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(geojson->feature, "properties");
    return cJSON_IsObject(properties) ? (size_t)cJSON_GetArraySize(properties) : 0;
}

const char *geojson_property_name(const struct geojson *geojson, size_t number)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(geojson->feature, "properties");
    return cJSON_GetArrayItem(properties, (int)number)->string;
}

void geojson_print(struct text *text, const struct geojson *geojson, const char *name)
{
    const cJSON *item = find_property(geojson, name);
    if (item == NULL || cJSON_IsNull(item))
        return;
    if (cJSON_IsString(item)) {
        text_add(text, "%s", item->valuestring);
        return;
    }
    char *printed = cJSON_PrintUnformatted(item);
    if (printed == NULL)
        text->failed = true;
    else
        text_add(text, "%s", printed);
    cJSON_free(printed);
}

static bool no_point(const struct geojson *geojson, const char *what, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s:%zu: feature %zu is %.40s; incidents are points",
                     geojson->path, geojson->line, geojson->number, what);
}

bool geojson_point(double place[2], bool *there, const struct geojson *geojson, struct error *error)
{
    const cJSON *geometry = cJSON_GetObjectItemCaseSensitive(geojson->feature, "geometry");
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(geometry, "type"));
    const cJSON *position = cJSON_GetObjectItemCaseSensitive(geometry, "coordinates");
    *there = geometry != NULL && !cJSON_IsNull(geometry);
    if (!*there)
        return true;
    if (type == NULL || strcmp(type, "Point") != 0)
        return no_point(geojson, type != NULL ? type : "nothing", error);
    const cJSON *x = cJSON_IsArray(position) ? position->child : NULL;
    const cJSON *y = x != NULL ? x->next : NULL;
    *there = x != NULL; /* an empty position is a point that is nowhere */
    if (*there && (!cJSON_IsNumber(x) || !cJSON_IsNumber(y)))
        return no_point(geojson, "at no position", error);
    place[0] = *there ? x->valuedouble : NAN;
    place[1] = *there ? y->valuedouble : NAN;
    return true;
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

/* ---- its shape ---- */

/* Counts first, then, when there is a shape to fill, fills it. */
struct tracing {
    const struct geojson *geojson;
    struct shape *shape;
    size_t points, rings;
    struct error *error;
};

static bool bad_shape(const struct tracing *tracing, const char *what)
{
    return error_set(tracing->error, ERROR_DATA, "%s:%zu: feature %zu: %s", tracing->geojson->path,
                     tracing->geojson->line, tracing->geojson->number, message_part(what));
}

static bool trace_position(struct tracing *tracing, const cJSON *position)
{
    const cJSON *x = cJSON_IsArray(position) ? position->child : NULL;
    const cJSON *y = x != NULL ? x->next : NULL;
    if (!cJSON_IsNumber(x) || !cJSON_IsNumber(y))
        return bad_shape(tracing, N_("a position is no [longitude, latitude]"));
    if (!(fabs(x->valuedouble) <= 180 && fabs(y->valuedouble) <= 90))
        return error_set(tracing->error, ERROR_DATA,
                         "%s:%zu: feature %zu: %g, %g is no longitude and latitude; write it in "
                         "WGS 84, as RFC 7946 has it",
                         tracing->geojson->path, tracing->geojson->line, tracing->geojson->number,
                         x->valuedouble, y->valuedouble);
    if (tracing->shape != NULL) {
        tracing->shape->x[tracing->points] = x->valuedouble;
        tracing->shape->y[tracing->points] = y->valuedouble;
    }
    tracing->points++;
    return true;
}

static bool is_closed(const cJSON *first, const cJSON *last)
{
    return first->child->valuedouble == last->child->valuedouble
           && first->child->next->valuedouble == last->child->next->valuedouble;
}

static bool trace_ring(struct tracing *tracing, const cJSON *ring)
{
    const cJSON *positions = cJSON_IsArray(ring) ? ring : NULL, *position, *last = NULL;
    size_t before = tracing->points;
    cJSON_ArrayForEach(position, positions)
    {
        if (!trace_position(tracing, position))
            return false;
        last = position;
    }
    if (tracing->points - before < 4)
        return bad_shape(tracing, N_("a ring has fewer than four positions"));
    if (!is_closed(positions->child, last))
        return bad_shape(tracing, N_("a ring does not end where it begins; close it"));
    tracing->rings++;
    if (tracing->shape != NULL)
        tracing->shape->ring_starts[tracing->rings] = tracing->points;
    return true;
}

static bool trace_polygon(struct tracing *tracing, const cJSON *polygon)
{
    const cJSON *ring;
    if (!cJSON_IsArray(polygon))
        return bad_shape(tracing, N_("a polygon is no list of rings"));
    cJSON_ArrayForEach(ring, polygon)
    {
        if (!trace_ring(tracing, ring))
            return false;
    }
    return true;
}

static bool trace(struct tracing *tracing, bool several, const cJSON *coordinates)
{
    const cJSON *polygon;
    tracing->points = tracing->rings = 0;
    if (!several)
        return trace_polygon(tracing, coordinates);
    if (!cJSON_IsArray(coordinates))
        return bad_shape(tracing, N_("a multipolygon is no list of polygons"));
    cJSON_ArrayForEach(polygon, coordinates)
    {
        if (!trace_polygon(tracing, polygon))
            return false;
    }
    return true;
}

bool geojson_has_geometry(const struct geojson *geojson)
{
    const cJSON *geometry = cJSON_GetObjectItemCaseSensitive(geojson->feature, "geometry");
    return geometry != NULL && !cJSON_IsNull(geometry);
}

bool geojson_shape(struct shape *shape, const struct geojson *geojson, struct error *error)
{
    struct tracing tracing = {.geojson = geojson, .error = error};
    const cJSON *geometry = cJSON_GetObjectItemCaseSensitive(geojson->feature, "geometry");
    const cJSON *coordinates = cJSON_GetObjectItemCaseSensitive(geometry, "coordinates");
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(geometry, "type"));
    bool several = type != NULL && strcmp(type, "MultiPolygon") == 0;
    *shape = (struct shape){0};
    if (!several && (type == NULL || strcmp(type, "Polygon") != 0))
        return bad_shape(&tracing, N_("its geometry is no Polygon or MultiPolygon"));
    if (!trace(&tracing, several, coordinates)
        || !shape_new(shape, tracing.points, tracing.rings, error))
        return false;
    tracing.shape = shape;
    return trace(&tracing, several, coordinates);
}
