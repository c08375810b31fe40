/* Finds the operations that lead from one reference system to another: ready ones where it can,
 * else from PROJ's database. */
#include "engine/space/projection_route.h"

#include "engine/space/projection_systems.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GRID "nl_nsgi_rdtrans2018.tif"
static const double with_grid_m = 0.001, without_grid_m = 0.25;

struct ends {
    struct system from, to;
};

static bool is_ready(const struct system *system)
{
    struct ready ready;
    return ready_find(&ready, system->code, NULL);
}

static bool are_same(PJ_CONTEXT *context, const struct ends *ends)
{
    if (ends->from.code[0] != '\0' || ends->to.code[0] != '\0')
        return strcmp(ends->from.code, ends->to.code) == 0;
    return proj_is_equivalent_to_with_ctx(context, ends->from.crs, ends->to.crs,
                                          PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS)
           != 0;
}

/* PROJ does not look whether a grid that it once had is still there, and later passes points by it
 * unshifted; the first point tells. */
PJ *route_pipeline(PJ_CONTEXT *context, const struct ready *ready)
{
    PJ *pipeline = proj_create(context, ready->pipeline);
    if (!pipeline || !ready->gridded)
        return pipeline;
    PJ_COORD amersfoort = proj_trans(pipeline, PJ_FWD, proj_coord(5.4, 52.2, 0, 0));
    if (isfinite(amersfoort.xy.x))
        return pipeline;
    proj_destroy(pipeline);
    return NULL;
}

/* Whether PROJ can open the correction grid, and by what name. Its values are first read when an
 * engine is made (3 ms). */
static bool find_grid(char *path, size_t size)
{
    struct ready ready;
    if (!systems_grid_path(path, size, GRID) || strlen(path) > sizeof ready.pipeline / 2)
        return false;
    PJ_CONTEXT *shut = systems_context_shut(NULL);
    ready_find(&ready, "EPSG:28992", path);
    PJ *trial = shut ? proj_create(shut, ready.pipeline) : NULL;
    bool works = trial != NULL;
    systems_drop(trial);
    systems_context_close(shut);
    return works;
}

static void add_ready(struct route *route, const struct system *system, bool inverse)
{
    struct leg *leg = &route->legs[route->leg_count++];
    char path[1024];
    bool gridded = ready_is_rd_new(system->code) && find_grid(path, sizeof path);
    ready_find(&leg->ready, system->code, gridded ? path : NULL);
    leg->inverse = inverse;
    if (ready_is_rd_new(system->code))
        route->accuracy_m += gridded ? with_grid_m : without_grid_m;
}

/* PROJ chooses among several operations by the place; the first is the one it likes best. */
static double accuracy_of_first(PJ_CONTEXT *context, const PJ *from, const PJ *to)
{
    double accuracy = -1;
    PJ_OPERATION_FACTORY_CONTEXT *factory = proj_create_operation_factory_context(context, NULL);
    if (!factory)
        return accuracy;
    proj_operation_factory_context_set_spatial_criterion(
        context, factory, PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    proj_operation_factory_context_set_grid_availability_use(
        context, factory, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    PJ_OBJ_LIST *list = proj_create_operations(context, from, to, factory);
    PJ *first = list && proj_list_get_count(list) > 0 ? proj_list_get(context, list, 0) : NULL;
    if (first)
        accuracy = proj_coordoperation_get_accuracy(context, first);
    proj_destroy(first);
    proj_list_destroy(list);
    proj_operation_factory_context_destroy(factory);
    return accuracy;
}

static bool add_given(struct route *route, const PJ *from, const PJ *to, struct error *error)
{
    PJ *given = systems_operation(route->context, from, to, error);
    if (!given)
        return false;
    route->legs[route->leg_count++].given = given;
    double accuracy = proj_get_type(given) == PJ_TYPE_UNKNOWN
                          ? accuracy_of_first(route->context, from, to)
                          : proj_coordoperation_get_accuracy(route->context, given);
    route->accuracy_m += accuracy < 0 ? NAN : accuracy;
    return true;
}

static bool add_given_codes(struct route *route, const PJ *system, const char *lonlat,
                            struct error *error)
{
    PJ *degrees = proj_create(route->context, lonlat);
    bool to_degrees = route->leg_count == 0;
    bool done = degrees ? add_given(route, to_degrees ? system : degrees,
                                    to_degrees ? degrees : system, error)
                        : error_set(error, ERROR_DATA, "PROJ does not know %s", lonlat);
    proj_destroy(degrees);
    return done;
}

/* Straight from one to the other. Longitude and latitude are ETRS89's where the other's are. */
static bool plan_given(struct route *route, struct ends *ends, struct error *error)
{
    if (!system_load(&ends->from, &route->context, error)
        || !system_load(&ends->to, &route->context, error))
        return false;
    struct system *degrees = ready_is_lonlat(ends->from.code) ? &ends->from
                             : ready_is_lonlat(ends->to.code) ? &ends->to
                                                              : NULL;
    char base[CRS_CODE_SIZE];
    system_base_code(base, route->context, degrees == &ends->from ? &ends->to : &ends->from);
    if (degrees && strcmp(base, "EPSG:4258") == 0) {
        proj_destroy(degrees->crs);
        degrees->crs = NULL;
        snprintf(degrees->code, sizeof degrees->code, "EPSG:4258");
        if (!system_load(degrees, &route->context, error))
            return false;
    }
    return add_given(route, ends->from.crs, ends->to.crs, error);
}

/* Between RD New and a system that is not ready: by ETRS89, so that the grid is used as it is for
 * longitude and latitude. A system on the same datum needs no way round. */
static bool plan_by_etrs89(struct route *route, struct ends *ends, struct error *error)
{
    bool to_rd = ready_is_rd_new(ends->to.code);
    struct system *other = to_rd ? &ends->from : &ends->to;
    char base[CRS_CODE_SIZE];
    if (!system_load(other, &route->context, error))
        return false;
    system_base_code(base, route->context, other);
    if (strcmp(base, "EPSG:4289") == 0)
        return plan_given(route, ends, error);
    const char *lonlat = strcmp(base, "EPSG:4326") == 0 ? base : "EPSG:4258";
    if (!to_rd)
        add_ready(route, &ends->from, true);
    if (!add_given_codes(route, other->crs, lonlat, error))
        return false;
    if (to_rd)
        add_ready(route, &ends->to, false);
    return true;
}

static bool plan(struct route *route, struct ends *ends, struct error *error)
{
    bool from_ready = is_ready(&ends->from), to_ready = is_ready(&ends->to);
    bool from_known = from_ready || ready_is_lonlat(ends->from.code);
    bool to_known = to_ready || ready_is_lonlat(ends->to.code);
    if (are_same(route->context, ends))
        return true;
    if (!from_known || !to_known) {
        bool rd_new = ready_is_rd_new(ends->from.code) || ready_is_rd_new(ends->to.code);
        return rd_new ? plan_by_etrs89(route, ends, error) : plan_given(route, ends, error);
    }
    /* WGS 84 means ETRS89 here (DESIGN.md 5): between their degrees there is nothing to do. */
    if (from_ready)
        add_ready(route, &ends->from, true);
    if (to_ready)
        add_ready(route, &ends->to, false);
    return true;
}

/* Patches serve one operation from degrees to metres whose place is known. */
static void set_frame(struct route *route, struct ends *ends)
{
    const struct leg *leg = &route->legs[0];
    if (route->leg_count != 1 || !route->from_degrees || leg->inverse)
        return;
    if (!leg->given) {
        route->frame = leg->ready.frame;
        return;
    }
    double west, south, east, north, unit = 0;
    PJ *axes = proj_crs_get_coordinate_system(route->context, ends->to.crs);
    if (axes)
        proj_cs_get_axis_info(route->context, axes, 0, NULL, NULL, NULL, &unit, NULL, NULL, NULL);
    proj_destroy(axes);
    /* Among several operations there may be a step between two places. */
    if (unit == 1 && proj_get_type(ends->to.crs) == PJ_TYPE_PROJECTED_CRS
        && proj_get_type(leg->given) != PJ_TYPE_UNKNOWN
        && proj_get_area_of_use(route->context, ends->to.crs, &west, &south, &east, &north, NULL))
        route->frame = ready_frame(fmax(west - 1, -180), fmax(south - 1, -90), east + 1, north + 1);
}

static bool reads_degrees(const struct ends *ends, const struct leg *leg)
{
    if (ready_is_lonlat(ends->from.code))
        return true;
    return leg->given && proj_degree_input(leg->given, PJ_FWD) != 0;
}

static const char *name_of(const struct system *system, const struct system *other,
                           struct ready *scratch)
{
    /* What is called WGS 84 is taken as ETRS89 on the way to a system of Europe. */
    if (ready_is_lonlat(system->code) && !system->crs)
        return strncmp(other->code, "EPSG:32", 7) == 0 ? "WGS 84" : "ETRS89";
    if (ready_find(scratch, system->code, NULL))
        return ready_is_rd_new(system->code) ? "RD New" : scratch->name;
    const char *name = system->crs ? proj_get_name(system->crs) : NULL;
    return name ? name : system->text;
}

static void set_method(struct route *route, const struct ends *ends)
{
    struct ready ready[2];
    const char *how = message_part(N_("%.100s to %.100s"));
    for (int i = 0; i < route->leg_count; i++)
        if (strcmp(route->legs[i].ready.name, "Amersfoort / RD New") == 0)
            how = route->legs[i].ready.gridded
                      ? message_part(N_("%.100s to %.100s with nl_nsgi_rdtrans2018.tif"))
                      : message_part(N_("%.100s to %.100s without the correction grid"));
    snprintf(route->method, sizeof route->method, how, name_of(&ends->from, &ends->to, &ready[0]),
             name_of(&ends->to, &ends->from, &ready[1]));
}

bool route_open(struct route *route, const char *from, const char *to, struct error *error)
{
    *route = (struct route){0};
    struct ends ends = {0};
    bool done = system_open(&ends.from, &route->context, from, error)
                && system_open(&ends.to, &route->context, to, error) && plan(route, &ends, error);
    if (done) {
        route->from_degrees = reads_degrees(&ends, &route->legs[0]);
        set_frame(route, &ends);
        set_method(route, &ends);
    }
    system_close(&ends.from);
    system_close(&ends.to);
    if (!done)
        route_close(route);
    return done;
}

void route_close(struct route *route)
{
    for (int i = 0; i < route->leg_count; i++)
        systems_drop(route->legs[i].given);
    systems_context_close(route->context);
    *route = (struct route){0};
}
