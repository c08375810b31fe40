/* The places and shapes of GeoJSON's features. */
#include "engine/formats/geojson.h"
#include "engine/formats/geojson_parts.h"

#include <math.h>
#include <string.h>

/* ---- a place ---- */

static bool no_point(const struct geojson *geojson, const char *what, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s:%zu: feature %zu is %.40s; incidents are points",
                     geojson->input->shown, geojson->line, geojson->number, what);
}

static const cJSON *geometry_of(const struct geojson *geojson)
{
    return cJSON_GetObjectItemCaseSensitive(geojson->feature, "geometry");
}

const char *geojson_geometry_type(const struct geojson *geojson)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(geometry_of(geojson), "type"));
}

/* The position of a Point, or of the one point of a MultiPoint. */
static bool find_position(const cJSON **position, const struct geojson *geojson,
                          struct error *error)
{
    const char *type = geojson_geometry_type(geojson);
    bool several = type != NULL && strcmp(type, "MultiPoint") == 0;
    *position = cJSON_GetObjectItemCaseSensitive(geometry_of(geojson), "coordinates");
    if (!several && (type == NULL || strcmp(type, "Point") != 0))
        return no_point(geojson, type != NULL ? type : "nothing", error);
    if (several && cJSON_GetArraySize(*position) > 1)
        return no_point(geojson, "several points", error);
    if (several)
        *position = cJSON_GetArrayItem(*position, 0);
    return true;
}

bool geojson_point(double place[2], bool *there, const struct geojson *geojson, struct error *error)
{
    const cJSON *position;
    *there = geojson_has_geometry(geojson);
    if (!*there)
        return true;
    if (!find_position(&position, geojson, error))
        return false;
    const cJSON *x = cJSON_IsArray(position) ? position->child : NULL;
    const cJSON *y = x != NULL ? x->next : NULL;
    *there = x != NULL; /* an empty position is a point that is nowhere */
    if (*there
        && (!cJSON_IsNumber(x) || !cJSON_IsNumber(y) || !isfinite(x->valuedouble)
            || !isfinite(y->valuedouble)))
        return no_point(geojson, "at no position", error);
    place[0] = *there ? x->valuedouble : NAN;
    place[1] = *there ? y->valuedouble : NAN;
    return true;
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
    return error_set(tracing->error, ERROR_DATA, "%s:%zu: feature %zu: %s",
                     tracing->geojson->input->shown, tracing->geojson->line,
                     tracing->geojson->number, message_part(what));
}

static bool trace_position(struct tracing *tracing, const cJSON *position)
{
    const cJSON *x = cJSON_IsArray(position) ? position->child : NULL;
    const cJSON *y = x != NULL ? x->next : NULL;
    if (x == NULL || y == NULL || !cJSON_IsNumber(x) || !cJSON_IsNumber(y))
        return bad_shape(tracing, N_("a position is no [longitude, latitude]"));
    if (!isfinite(x->valuedouble) || !isfinite(y->valuedouble)
        || (tracing->geojson->in_degrees
            && !(fabs(x->valuedouble) <= 180 && fabs(y->valuedouble) <= 90)))
        return error_set(tracing->error, ERROR_DATA,
                         "%s:%zu: feature %zu: %g, %g is no longitude and latitude; write it in "
                         "WGS 84, as RFC 7946 has it",
                         tracing->geojson->input->shown, tracing->geojson->line,
                         tracing->geojson->number, x->valuedouble, y->valuedouble);
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
    const cJSON *positions = cJSON_IsArray(ring) ? ring : NULL, *position;
    const cJSON *first = positions != NULL ? positions->child : NULL, *last = NULL;
    size_t before = tracing->points;
    cJSON_ArrayForEach(position, positions)
    {
        if (!trace_position(tracing, position))
            return false;
        last = position;
    }
    if (first == NULL || last == NULL || tracing->points - before < 4)
        return bad_shape(tracing, N_("a ring has fewer than four positions"));
    if (!is_closed(first, last))
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
    const cJSON *geometry = geometry_of(geojson);
    return geometry != NULL && !cJSON_IsNull(geometry);
}

bool geojson_shape(struct shape *shape, const struct geojson *geojson, struct error *error)
{
    struct tracing tracing = {.geojson = geojson, .error = error};
    const cJSON *coordinates =
        cJSON_GetObjectItemCaseSensitive(geometry_of(geojson), "coordinates");
    const char *type = geojson_geometry_type(geojson);
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

/* ---- its lines ---- */

static bool trace_line(struct tracing *tracing, const cJSON *line)
{
    const cJSON *position;
    size_t before = tracing->points;
    if (!cJSON_IsArray(line))
        return bad_shape(tracing, N_("a line is no list of positions"));
    cJSON_ArrayForEach(position, line)
    {
        if (!trace_position(tracing, position))
            return false;
    }
    if (tracing->points == before)
        return true;
    tracing->rings++;
    if (tracing->shape != NULL)
        tracing->shape->ring_starts[tracing->rings] = tracing->points;
    return true;
}

static bool trace_lines(struct tracing *tracing, bool several, const cJSON *coordinates)
{
    const cJSON *line;
    tracing->points = tracing->rings = 0;
    if (!several)
        return trace_line(tracing, coordinates);
    if (!cJSON_IsArray(coordinates))
        return bad_shape(tracing, N_("a line is no list of positions"));
    cJSON_ArrayForEach(line, coordinates)
    {
        if (!trace_line(tracing, line))
            return false;
    }
    return true;
}

bool geojson_lines(struct shape *shape, const struct geojson *geojson, struct error *error)
{
    struct tracing tracing = {.geojson = geojson, .error = error};
    const cJSON *coordinates =
        cJSON_GetObjectItemCaseSensitive(geometry_of(geojson), "coordinates");
    const char *type = geojson_geometry_type(geojson);
    bool several = type != NULL && strcmp(type, "MultiLineString") == 0;
    *shape = (struct shape){0};
    if (!several && (type == NULL || strcmp(type, "LineString") != 0))
        return bad_shape(&tracing, N_("its geometry is no LineString or MultiLineString"));
    if (!trace_lines(&tracing, several, coordinates)
        || !shape_new(shape, tracing.points, tracing.rings, error))
        return false;
    tracing.shape = shape;
    return trace_lines(&tracing, several, coordinates);
}
