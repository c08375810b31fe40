/* A piece of ground in a frame on the page, and shapes traced from the one into the other. */
#include "engine/draw/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double margin = 40;       /* points outside the frame at which lines are cut */
static const double same_place = 0.12; /* points nearer than this are one */

struct view view_fit(struct box ground, const double frame[4])
{
    const double least_m = 100;
    if (box_is_empty(ground) || !isfinite(ground.x_max - ground.x_min)
        || !isfinite(ground.y_max - ground.y_min))
        ground = (struct box){0, 0, 0, 0};
    double width = ground.x_max - ground.x_min, height = ground.y_max - ground.y_min;
    double x = ground.x_min + width / 2, y = ground.y_min + height / 2;
    if (!(width > 0) && !(height > 0))
        width = least_m;
    double scale = fmin(frame[2] / fmax(width, 1e-3), frame[3] / fmax(height, 1e-3));
    double half_x = frame[2] / scale / 2, half_y = frame[3] / scale / 2;
    return (struct view){.ground = {x - half_x, y - half_y, x + half_x, y + half_y},
                         .x = frame[0],
                         .y = frame[1],
                         .width = frame[2],
                         .height = frame[3],
                         .scale = scale};
}

double view_x(const struct view *view, double x)
{
    return view->x + (x - view->ground.x_min) * view->scale;
}

double view_y(const struct view *view, double y)
{
    return view->y + (view->ground.y_max - y) * view->scale;
}

struct box view_frame(const struct view *view)
{
    return (struct box){view->x, view->y, view->x + view->width, view->y + view->height};
}

void view_clip(struct canvas *canvas, const struct view *view)
{
    canvas_add_rectangle(canvas, (double[4]){view->x, view->y, view->width, view->height});
    canvas_clip(canvas);
}

/* Points on their way through the four edges. */
struct chain {
    double *x, *y;
    size_t count, capacity;
};

static bool push(struct chain *chain, double x, double y, struct error *error)
{
    struct capacity of_x = {chain->capacity, sizeof(double)}, of_y = of_x;
    if (!array_reserve(&chain->x, &of_x, chain->count + 1, error)
        || !array_reserve(&chain->y, &of_y, chain->count + 1, error))
        return false;
    chain->capacity = of_x.held;
    chain->x[chain->count] = x;
    chain->y[chain->count++] = y;
    return true;
}

static void free_chain(struct chain *chain)
{
    array_free(&chain->x);
    array_free(&chain->y);
}

/* How far a point lies inside edge 0 left, 1 right, 2 top, 3 bottom of the box. */
static double inside(const struct box *box, int edge, double x, double y)
{
    switch (edge) {
    case 0:
        return x - box->x_min;
    case 1:
        return box->x_max - x;
    case 2:
        return y - box->y_min;
    default:
        return box->y_max - y;
    }
}

struct edge {
    struct box box;
    int number;
    bool closed;
};

/* One edge of Sutherland and Hodgman (1974). An open line is cut the same way: where it leaves the
 * box it runs on along the edge, out of sight. */
static bool cut_at(struct chain *out, const struct chain *in, const struct edge *edge,
                   struct error *error)
{
    out->count = 0;
    for (size_t i = 0; i < in->count; i++) {
        double here = inside(&edge->box, edge->number, in->x[i], in->y[i]);
        bool first = i == 0;
        size_t before = first ? in->count - 1 : i - 1;
        double there = inside(&edge->box, edge->number, in->x[before], in->y[before]);
        if ((!first || edge->closed) && (here < 0) != (there < 0)) {
            double share = there / (there - here);
            if (!push(out, in->x[before] + (in->x[i] - in->x[before]) * share,
                      in->y[before] + (in->y[i] - in->y[before]) * share, error))
                return false;
        }
        if (here >= 0 && !push(out, in->x[i], in->y[i], error))
            return false;
    }
    return true;
}

static void measure(double *along, const struct chain *chain)
{
    along[0] = 0;
    for (size_t i = 1; i < chain->count; i++)
        along[i] = along[i - 1]
                   + vector_length(chain->x[i] - chain->x[i - 1], chain->y[i] - chain->y[i - 1]);
}

static bool add_part(struct trace *trace, const struct chain *chain, struct error *error)
{
    struct capacity x = {trace->point_capacity, sizeof(double)}, y = x, along = x;
    struct capacity parts = {trace->part_capacity, sizeof(size_t)};
    if (chain->count < 2)
        return true;
    if (!array_reserve(&trace->x, &x, trace->point_count + chain->count, error)
        || !array_reserve(&trace->y, &y, trace->point_count + chain->count, error)
        || !array_reserve(&trace->along, &along, trace->point_count + chain->count, error)
        || !array_reserve(&trace->starts, &parts, trace->part_count + 2, error))
        return false;
    trace->point_capacity = x.held;
    trace->part_capacity = parts.held;
    memcpy(trace->x + trace->point_count, chain->x, chain->count * sizeof(double));
    memcpy(trace->y + trace->point_count, chain->y, chain->count * sizeof(double));
    for (size_t i = 0; i < chain->count; i++) {
        trace->top = fmin(trace->top, chain->y[i]);
        trace->bottom = fmax(trace->bottom, chain->y[i]);
        trace->left = fmin(trace->left, chain->x[i]);
        trace->right = fmax(trace->right, chain->x[i]);
    }
    measure(trace->along + trace->point_count, chain);
    trace->starts[trace->part_count++] = trace->point_count;
    trace->point_count += chain->count;
    trace->starts[trace->part_count] = trace->point_count;
    return true;
}

/* Which of the four sides a point lies beyond; runs of points beyond one side fold into two. */
static unsigned beyond(const struct box *box, double x, double y)
{
    return (x < box->x_min ? 1u : 0u) | (x > box->x_max ? 2u : 0u) | (y < box->y_min ? 4u : 0u)
           | (y > box->y_max ? 8u : 0u);
}

static bool take_points(struct chain *chain, const struct drawn *drawn, size_t part,
                        struct error *error)
{
    struct box box = view_frame(drawn->view);
    unsigned last = 0, one_before = 0;
    chain->count = 0;
    for (size_t i = drawn->shape->ring_starts[part]; i < drawn->shape->ring_starts[part + 1]; i++) {
        double x = view_x(drawn->view, drawn->shape->x[i]);
        double y = view_y(drawn->view, drawn->shape->y[i]);
        if (!isfinite(x) || !isfinite(y))
            continue;
        unsigned side = beyond(&box, x, y);
        size_t end = chain->count;
        if (end >= 2 && (side & last & one_before) != 0)
            chain->count--; /* the point between two others beyond one side shows nothing */
        else if (end >= 1 && side == 0 && last == 0 && fabs(x - chain->x[end - 1]) < same_place
                 && fabs(y - chain->y[end - 1]) < same_place
                 && i + 1 < drawn->shape->ring_starts[part + 1])
            continue;
        else
            one_before = last;
        last = side;
        if (!push(chain, x, y, error))
            return false;
    }
    return true;
}

enum { BLOCK = 16 };

static void forget_blocks(struct trace *trace)
{
    array_free(&trace->lows);
    array_free(&trace->highs);
}

/* From one point in sixteen to the next of them. */
static bool find_blocks(struct trace *trace, struct error *error)
{
    size_t count = trace->point_count / BLOCK;
    if (!array_new(&trace->lows, count, sizeof *trace->lows, error)
        || !array_new(&trace->highs, count, sizeof *trace->highs, error))
        return false;
    for (size_t block = 0; block < count; block++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = block * BLOCK; i <= (block + 1) * BLOCK && i < trace->point_count; i++) {
            low = fmin(low, trace->y[i]);
            high = fmax(high, trace->y[i]);
        }
        trace->lows[block] = low;
        trace->highs[block] = high;
    }
    return true;
}

bool trace_shape(struct trace *trace, const struct drawn *drawn, struct error *error)
{
    struct box box = view_frame(drawn->view);
    struct chain one = {0}, two = {0};
    bool done = true;
    box = (struct box){box.x_min - margin, box.y_min - margin, box.x_max + margin,
                       box.y_max + margin};
    forget_blocks(trace);
    trace->point_count = trace->part_count = 0;
    trace->top = trace->left = INFINITY;
    trace->bottom = trace->right = -INFINITY;
    for (size_t part = 0; done && part < drawn->shape->ring_count; part++) {
        done = take_points(&one, drawn, part, error);
        for (int number = 0; done && number < 4; number++) {
            struct edge edge = {box, number, drawn->closed};
            done = number % 2 == 0 ? cut_at(&two, &one, &edge, error)
                                   : cut_at(&one, &two, &edge, error);
        }
        done = done && add_part(trace, &one, error);
    }
    free_chain(&one);
    free_chain(&two);
    return done && find_blocks(trace, error);
}

void trace_free(struct trace *trace)
{
    array_free(&trace->x);
    array_free(&trace->y);
    array_free(&trace->along);
    forget_blocks(trace);
    array_free(&trace->starts);
    *trace = (struct trace){0};
}

void trace_draw(struct canvas *canvas, const struct trace *trace, bool closed)
{
    for (size_t part = 0; part < trace->part_count; part++) {
        size_t first = trace->starts[part];
        canvas_move(canvas, trace->x[first], trace->y[first]);
        for (size_t i = first + 1; i < trace->starts[part + 1]; i++)
            canvas_line(canvas, trace->x[i], trace->y[i]);
        if (closed)
            canvas_close_path(canvas);
    }
}

/* Twice the area of a ring, positive when it turns clockwise on the page. */
static double twice_area(const struct trace *trace, size_t part)
{
    size_t first = trace->starts[part], end = trace->starts[part + 1];
    double twice = 0;
    for (size_t i = first, before = end - 1; i < end; before = i++)
        twice += trace->x[before] * trace->y[i] - trace->x[i] * trace->y[before];
    return twice;
}

void trace_draw_turned(struct canvas *canvas, const struct trace *trace)
{
    size_t count = trace->point_count;
    bool turned = count > 0 && twice_area(trace, 0) < 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = turned ? count - 1 - i : i;
        (i == 0 ? canvas_move : canvas_line)(canvas, trace->x[at], trace->y[at]);
    }
    if (count > 0)
        canvas_close_path(canvas);
}

bool view_draw(struct canvas *canvas, const struct drawn *drawn, struct error *error)
{
    struct trace trace = {0};
    bool done = trace_shape(&trace, drawn, error);
    if (done)
        trace_draw(canvas, &trace, drawn->closed);
    trace_free(&trace);
    return done;
}

/* Whether an edge crosses the line that runs right from the point. */
static bool crosses(const struct trace *trace, const size_t ends[2], double x, double y)
{
    size_t i = ends[0], j = ends[1];
    return (trace->y[i] > y) != (trace->y[j] > y)
           && x < (trace->x[j] - trace->x[i]) * (y - trace->y[i]) / (trace->y[j] - trace->y[i])
                      + trace->x[i];
}

/* Whether none of the sixteen edges from a point on reaches that height. */
static bool is_off(const struct trace *trace, size_t from, double y)
{
    return from % BLOCK == 0 && trace->lows != NULL
           && (trace->lows[from / BLOCK] > y || trace->highs[from / BLOCK] <= y);
}

bool trace_holds(const struct trace *trace, double x, double y)
{
    bool inside = false;
    for (size_t part = 0; part < trace->part_count; part++) {
        size_t first = trace->starts[part], last = trace->starts[part + 1] - 1;
        inside ^= crosses(trace, (size_t[2]){first, last}, x, y);
        for (size_t i = first; i < last;) {
            if (i + BLOCK <= last && is_off(trace, i, y)) {
                i += BLOCK;
                continue;
            }
            inside ^= crosses(trace, (size_t[2]){i + 1, i}, x, y);
            i++;
        }
    }
    return inside;
}

double trace_length(const struct trace *trace, size_t part)
{
    return trace->along[trace->starts[part + 1] - 1];
}

/* One end of a part, for finding parts that meet. */
struct part_end {
    double x, y;
    size_t part;
    bool last;
};

static int compare_ends(const void *left, const void *right)
{
    const struct part_end *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return (int)a->last - (int)b->last;
}

/* What joining works on. */
struct joining {
    const struct trace *from;
    struct part_end *ends;
    bool *used;
};

static struct part_end make_end(const struct trace *trace, size_t part, bool last)
{
    size_t at = last ? trace->starts[part + 1] - 1 : trace->starts[part];
    return (struct part_end){trace->x[at], trace->y[at], part, last};
}

/* An unused part that has an end at exactly x, y, or NULL. */
static const struct part_end *meeting(const struct joining *joining, double x, double y)
{
    size_t low = 0, high = 2 * joining->from->part_count;
    struct part_end wanted = {x, y, 0, false};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_ends(&joining->ends[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < 2 * joining->from->part_count; low++) {
        const struct part_end *end = &joining->ends[low];
        if (end->x != x || end->y != y)
            return NULL;
        if (!joining->used[end->part])
            return end;
    }
    return NULL;
}

/* Adds a part to the chain, from the end named on. */
static bool add_from(struct chain *chain, const struct trace *from, const struct part_end *end,
                     struct error *error)
{
    size_t first = from->starts[end->part], count = from->starts[end->part + 1] - first;
    for (size_t i = chain->count > 0 ? 1 : 0; i < count; i++) {
        size_t at = end->last ? first + count - 1 - i : first + i;
        if (!push(chain, from->x[at], from->y[at], error))
            return false;
    }
    return true;
}

static void turn_round(struct chain *chain)
{
    for (size_t i = 0, j = chain->count; i + 1 < j; i++) {
        j--;
        double x = chain->x[i], y = chain->y[i];
        chain->x[i] = chain->x[j];
        chain->y[i] = chain->y[j];
        chain->x[j] = x;
        chain->y[j] = y;
    }
}

/* Lengthens the chain at its end as far as parts go. */
static bool lengthen(struct chain *chain, struct joining *joining, struct error *error)
{
    for (;;) {
        const struct part_end *end =
            meeting(joining, chain->x[chain->count - 1], chain->y[chain->count - 1]);
        if (!end)
            return true;
        joining->used[end->part] = true;
        if (!add_from(chain, joining->from, end, error))
            return false;
    }
}

static bool join_all(struct trace *joined, struct joining *joining, struct error *error)
{
    struct chain chain = {0};
    bool done = true;
    for (size_t part = 0; done && part < joining->from->part_count; part++) {
        if (joining->used[part])
            continue;
        joining->used[part] = true;
        chain.count = 0;
        struct part_end start = {.part = part};
        done = add_from(&chain, joining->from, &start, error) && lengthen(&chain, joining, error);
        if (done) {
            turn_round(&chain);
            done = lengthen(&chain, joining, error);
        }
        if (done) {
            turn_round(&chain);
            done = add_part(joined, &chain, error);
        }
    }
    free_chain(&chain);
    return done;
}

bool trace_join(struct trace *trace, struct error *error)
{
    struct joining joining = {.from = trace};
    struct trace joined = {
        .top = INFINITY, .bottom = -INFINITY, .left = INFINITY, .right = -INFINITY};
    if (trace->part_count < 2)
        return true;
    bool done = array_new(&joining.ends, 2 * trace->part_count, sizeof *joining.ends, error)
                && array_new(&joining.used, trace->part_count, sizeof *joining.used, error);
    if (done) {
        for (size_t part = 0; part < trace->part_count; part++) {
            joining.ends[2 * part] = make_end(trace, part, false);
            joining.ends[2 * part + 1] = make_end(trace, part, true);
        }
        qsort(joining.ends, 2 * trace->part_count, sizeof *joining.ends, compare_ends);
        done = join_all(&joined, &joining, error);
    }
    array_free(&joining.ends);
    array_free(&joining.used);
    if (!done) {
        trace_free(&joined);
        return false;
    }
    trace_free(trace);
    *trace = joined;
    return true;
}

static double distance2_to(const double ends[4], double x, double y)
{
    double dx = ends[2] - ends[0], dy = ends[3] - ends[1], length2 = dx * dx + dy * dy;
    double along = ((x - ends[0]) * dx + (y - ends[1]) * dy) / (length2 > 0 ? length2 : 1);
    along = fmin(fmax(along, 0), 1);
    double away_x = ends[0] + along * dx - x, away_y = ends[1] + along * dy - y;
    return away_x * away_x + away_y * away_y;
}

double trace_distance(const struct trace *trace, double x, double y)
{
    double nearest2 = INFINITY;
    for (size_t part = 0; part < trace->part_count; part++)
        for (size_t i = trace->starts[part] + 1; i < trace->starts[part + 1]; i++) {
            const double ends[4] = {trace->x[i - 1], trace->y[i - 1], trace->x[i], trace->y[i]};
            nearest2 = fmin(nearest2, distance2_to(ends, x, y));
        }
    return sqrt(nearest2);
}

static bool is_small_ring(const struct trace *trace, size_t part, double area)
{
    size_t first = trace->starts[part], last = trace->starts[part + 1] - 1;
    if (trace->x[first] != trace->x[last] || trace->y[first] != trace->y[last])
        return false;
    return fabs(twice_area(trace, part)) < 2 * area;
}

void trace_drop_small(struct trace *trace, double area)
{
    size_t points = 0, parts = 0;
    forget_blocks(trace);
    for (size_t part = 0; part < trace->part_count; part++) {
        size_t begin = trace->starts[part], end = trace->starts[part + 1];
        if (is_small_ring(trace, part, area))
            continue;
        memmove(trace->x + points, trace->x + begin, (end - begin) * sizeof *trace->x);
        memmove(trace->y + points, trace->y + begin, (end - begin) * sizeof *trace->y);
        if (trace->along != NULL)
            memmove(trace->along + points, trace->along + begin,
                    (end - begin) * sizeof *trace->along);
        trace->starts[parts++] = points;
        points += end - begin;
    }
    trace->part_count = parts;
    trace->point_count = points;
    if (parts > 0)
        trace->starts[parts] = points;
}
