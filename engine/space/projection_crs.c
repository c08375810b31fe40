/* What a reference system is, and which one a study takes. */
#include "engine/space/projection_crs.h"

#include "engine/core/numbers.h"
#include "engine/space/netherlands.h"
#include "engine/space/projection_ready.h"
#include "engine/space/projection_systems.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double right_scale = 0.01; /* a projection further off is none to measure in */

/* Radians or metres in one unit of a system's axes; 0 when it is not known. */
static double axis_unit(PJ_CONTEXT *context, const PJ *crs)
{
    double unit = 0;
    PJ *axes = proj_crs_get_coordinate_system(context, crs);
    if (axes)
        proj_cs_get_axis_info(context, axes, 0, NULL, NULL, NULL, &unit, NULL, NULL, NULL);
    proj_destroy(axes);
    return unit;
}

static bool is_web_mercator(PJ_CONTEXT *context, const PJ *crs)
{
    const char *method = NULL;
    PJ *conversion = proj_crs_get_coordoperation(context, crs);
    bool is = conversion
              && proj_coordoperation_get_method_info(context, conversion, &method, NULL, NULL)
              && method && strstr(method, "Pseudo");
    proj_destroy(conversion);
    return is;
}

/* The map's derivatives at a place, in metres a radian. */
struct jacobian {
    double x_lon, x_lat, y_lon, y_lat;
};

static bool differentiate(struct jacobian *into, PJ *operation, PJ_COORD at, double step)
{
    PJ_COORD sides[4] = {at, at, at, at};
    sides[0].xy.x -= step;
    sides[1].xy.x += step;
    sides[2].xy.y -= step;
    sides[3].xy.y += step;
    for (int i = 0; i < 4; i++) {
        sides[i] = proj_trans(operation, PJ_FWD, sides[i]);
        if (!isfinite(sides[i].xy.x) || !isfinite(sides[i].xy.y))
            return false;
    }
    *into = (struct jacobian){
        .x_lon = (sides[1].xy.x - sides[0].xy.x) / (2 * step),
        .x_lat = (sides[3].xy.x - sides[2].xy.x) / (2 * step),
        .y_lon = (sides[1].xy.y - sides[0].xy.y) / (2 * step),
        .y_lat = (sides[3].xy.y - sides[2].xy.y) / (2 * step),
    };
    return true;
}

/* Tissot's indicatrix (Snyder 1987, eq. 4-11 to 4-15): the axes of the ellipse that a small circle
 * on the ground becomes. */
static double tissot_error(struct jacobian jacobian, double lat, double semi_major, double squared)
{
    double bulge = 1 - squared * sin(lat) * sin(lat);
    double prime = semi_major / sqrt(bulge) * cos(lat);
    double meridian = semi_major * (1 - squared) / (bulge * sqrt(bulge));
    double h = hypot(jacobian.x_lat, jacobian.y_lat) / meridian;
    double k = hypot(jacobian.x_lon, jacobian.y_lon) / prime;
    double area = fabs(jacobian.x_lon * jacobian.y_lat - jacobian.x_lat * jacobian.y_lon)
                  / (prime * meridian);
    double sum = sqrt(h * h + k * k + 2 * area);
    double difference = sqrt(fmax(0, h * h + k * k - 2 * area));
    return fmax(fabs((sum + difference) / 2 - 1), fabs((sum - difference) / 2 - 1));
}

static double scale_at(PJ_CONTEXT *context, PJ *operation, const PJ *base, PJ_COORD place,
                       double metres)
{
    double semi_major = 0, flattening = 0;
    PJ *ellipsoid = proj_get_ellipsoid(context, base);
    if (ellipsoid)
        proj_ellipsoid_get_parameters(context, ellipsoid, &semi_major, NULL, NULL, &flattening);
    proj_destroy(ellipsoid);
    double squared = flattening > 0 ? (2 - 1 / flattening) / flattening : 0;
    double radians = axis_unit(context, base);
    PJ_COORD at = proj_trans(operation, PJ_INV, place);
    struct jacobian jacobian;
    if (!(semi_major > 0) || !(radians > 0) || !isfinite(at.xy.x) || !isfinite(at.xy.y)
        || !differentiate(&jacobian, operation, at, 1e-5 / radians))
        return NAN;
    double factor = metres / radians;
    jacobian.x_lon *= factor;
    jacobian.x_lat *= factor;
    jacobian.y_lon *= factor;
    jacobian.y_lat *= factor;
    return tissot_error(jacobian, at.xy.y * radians, semi_major, squared);
}

static double scale_error(PJ_CONTEXT *context, const PJ *crs, double x, double y)
{
    double error = NAN;
    PJ *base = proj_crs_get_geodetic_crs(context, crs);
    PJ *operation = base ? systems_operation(context, base, crs, NULL) : NULL;
    if (operation)
        error = scale_at(context, operation, base, proj_coord(x, y, 0, 0), axis_unit(context, crs));
    proj_destroy(operation);
    proj_destroy(base);
    return error;
}

static void describe(struct crs_facts *facts, PJ_CONTEXT *context, const struct system *system,
                     PJ_COORD place)
{
    const char *name = proj_get_name(system->crs);
    *facts = (struct crs_facts){.kind = CRS_GEOGRAPHIC, .scale_error = NAN};
    snprintf(facts->name, sizeof facts->name, "%s", name ? name : "");
    snprintf(facts->authority, sizeof facts->authority, "%s", system->code);
    if (system_is_geographic(system->crs))
        return;
    PJ *inner = NULL;
    if (proj_get_type(system->crs) == PJ_TYPE_BOUND_CRS)
        inner = proj_get_source_crs(context, system->crs);
    const PJ *crs = inner ? inner : system->crs;
    if (!system_is_geographic(crs)) {
        facts->kind = proj_get_type(crs) == PJ_TYPE_PROJECTED_CRS ? CRS_PROJECTED : CRS_OTHER;
        facts->in_metres = axis_unit(context, crs) == 1;
        facts->scale_error = scale_error(context, crs, place.xy.x, place.xy.y);
    }
    proj_destroy(inner);
}

/* What is known of a well-known system without PROJ; false for another one. */
static bool describe_ready(struct crs_facts *facts, const struct system *system, double x, double y)
{
    struct ready ready;
    bool lonlat = ready_is_lonlat(system->code);
    if (!lonlat && !ready_find(&ready, system->code, NULL))
        return false;
    *facts = (struct crs_facts){.kind = lonlat ? CRS_GEOGRAPHIC : CRS_PROJECTED,
                                .in_metres = !lonlat,
                                .scale_error = ready_scale_error(system->code, x, y)};
    const char *degrees = strcmp(system->code, "EPSG:4258") == 0 ? "ETRS89" : "WGS 84";
    snprintf(facts->name, sizeof facts->name, "%s", lonlat ? degrees : ready.name);
    snprintf(facts->authority, sizeof facts->authority, "%s", system->code);
    return true;
}

bool crs_describe(struct crs_facts *facts, const char *crs, double x, double y, struct error *error)
{
    PJ_CONTEXT *context = NULL;
    struct system system = {0};
    bool done = system_open(&system, &context, crs, error);
    if (done && !describe_ready(facts, &system, x, y)) {
        done = system_load(&system, &context, error);
        if (done)
            describe(facts, context, &system, proj_coord(x, y, 0, 0));
    }
    system_close(&system);
    systems_context_close(context);
    return done;
}

static char *wkt_of(PJ_CONTEXT **context, struct system *system, PJ_WKT_TYPE type,
                    struct error *error)
{
    static const char *const one_line[] = {"MULTILINE=NO", NULL};
    if (!system_load(system, context, error))
        return NULL;
    const char *wkt = proj_as_wkt(*context, system->crs, type, one_line);
    if (!wkt) /* some projections have no name in WKT 1 */
        wkt = proj_as_wkt(*context, system->crs, PJ_WKT2_2019, one_line);
    if (wkt)
        return text_copy(wkt, strlen(wkt), error);
    error_set(error, ERROR_DATA,
              "the reference system '%.60s' cannot be written as WKT; choose another with --crs",
              system->text);
    return NULL;
}

char *crs_wkt(const char *crs, struct error *error)
{
    char *wkt = NULL;
    PJ_CONTEXT *context = NULL;
    struct system system = {0};
    if (system_open(&system, &context, crs, error))
        wkt = wkt_of(&context, &system, PJ_WKT1_GDAL, error);
    system_close(&system);
    systems_context_close(context);
    return wkt;
}

static bool fill_reference(struct reference *reference, PJ_CONTEXT **context, struct system *system,
                           struct error *error)
{
    static const char authority[] = "EPSG:";
    int64_t number;
    const char *digits = system->code + strlen(authority);
    reference->wkt = wkt_of(context, system, PJ_WKT1_GDAL, error);
    reference->esri_wkt =
        reference->wkt != NULL ? wkt_of(context, system, PJ_WKT1_ESRI, error) : NULL;
    if (reference->esri_wkt == NULL)
        return false;
    const char *name = proj_get_name(system->crs);
    reference->name = text_copy(name ? name : "", name ? strlen(name) : 0, error);
    if (strncmp(system->code, authority, strlen(authority)) == 0
        && number_parse_whole(&number, digits, digits + strlen(digits)) && number > 0
        && number < INT32_MAX)
        reference->epsg = (int)number;
    return reference->name != NULL;
}

bool crs_reference(struct reference *reference, const char *crs, struct error *error)
{
    struct system system = {0};
    PJ_CONTEXT *context = NULL;
    *reference = (struct reference){0};
    bool done = system_open(&system, &context, crs, error)
                && fill_reference(reference, &context, &system, error);
    system_close(&system);
    systems_context_close(context);
    if (!done)
        reference_free(reference);
    return done;
}

struct spot {
    double x, y;
};

/* Metres, and true to scale at the spot. */
static bool is_fit_to_measure(PJ_CONTEXT *context, struct system *system, struct spot spot)
{
    double error = ready_scale_error(system->code, spot.x, spot.y);
    if (!isnan(error))
        return error <= right_scale;
    struct crs_facts facts;
    if (!system->crs)
        return false; /* longitude and latitude */
    describe(&facts, context, system, proj_coord(spot.x, spot.y, 0, 0));
    return facts.kind == CRS_PROJECTED && facts.in_metres && facts.scale_error <= right_scale
           && !is_web_mercator(context, system->crs);
}

/* Turns a spot in the system into longitude and latitude, good enough to name a zone. */
static bool to_degrees(struct spot *spot, PJ_CONTEXT **context, struct system *system,
                       struct error *error)
{
    if (ready_is_lonlat(system->code))
        return true;
    if (!system_load(system, context, error))
        return false;
    PJ *degrees = proj_create(*context, "OGC:CRS84"), *operation = NULL;
    if (degrees)
        operation = systems_operation(*context, system->crs, degrees, error);
    if (operation) {
        PJ_COORD at = proj_trans(operation, PJ_FWD, proj_coord(spot->x, spot->y, 0, 0));
        *spot = (struct spot){at.xy.x, at.xy.y};
    }
    bool done = operation != NULL;
    proj_destroy(operation);
    proj_destroy(degrees);
    return done;
}

static bool choose_by_place(char **chosen, struct spot degrees, struct error *error)
{
    double lon = degrees.x, lat = degrees.y;
    if (!(fabs(lon) <= 360 && fabs(lat) <= 90))
        return error_set(error, ERROR_DATA,
                         "the boundaries' centre is no place on earth in their reference system; "
                         "name the right one with --boundaries-crs");
    lon -= 360 * floor((lon + 180) / 360);
    int zone = (int)floor((lon + 180) / 6) + 1;
    char code[CRS_CODE_SIZE];
    if (netherlands_hold(lon, lat))
        snprintf(code, sizeof code, "EPSG:28992");
    else
        snprintf(code, sizeof code, "EPSG:%d", (lat < 0 ? 32700 : 32600) + (zone > 60 ? 60 : zone));
    *chosen = text_copy(code, strlen(code), error);
    return *chosen != NULL;
}

static bool choose(char **chosen, PJ_CONTEXT **context, struct system *system, struct spot centre,
                   struct error *error)
{
    if (is_fit_to_measure(*context, system, centre)) {
        const char *text = system->code[0] ? system->code : system->text;
        *chosen = text_copy(text, strlen(text), error);
        return *chosen != NULL;
    }
    return to_degrees(&centre, context, system, error) && choose_by_place(chosen, centre, error);
}

bool crs_choose(char **chosen, const char *boundaries_crs, struct box box, struct error *error)
{
    *chosen = NULL;
    struct spot centre = {box.x_min / 2 + box.x_max / 2, box.y_min / 2 + box.y_max / 2};
    if (box_is_empty(box) || !isfinite(centre.x) || !isfinite(centre.y))
        return error_set(error, ERROR_DATA,
                         "the boundaries hold no place to choose a system for; "
                         "check the file, or name a system with --crs");
    PJ_CONTEXT *context = NULL;
    struct system system = {0};
    bool done = system_open(&system, &context, boundaries_crs, error)
                && choose(chosen, &context, &system, centre, error);
    system_close(&system);
    systems_context_close(context);
    return done;
}
