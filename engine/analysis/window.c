/* How much of a kernel lies inside a window, by integrating along the window's edges. */
#include "engine/analysis/window.h"

#include "engine/analysis/elementary.h"
#include "engine/core/parallel.h"

#include <math.h>

enum { BANDS_MOST = 4096, BLOCK = 16 /* cells that look for edges together */ };

/* A part of an edge within one band, with the inside on its left. */
struct window_piece {
    double ax, ay, bx, by;
    uint32_t ring;
};

/* Edges are cut at the bands' borders, so that each piece stands in one band. */
struct window {
    enum kernel kernel;
    double bandwidth_m, reach_m;
    double nudge_x, nudge_y; /* moves every centre off edges and corners by 1e-10 of the reach */
    struct box box;
    double band_m;
    size_t band_count;
    struct window_piece *pieces;
    size_t *starts; /* band_count + 1 */
};

static double band_begin(const struct window *window, size_t band)
{
    return window->box.y_min + (double)band * window->band_m;
}

/* Held against the very borders by which edges are cut. */
static size_t band_of(const struct window *window, double y)
{
    double at = floor((y - window->box.y_min) / window->band_m);
    size_t band = at > 0 ? (size_t)at : 0;
    if (band >= window->band_count)
        band = window->band_count - 1;
    while (band > 0 && y < band_begin(window, band))
        band--;
    while (band + 1 < window->band_count && y >= band_begin(window, band + 1))
        band++;
    return band;
}

/* Centres inside and outside */

/* Positive when (x, y) lies to the left of the piece. */
static double side_of(const struct window_piece *piece, double x, double y)
{
    double ax = piece->ax - x, ay = piece->ay - y, bx = piece->bx - x, by = piece->by - y;
    return ax * by - ay * bx;
}

/* Whether the ray eastwards crosses the piece. The side is the one that the angle is taken by, so
 * that a centre that rounding puts on the wrong side of an edge is there for both. */
static bool ray_crosses(const struct window_piece *piece, double x, double y)
{
    bool up = piece->by > y;
    if ((piece->ay > y) == up)
        return false;
    return (side_of(piece, x, y) >= 0) == up;
}

static bool holds(const struct window *window, double x, double y)
{
    bool inside = false;
    if (!(y >= window->box.y_min && y <= window->box.y_max && x >= window->box.x_min
          && x <= window->box.x_max))
        return false;
    size_t band = band_of(window, y);
    for (size_t p = window->starts[band]; p < window->starts[band + 1]; p++)
        if (ray_crosses(&window->pieces[p], x, y))
            inside = !inside;
    return inside;
}

/* What an edge cuts off */

struct chord {
    double offset;     /* of the line from the centre, positive when the centre is on its left */
    double begin, end; /* along the line, from the centre's foot */
};

static const double NODES8[] = {0.18343464249564980, 0.52553240991632899, 0.79666647741362674,
                                0.96028985649753623};
static const double WEIGHTS8[] = {0.36268378337836198, 0.31370664587788729, 0.22238103445337447,
                                  0.10122853629037626};

static const double NODES4[] = {0.33998104358485626, 0.86113631159405258};
static const double WEIGHTS4[] = {0.65214515486254614, 0.34785484513745386};

/* Gauss-Legendre with 4 nodes, which is exact for polynomials up to degree 7: the triweight's tail
 * has degree 6, the others less. */
static double integrate_polynomial(const struct window *window, double offset2, double from,
                                   double to)
{
    double h2 = window->bandwidth_m * window->bandwidth_m;
    double middle = (from + to) / 2, half = (to - from) / 2, sum = 0;
    for (int n = 0; n < 2; n++) {
        double low = middle - half * NODES4[n], high = middle + half * NODES4[n];
        sum += WEIGHTS4[n]
               * (kernel_tail_slope(window->kernel, (offset2 + low * low) / h2)
                  + kernel_tail_slope(window->kernel, (offset2 + high * high) / h2));
    }
    return sum * half / h2;
}

/* With 8 nodes, for the others. */
static double integrate_panel(const struct window *window, double offset2, double from, double to)
{
    double h2 = window->bandwidth_m * window->bandwidth_m;
    double middle = (from + to) / 2, half = (to - from) / 2, sum = 0;
    for (int n = 0; n < 4; n++) {
        double low = middle - half * NODES8[n], high = middle + half * NODES8[n];
        sum += WEIGHTS8[n]
               * (kernel_tail_slope(window->kernel, (offset2 + low * low) / h2)
                  + kernel_tail_slope(window->kernel, (offset2 + high * high) / h2));
    }
    return sum * half / h2;
}

static double integrate(const struct window *window, double offset2, double from, double to)
{
    if (window->kernel != KERNEL_GAUSSIAN && window->kernel != KERNEL_TRIANGULAR)
        return integrate_polynomial(window, offset2, from, to);
    double panels = ceil((to - from) / (window->bandwidth_m / 3));
    double width = (to - from) / panels, sum = 0;
    for (int p = 0; p < (int)panels; p++)
        sum += integrate_panel(window, offset2, from + p * width, from + (p + 1) * width);
    return sum;
}

/* The part within reach of the line through the piece, as seen from (x, y). */
static bool chord_of(struct chord *chord, const struct window *window,
                     const struct window_piece *piece, double x, double y)
{
    double dx = piece->bx - piece->ax, dy = piece->by - piece->ay;
    double length2 = dx * dx + dy * dy, reach2 = window->reach_m * window->reach_m;
    double side = side_of(piece, x, y);
    /* Most pieces that are looked at lie too far off: told without a root. */
    if (!(length2 > 0) || side * side > reach2 * length2 * (1 + 1e-9))
        return false;
    double length = sqrt(length2);
    chord->offset = side / length;
    double half2 = reach2 - chord->offset * chord->offset;
    if (!(half2 > 0))
        return false;
    double half = sqrt(half2);
    double a = ((piece->ax - x) * dx + (piece->ay - y) * dy) / length;
    double b = ((piece->bx - x) * dx + (piece->by - y) * dy) / length;
    chord->begin = a > -half ? a : -half;
    chord->end = b < half ? b : half;
    return chord->begin < chord->end;
}

/* The kernel's part that lies beyond the piece, times 2 pi. */
static double cut_off(const struct window *window, const struct window_piece *piece, double x,
                      double y)
{
    struct chord chord;
    if (!chord_of(&chord, window, piece, x, y))
        return 0;
    double offset2 = chord.offset * chord.offset;
    double angle = elementary_angle(chord.offset * (chord.end - chord.begin),
                                    offset2 + chord.begin * chord.end);
    double along; /* a triangular kernel has a kink at the foot */
    if (window->kernel == KERNEL_TRIANGULAR && chord.begin < 0 && chord.end > 0)
        along =
            integrate(window, offset2, chord.begin, 0) + integrate(window, offset2, 0, chord.end);
    else
        along = integrate(window, offset2, chord.begin, chord.end);
    return angle + chord.offset * along;
}

/* Without fmin and fmax, which would be calls. */
static bool piece_near(const struct window_piece *piece, const struct box *box)
{
    return (piece->ax >= box->x_min || piece->bx >= box->x_min)
           && (piece->ax <= box->x_max || piece->bx <= box->x_max)
           && (piece->ay >= box->y_min || piece->by >= box->y_min)
           && (piece->ay <= box->y_max || piece->by <= box->y_max);
}

static struct box widened(struct box box, double metres)
{
    return (struct box){box.x_min - metres, box.y_min - metres, box.x_max + metres,
                        box.y_max + metres};
}

static double mass_from(const struct window *window, double cut, double x, double y)
{
    double mass = (holds(window, x, y) ? 1 : 0) - cut / (2 * M_PI);
    return fmin(fmax(mass, 0), 1);
}

static bool bands_near(const struct window *window, const struct box *box, size_t *first,
                       size_t *last)
{
    if (!(box->y_max >= window->box.y_min && box->y_min <= window->box.y_max))
        return false;
    *first = band_of(window, box->y_min);
    *last = band_of(window, box->y_max);
    return true;
}

double window_mass(const struct window *window, double x, double y)
{
    x += window->nudge_x;
    y += window->nudge_y;
    struct box near = widened((struct box){x, y, x, y}, window->reach_m);
    size_t first, last;
    double cut = 0;
    if (!bands_near(window, &near, &first, &last))
        return 0;
    for (size_t p = window->starts[first]; p < window->starts[last + 1]; p++)
        if (piece_near(&window->pieces[p], &near))
            cut += cut_off(window, &window->pieces[p], x, y);
    return mass_from(window, cut, x, y);
}

bool window_look(struct window_view *view, const struct window *window, struct box centres,
                 struct error *error)
{
    struct box near = {centres.x_min + window->nudge_x, centres.y_min + window->nudge_y,
                       centres.x_max + window->nudge_x, centres.y_max + window->nudge_y};
    near = widened(near, window->reach_m);
    struct capacity capacity = {.held = view->held, .size = sizeof(struct window_piece *)};
    size_t first, last;
    view->window = window;
    view->count = 0;
    if (!bands_near(window, &near, &first, &last))
        return true;
    for (size_t p = window->starts[first]; p < window->starts[last + 1]; p++) {
        if (!piece_near(&window->pieces[p], &near))
            continue;
        if (!array_reserve(&view->pieces, &capacity, view->count + 1, error))
            return false;
        view->held = capacity.held;
        view->pieces[view->count++] = &window->pieces[p];
    }
    return true;
}

double window_view_mass(const struct window_view *view, double x, double y)
{
    const struct window *window = view->window;
    double cut = 0;
    x += window->nudge_x;
    y += window->nudge_y;
    for (size_t p = 0; p < view->count; p++)
        cut += cut_off(window, view->pieces[p], x, y);
    return mass_from(window, cut, x, y);
}

void window_view_free(struct window_view *view)
{
    array_free(&view->pieces);
}

/* Cells of a raster, a block of them at a time */

struct correcting {
    struct raster *raster;
    const struct window *window;
    enum window_use use;
};

static void correct_cell(double *value, double mass, enum window_use use)
{
    if (!(mass > WINDOW_NO_MASS))
        *value = NAN;
    else if (use == WINDOW_DIVIDE)
        *value /= mass;
}

struct block {
    size_t column, row, column_end, row_end;
};

static double centre_x(const struct raster *raster, size_t column)
{
    return raster->x_min + ((double)column + 0.5) * raster->cell_m;
}

static double centre_y(const struct raster *raster, size_t row)
{
    return raster->y_min + ((double)row + 0.5) * raster->cell_m;
}

/* With no edge within reach of any centre, all are inside, or all outside. */
static bool correct_block(struct window_view *view, const struct correcting *correcting,
                          const struct block *block, struct error *error)
{
    struct raster *raster = correcting->raster;
    struct box centres = {centre_x(raster, block->column), centre_y(raster, block->row),
                          centre_x(raster, block->column_end - 1),
                          centre_y(raster, block->row_end - 1)};
    if (!window_look(view, correcting->window, centres, error))
        return false;
    double mass = window_view_mass(view, centres.x_min, centres.y_min);
    for (size_t r = block->row; r < block->row_end; r++)
        for (size_t c = block->column; c < block->column_end; c++) {
            if (view->count > 0)
                mass = window_view_mass(view, centre_x(raster, c), centre_y(raster, r));
            correct_cell(&raster->values[r * raster->columns + c], mass, correcting->use);
        }
    return true;
}

static bool correct_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct correcting *correcting = state;
    const struct raster *raster = correcting->raster;
    struct window_view view = {0};
    bool done = true;
    (void)worker;
    for (size_t column = 0; done && column < raster->columns; column += BLOCK) {
        struct block block = {column, chunk * BLOCK, column + BLOCK, (chunk + 1) * BLOCK};
        if (block.column_end > raster->columns)
            block.column_end = raster->columns;
        if (block.row_end > raster->rows)
            block.row_end = raster->rows;
        done = correct_block(&view, correcting, &block, error);
    }
    window_view_free(&view);
    return done;
}

bool window_correct(struct raster *raster, const struct window *window, enum window_use use,
                    int thread_count, struct error *error)
{
    struct correcting correcting = {raster, window, use};
    struct parallel_job job = {correct_rows, &correcting, (raster->rows + BLOCK - 1) / BLOCK,
                               thread_count};
    return parallel_for(&job, error);
}

/* Building */

struct edge {
    double ax, ay, bx, by;
};

static struct edge edge_at(const struct shape *shape, size_t i)
{
    return (struct edge){shape->x[i], shape->y[i], shape->x[i + 1], shape->y[i + 1]};
}

static double edge_length2(const struct edge *edge)
{
    double dx = edge->bx - edge->ax, dy = edge->by - edge->ay;
    return dx * dx + dy * dy;
}

static double x_at(const struct edge *edge, double y)
{
    return edge->ax + (y - edge->ay) / (edge->by - edge->ay) * (edge->bx - edge->ax);
}

/* Where an edge meets the band, in its own direction. */
static struct window_piece piece_in_band(const struct window *window, const struct edge *edge,
                                         size_t band, uint32_t ring)
{
    struct window_piece piece = {edge->ax, edge->ay, edge->bx, edge->by, ring};
    double low = band_begin(window, band), high = band_begin(window, band + 1);
    if (edge->ay == edge->by)
        return piece;
    bool last = band + 1 == window->band_count;
    if (piece.ay < low || (piece.ay > high && !last)) {
        piece.ay = piece.ay < low ? low : high;
        piece.ax = x_at(edge, piece.ay);
    }
    if (piece.by < low || (piece.by > high && !last)) {
        piece.by = piece.by < low ? low : high;
        piece.bx = x_at(edge, piece.by);
    }
    return piece;
}

/* Counts the pieces of each band in starts[band + 1] or, with pieces, writes them. */
static void cut_edges(struct window *window, const struct shape *shape, size_t *next)
{
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++) {
            struct edge edge = edge_at(shape, i);
            size_t last = band_of(window, fmax(edge.ay, edge.by));
            for (size_t band = band_of(window, fmin(edge.ay, edge.by)); band <= last; band++) {
                if (window->pieces == NULL)
                    window->starts[band + 1]++;
                else
                    window->pieces[next[band]++] = piece_in_band(window, &edge, band, (uint32_t)r);
            }
        }
}

/* Bands as high as the reach, higher where long edges would fall into too many pieces. */
static void choose_bands(struct window *window, const struct shape *shape)
{
    double height = box_is_empty(window->box) ? 0 : window->box.y_max - window->box.y_min, up = 0;
    for (size_t i = 0; i + 1 < shape->point_count; i++)
        up += fabs(shape->y[i + 1] - shape->y[i]);
    window->band_m = fmax(fmax(window->reach_m, height / BANDS_MOST),
                          up / (4 * (double)shape->point_count + BANDS_MOST));
    window->band_count = (size_t)(height / window->band_m) + 1;
}

/* Whether the inside lies to the left of the ring: looked up beside the middle of its longest edge.
 */
static bool ring_is_turned(const struct window *window, const struct shape *shape, size_t ring)
{
    size_t longest = shape->ring_starts[ring];
    for (size_t i = longest; i + 1 < shape->ring_starts[ring + 1]; i++) {
        struct edge edge = edge_at(shape, i), best = edge_at(shape, longest);
        if (edge_length2(&edge) > edge_length2(&best))
            longest = i;
    }
    if (longest + 1 >= shape->ring_starts[ring + 1])
        return false;
    struct edge edge = edge_at(shape, longest);
    double step = 1e-7;
    double x = (edge.ax + edge.bx) / 2 - step * (edge.by - edge.ay);
    double y = (edge.ay + edge.by) / 2 + step * (edge.bx - edge.ax);
    return !holds(window, x, y);
}

static bool turn_rings(struct window *window, const struct shape *shape, struct error *error)
{
    bool *turned = NULL;
    if (!array_new(&turned, shape->ring_count, sizeof *turned, error))
        return false;
    for (size_t r = 0; r < shape->ring_count; r++)
        turned[r] = ring_is_turned(window, shape, r);
    for (size_t p = 0; p < window->starts[window->band_count]; p++) {
        struct window_piece *piece = &window->pieces[p];
        if (turned[piece->ring])
            *piece = (struct window_piece){piece->bx, piece->by, piece->ax, piece->ay, piece->ring};
    }
    array_free(&turned);
    return true;
}

static bool build(struct window *window, const struct shape *shape, struct error *error)
{
    size_t *next = NULL;
    choose_bands(window, shape);
    if (!array_new(&window->starts, window->band_count + 1, sizeof *window->starts, error))
        return false;
    cut_edges(window, shape, NULL);
    for (size_t b = 0; b < window->band_count; b++)
        window->starts[b + 1] += window->starts[b];
    bool done = array_new(&window->pieces, window->starts[window->band_count],
                          sizeof *window->pieces, error)
                && array_new(&next, window->band_count, sizeof *next, error);
    for (size_t b = 0; done && b < window->band_count; b++)
        next[b] = window->starts[b];
    if (done)
        cut_edges(window, shape, next);
    array_free(&next);
    return done && turn_rings(window, shape, error);
}

struct window *window_open(const struct window_options *options, struct error *error)
{
    struct window *window = NULL;
    if (!array_new(&window, 1, sizeof *window, error))
        return NULL;
    window->kernel = options->kernel;
    window->bandwidth_m = options->bandwidth_m;
    window->reach_m = kernel_reach_m(options->kernel, options->bandwidth_m);
    window->nudge_x = window->reach_m * 0.618e-10;
    window->nudge_y = window->reach_m * 0.755e-10;
    window->box = shape_box(options->shape);
    if (!build(window, options->shape, error)) {
        window_close(window);
        return NULL;
    }
    return window;
}

void window_close(struct window *window)
{
    if (window == NULL)
        return;
    array_free(&window->pieces);
    array_free(&window->starts);
    array_free(&window);
}
