/* From one reference system to another, by PROJ on a fixed lattice. */
#include "engine/space/projection.h"

#include "engine/space/lattice.h"
#include "engine/space/projection_route.h"
#include "engine/space/projection_systems.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

/* PROJ's objects serve one thread at a time; a call borrows a set of them. */
struct engine {
    PJ_CONTEXT *context;
    PJ *legs[ROUTE_LEGS], *fallbacks[ROUTE_LEGS];
    struct engine *next;
};

/* What changes while threads use a projection. */
struct pool {
    pthread_mutex_t mutex; /* guards `idle` and the operations that engines are cloned from */
    struct engine *idle;
    atomic_size_t off_grid;
};

struct projection {
    struct route route;
    struct pool *pool;
    struct lattice *lattice; /* NULL: PROJ does every point */
};

static void engine_close(struct engine *engine)
{
    if (!engine)
        return;
    for (int i = 0; i < ROUTE_LEGS; i++) {
        systems_drop(engine->legs[i]);
        systems_drop(engine->fallbacks[i]);
    }
    systems_context_close(engine->context);
    array_free(&engine);
}

static bool open_leg(struct engine *engine, int i, const struct leg *leg, struct error *error)
{
    PJ_CONTEXT *context = engine->context;
    const struct ready *ready = &leg->ready;
    engine->legs[i] = leg->given ? proj_clone(context, leg->given) : route_pipeline(context, ready);
    if (ready->gridded)
        engine->fallbacks[i] = proj_create(context, ready->fallback);
    if (!engine->legs[i] || (ready->gridded && !engine->fallbacks[i]))
        return error_set(error, ERROR_INTERNAL,
                         "PROJ cannot set up again a projection that it had set up; was "
                         "a grid taken away?");
    return true;
}

static struct engine *engine_open(const struct route *route, struct error *error)
{
    struct engine *engine = NULL;
    if (!array_new(&engine, 1, sizeof *engine, error))
        return NULL;
    bool given = false;
    for (int i = 0; i < route->leg_count; i++)
        given = given || route->legs[i].given;
    engine->context = given ? systems_context(error) : systems_context_shut(error);
    bool done = engine->context != NULL;
    for (int i = 0; done && i < route->leg_count; i++)
        done = open_leg(engine, i, &route->legs[i], error);
    if (!done) {
        engine_close(engine);
        return NULL;
    }
    return engine;
}

static struct engine *borrow(const struct projection *projection, struct error *error)
{
    struct pool *pool = projection->pool;
    pthread_mutex_lock(&pool->mutex);
    struct engine *engine = pool->idle;
    if (engine)
        pool->idle = engine->next;
    else
        engine = engine_open(&projection->route, error);
    pthread_mutex_unlock(&pool->mutex);
    return engine;
}

static void give_back(const struct projection *projection, struct engine *engine)
{
    struct pool *pool = projection->pool;
    pthread_mutex_lock(&pool->mutex);
    engine->next = pool->idle;
    pool->idle = engine;
    pthread_mutex_unlock(&pool->mutex);
}

static PJ_COORD nowhere(void)
{
    return proj_coord(NAN, NAN, 0, 0);
}

static PJ_COORD run(PJ *operation, PJ_DIRECTION direction, PJ_COORD at)
{
    PJ_COORD result = proj_trans(operation, direction, at);
    if (!isfinite(result.xy.x) || !isfinite(result.xy.y)) {
        proj_errno_reset(operation);
        return nowhere();
    }
    return proj_coord(result.xy.x, result.xy.y, 0, 0); /* a height is nobody's here */
}

static PJ_COORD run_leg(const struct engine *engine, int i, const struct leg *leg, PJ_COORD at,
                        bool *off_grid)
{
    PJ_DIRECTION direction = leg->inverse ? PJ_INV : PJ_FWD;
    PJ_COORD result = run(engine->legs[i], direction, at);
    if (!isnan(result.xy.x) || !engine->fallbacks[i])
        return result;
    *off_grid = true;
    return run(engine->fallbacks[i], direction, at);
}

static bool is_usable(const struct route *route, double x, double y)
{
    /* PROJ wraps any longitude, but beyond a whole turn it is a mistake. */
    bool on_earth = !route->from_degrees || (fabs(x) <= 360 && fabs(y) <= 90);
    return isfinite(x) && isfinite(y) && on_earth;
}

static void run_route(const struct route *route, const struct engine *engine,
                      const struct lattice_batch *batch)
{
    for (size_t k = 0; k < batch->count; k++) {
        PJ_COORD at = is_usable(route, batch->x[k], batch->y[k])
                          ? proj_coord(batch->x[k], batch->y[k], 0, 0)
                          : nowhere();
        batch->off_grid[k] = false;
        for (int i = 0; i < route->leg_count && !isnan(at.xy.x); i++)
            at = run_leg(engine, i, &route->legs[i], at, &batch->off_grid[k]);
        batch->x[k] = at.xy.x;
        batch->y[k] = at.xy.y;
        batch->off_grid[k] = batch->off_grid[k] && !isnan(at.xy.x);
    }
}

/* The lattice's transform. */
static bool run_exact(void *state, const struct lattice_batch *batch, struct error *error)
{
    const struct projection *projection = state;
    struct engine *engine = borrow(projection, error);
    if (!engine)
        return false;
    run_route(&projection->route, engine, batch);
    give_back(projection, engine);
    return true;
}

static bool pool_open(struct pool **pool, struct error *error)
{
    if (!array_new(pool, 1, sizeof **pool, error))
        return false;
    if (pthread_mutex_init(&(*pool)->mutex, NULL) != 0) {
        array_free(pool);
        return error_set(error, ERROR_INTERNAL, "no lock could be made for the projection");
    }
    atomic_init(&(*pool)->off_grid, 0);
    return true;
}

static void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    for (struct engine *engine = pool->idle; engine;) {
        struct engine *next = engine->next;
        engine_close(engine);
        engine = next;
    }
    pthread_mutex_destroy(&pool->mutex);
    array_free(&pool);
}

static bool lattice_wanted(struct projection *projection, struct error *error)
{
    const struct lattice_frame *frame = &projection->route.frame;
    if (frame->columns == 0)
        return true;
    projection->lattice = lattice_open(frame, run_exact, projection, error);
    return projection->lattice != NULL;
}

struct projection *projection_open(const char *from, const char *to, struct error *error)
{
    struct projection *projection = NULL;
    if (!array_new(&projection, 1, sizeof *projection, error))
        return NULL;
    if (!route_open(&projection->route, from, to, error) || !pool_open(&projection->pool, error)
        || !lattice_wanted(projection, error)) {
        projection_close(projection);
        return NULL;
    }
    return projection;
}

void projection_close(struct projection *projection)
{
    if (!projection)
        return;
    lattice_close(projection->lattice);
    pool_close(projection->pool);
    route_close(&projection->route);
    array_free(&projection);
}

static void keep_places(double *x, double *y, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!isfinite(x[k]) || !isfinite(y[k]))
            x[k] = y[k] = NAN;
}

bool projection_points(const struct projection *projection, double *x, double *y, size_t count,
                       struct error *error)
{
    if (!projection->lattice)
        return projection_points_exact(projection, x, y, count, error);
    size_t off_grid = 0;
    struct lattice_batch points = {x, y, NULL, count};
    if (!lattice_points(projection->lattice, &points, &off_grid, error))
        return false;
    atomic_fetch_add(&projection->pool->off_grid, off_grid);
    return true;
}

bool projection_points_exact(const struct projection *projection, double *x, double *y,
                             size_t count, struct error *error)
{
    enum { BATCH = 256 };
    bool flags[BATCH] = {false};
    if (projection->route.leg_count == 0) {
        keep_places(x, y, count);
        return true;
    }
    struct engine *engine = borrow(projection, error);
    if (!engine)
        return false;
    size_t off_grid = 0;
    for (size_t begin = 0; begin < count; begin += BATCH) {
        size_t length = count - begin < BATCH ? count - begin : BATCH;
        struct lattice_batch batch = {x + begin, y + begin, flags, length};
        run_route(&projection->route, engine, &batch);
        for (size_t k = 0; k < length; k++)
            off_grid += flags[k];
    }
    give_back(projection, engine);
    atomic_fetch_add(&projection->pool->off_grid, off_grid);
    return true;
}

double projection_accuracy_m(const struct projection *projection)
{
    return projection->route.accuracy_m;
}

const char *projection_method(const struct projection *projection)
{
    return projection->route.method;
}

size_t projection_without_grid(const struct projection *projection)
{
    return atomic_load(&projection->pool->off_grid);
}
