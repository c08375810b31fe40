/* How much of a kernel lies inside a window, by integrating along the window's edges. */
#include "engine/analysis/window.h"

#include "engine/analysis/elementary.h"
#include "engine/core/parallel.h"

#include <math.h>

enum { BANDS_MOST = 4096, BLOCK = 16 /* cells that look for edges together */ };

/* A part of an edge within one band, with the inside on its left. */
struct piece {
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
    struct piece *pieces;
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
static double side_of(const struct piece *piece, double x, double y)
{
    double ax = piece->ax - x, ay = piece->ay - y, bx = piece->bx - x, by = piece->by - y;
    return ax * by - ay * bx;
}

/* Whether the ray eastwards crosses the piece. The side is the one that the angle is taken by, so
 * that a centre that rounding puts on the wrong side of an edge is there for both. */
static bool ray_crosses(const struct piece *piece, double x, double y)
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

/* Gauss-Legendre with 8 nodes: exact for the polynomial kernels. */
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
    bool smooth = window->kernel != KERNEL_GAUSSIAN && window->kernel != KERNEL_TRIANGULAR;
    double panels = smooth ? 1 : ceil((to - from) / (window->bandwidth_m / 3));
    double width = (to - from) / panels, sum = 0;
    for (int p = 0; p < (int)panels; p++)
        sum += integrate_panel(window, offset2, from + p * width, from + (p + 1) * width);
    return sum;
}

/* The part within reach of the line through the piece, as seen from (x, y). */
static bool chord_of(struct chord *chord, const struct window *window, const struct piece *piece,
                     double x, double y)
{
    double dx = piece->bx - piece->ax, dy = piece->by - piece->ay;
    double length = sqrt(dx * dx + dy * dy), reach2 = window->reach_m * window->reach_m;
    if (!(length > 0))
        return false;
    chord->offset = side_of(piece, x, y) / length;
    double half2 = reach2 - chord->offset * chord->offset;
    if (!(half2 > 0))
        return false;
    double half = sqrt(half2);
    double a = ((piece->ax - x) * dx + (piece->ay - y) * dy) / length;
    double b = ((piece->bx - x) * dx + (piece->by - y) * dy) / length;
    chord->begin = fmax(a, -half);
    chord->end = fmin(b, half);
    return chord->begin < chord->end;
}

/* The kernel's part that lies beyond the piece, times 2 pi. */
static double cut_off(const struct window *window, const struct piece *piece, double x, double y)
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

static bool piece_near(const struct piece *piece, const struct box *box)
{
    return fmax(piece->ax, piece->bx) >= box->x_min && fmin(piece->ax, piece->bx) <= box->x_max
           && fmax(piece->ay, piece->by) >= box->y_min && fmin(piece->ay, piece->by) <= box->y_max;
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

/* Cells of a raster, a block of them at a time */

struct correcting {
    struct raster *raster;
    const struct window *window;
    enum window_use use;
};

struct found {
    const struct piece **pieces;
    size_t count, held;
};

static bool find_near(struct found *found, const struct window *window, const struct box *box,
                      struct error *error)
{
    struct box near = widened(*box, window->reach_m);
    struct capacity capacity = {.held = found->held, .size = sizeof(struct piece *)};
    size_t first, last;
    found->count = 0;
    if (!bands_near(window, &near, &first, &last))
        return true;
    for (size_t p = window->starts[first]; p < window->starts[last + 1]; p++) {
        if (!piece_near(&window->pieces[p], &near))
            continue;
        if (!array_reserve(&found->pieces, &capacity, found->count + 1, error))
            return false;
        found->held = capacity.held;
        found->pieces[found->count++] = &window->pieces[p];
    }
    return true;
}

static double mass_by(const struct found *found, const struct window *window, double x, double y)
{
    double cut = 0;
    for (size_t p = 0; p < found->count; p++)
        cut += cut_off(window, found->pieces[p], x, y);
    return mass_from(window, cut, x, y);
}

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

static double centre_x(const struct correcting *correcting, size_t column)
{
    const struct raster *raster = correcting->raster;
    return raster->x_min + ((double)column + 0.5) * raster->cell_m + correcting->window->nudge_x;
}

static double centre_y(const struct correcting *correcting, size_t row)
{
    const struct raster *raster = correcting->raster;
    return raster->y_min + ((double)row + 0.5) * raster->cell_m + correcting->window->nudge_y;
}

/* With no edge within reach of any centre, all are inside, or all outside. */
static bool correct_block(struct found *found, const struct correcting *correcting,
                          const struct block *block, struct error *error)
{
    const struct window *window = correcting->window;
    struct box centres = {centre_x(correcting, block->column), centre_y(correcting, block->row),
                          centre_x(correcting, block->column_end - 1),
                          centre_y(correcting, block->row_end - 1)};
    if (!find_near(found, window, &centres, error))
        return false;
    double mass = holds(window, centres.x_min, centres.y_min) ? 1 : 0;
    for (size_t r = block->row; r < block->row_end; r++)
        for (size_t c = block->column; c < block->column_end; c++) {
            if (found->count > 0)
                mass = mass_by(found, window, centre_x(correcting, c), centre_y(correcting, r));
            correct_cell(&correcting->raster->values[r * correcting->raster->columns + c], mass,
                         correcting->use);
        }
    return true;
}

static bool correct_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct correcting *correcting = state;
    const struct raster *raster = correcting->raster;
    struct found found = {0};
    bool done = true;
    (void)worker;
    for (size_t column = 0; done && column < raster->columns; column += BLOCK) {
        struct block block = {column, chunk * BLOCK, column + BLOCK, (chunk + 1) * BLOCK};
        if (block.column_end > raster->columns)
            block.column_end = raster->columns;
        if (block.row_end > raster->rows)
            block.row_end = raster->rows;
        done = correct_block(&found, correcting, &block, error);
    }
    array_free(&found.pieces);
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
static struct piece piece_in_band(const struct window *window, const struct edge *edge, size_t band,
                                  uint32_t ring)
{
    struct piece piece = {edge->ax, edge->ay, edge->bx, edge->by, ring};
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
        struct piece *piece = &window->pieces[p];
        if (turned[piece->ring])
            *piece = (struct piece){piece->bx, piece->by, piece->ax, piece->ay, piece->ring};
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
