/* Places moved to a lattice, each kept once, and without those that no hull can show. */
#include "engine/space/ticks.h"

#include "engine/core/clones.h"
#include "engine/space/radix.h"

#include <math.h>
#include <string.h>

/* ---- to the lattice ---- */

enum { BLOCK = 256 };

/* In millimetres, which are whole: so a point that lies on a line of the lattice is not put on the
 * wrong side of it by rounding. */
struct axis {
    double base;   /* the tick of the grid's origin */
    double origin; /* how far that lies beyond the tick's beginning */
    double unit, step;
};

static struct axis axis_of(double origin_m, const struct tick_lattice *lattice)
{
    struct axis axis = {.unit = lattice->grid.unit_mm, .step = lattice->step_m * 1000};
    axis.base = floor(origin_m * 1000 / axis.step);
    axis.origin = origin_m * 1000 - axis.base * axis.step;
    return axis;
}

/* Ticks from the origin's: at most 2^30 units of 10 mm away, by 100 mm. */
WIDE_CLONES static void ticks_of_block(int32_t ticks[restrict BLOCK],
                                       const int32_t units[restrict BLOCK], const struct axis *axis)
{
    const struct axis a = *axis;
    for (size_t i = 0; i < BLOCK; i++) {
        double number = (a.origin + units[i] * a.unit) / a.step;
        int32_t whole = (int32_t)number;
        ticks[i] = whole - ((double)whole > number);
    }
}

static int32_t tick_of(int32_t unit, const struct axis *axis)
{
    int32_t units[BLOCK] = {unit}, ticks[BLOCK];
    ticks_of_block(ticks, units, axis);
    return ticks[0];
}

/* Any number up to BLOCK. */
static void ticks_of(int32_t *ticks, const int32_t *units, size_t count, const struct axis *axis)
{
    int32_t some[BLOCK] = {0};
    if (count < BLOCK)
        units = memcpy(some, units, count * sizeof *units);
    ticks_of_block(ticks, units, axis);
}

WIDE_CLONES static int32_t least_of(const int32_t *units, size_t count)
{
    enum { LANES = 16 };
    int32_t lanes[LANES], least = INT32_MAX;
    size_t whole = count / LANES * LANES;
    for (size_t i = 0; i < LANES; i++)
        lanes[i] = INT32_MAX;
    for (size_t at = 0; at < whole; at += LANES)
        for (size_t i = 0; i < LANES; i++)
            lanes[i] = units[at + i] < lanes[i] ? units[at + i] : lanes[i];
    for (size_t i = 0; i < LANES; i++)
        least = lanes[i] < least ? lanes[i] : least;
    for (size_t i = whole; i < count; i++)
        least = units[i] < least ? units[i] : least;
    return least;
}

bool ticks_new(struct ticks *ticks, const struct points *points, const struct tick_lattice *lattice,
               struct error *error)
{
    struct axis across = axis_of(lattice->grid.origin_x, lattice);
    struct axis up = axis_of(lattice->grid.origin_y, lattice);
    int32_t x[BLOCK], y[BLOCK];
    *ticks = (struct ticks){.step_m = lattice->step_m};
    if (!array_new_raw(&ticks->items, points->count, sizeof *ticks->items, error))
        return false;
    if (points->count == 0)
        return true;
    int32_t west = tick_of(least_of(points->x, points->count), &across);
    int32_t south = tick_of(least_of(points->y, points->count), &up);
    for (size_t first = 0; first < points->count; first += BLOCK) {
        size_t count = points->count - first < BLOCK ? points->count - first : BLOCK;
        ticks_of(x, points->x + first, count, &across);
        ticks_of(y, points->y + first, count, &up);
        for (size_t i = 0; i < count; i++)
            ticks->items[first + i] = (struct tick){x[i] - west, y[i] - south};
    }
    ticks->count = points->count;
    ticks->x = across.base + west;
    ticks->y = up.base + south;
    return true;
}

void ticks_free(struct ticks *ticks)
{
    array_free(&ticks->items);
    *ticks = (struct ticks){0};
}

bool ticks_sort(struct ticks *ticks, struct error *error)
{
    struct keyed *order;
    size_t count = ticks->count;
    if (!array_new_raw(&order, count, sizeof *order, error))
        return false;
    for (size_t i = 0; i < count; i++)
        order[i].key = (uint64_t)(uint32_t)ticks->items[i].x << 32 | (uint32_t)ticks->items[i].y;
    bool done = radix_sort(order, count, error);
    ticks->count = done ? 0 : count;
    for (size_t i = 0; done && i < count; i++)
        if (i == 0 || order[i].key != order[i - 1].key)
            ticks->items[ticks->count++] =
                (struct tick){(int32_t)(order[i].key >> 32), (int32_t)(uint32_t)order[i].key};
    array_free(&order);
    return done;
}

/* ---- what is hidden ---- */

/* Why it changes no hull. A triangle is taken away from a hull across a side longer than the
 * circle's diameter. The circle around such a triangle is larger still and empty, so each of its
 * three corners lies on an empty circle of the given radius (which touches the larger one from
 * within). So do the corners of the convex hull, beyond which all is empty. What lies on no such
 * circle therefore is no corner of any triangle that can go; and the triangles that can go are
 * triangles of the rest too, since the circles around them are empty (delaunay.h). */

/* Squares of CELL by CELL ticks, a bit each, with a margin of empty ones around. A circle's middle
 * may be anywhere, so the square (c) is taken to reach from CELL * c - 1/2 to CELL * c + CELL -
 * 1/2; ticks in it lie at CELL * c .. CELL * c + CELL - 1. */
enum { CELL = 2, RADIUS_MOST = 32 };
struct bitmap {
    uint64_t *words;
    size_t row_words, rows; /* and one word of zeroes before and behind each row */
};

/* How far left and right a disc of squares reaches, by rows up or down; -1: that row has none. */
struct disc {
    int half_widths[RADIUS_MOST / CELL + 2];
    int rows;
};

static uint64_t *row_of(const struct bitmap *bitmap, size_t row)
{
    return bitmap->words + row * (bitmap->row_words + 2) + 1;
}

static bool bitmap_new(struct bitmap *bitmap, size_t columns, size_t rows, struct error *error)
{
    bitmap->row_words = columns / 64 + 1;
    bitmap->rows = rows;
    return array_new(&bitmap->words, rows * (bitmap->row_words + 2), sizeof *bitmap->words, error);
}

/* How far apart a tick of one square and a middle in another can be along an axis, in half ticks.
 */
static int farthest(int cells)
{
    return 2 * CELL * cells + 2 * CELL - 1;
}

static int nearest(int cells)
{
    return cells > 0 ? 2 * CELL * cells - 2 * CELL + 1 : 0;
}

/* The squares in which every circle's middle has any tick of the first square inside the circle
 * (`surely`), or some middle has it inside or on the circle. */
static struct disc disc_of(int radius, bool surely)
{
    struct disc disc = {.rows = radius / CELL + 1};
    for (int row = 0; row <= disc.rows; row++) {
        disc.half_widths[row] = -1;
        for (int column = 0; column <= disc.rows; column++) {
            int x = surely ? farthest(column) : nearest(column);
            int y = surely ? farthest(row) : nearest(row);
            if (surely ? x * x + y * y < 4 * radius * radius : x * x + y * y <= 4 * radius * radius)
                disc.half_widths[row] = column;
        }
    }
    return disc;
}

static bool is_empty(const uint64_t *row, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (row[w] != 0)
            return false;
    return true;
}

static void add_row(uint64_t *restrict into, const uint64_t *restrict row, size_t words)
{
    for (size_t w = 0; w < words; w++)
        into[w] |= row[w];
}

/* Widens runs of ones by one to both sides. */
static void widen(uint64_t *row, size_t words)
{
    uint64_t before = 0;
    for (size_t w = 0; w < words; w++) {
        uint64_t word = row[w];
        row[w] = word | word << 1 | word >> 1 | before >> 63 | row[w + 1] << 63;
        before = word;
    }
}

/* Sets the squares of a disc around every one that is set in `from`. */
static void spread(struct bitmap *into, const struct bitmap *from, const struct disc *disc,
                   uint64_t *scratch)
{
    size_t words = from->row_words;
    for (size_t row = 0; row < from->rows; row++) {
        int width = 0;
        if (is_empty(row_of(from, row), words))
            continue;
        memcpy(scratch, row_of(from, row), words * sizeof *scratch);
        scratch[words] = 0;
        for (int away = disc->rows; away >= 0; away--) {
            for (; width < disc->half_widths[away]; width++)
                widen(scratch, words);
            if (disc->half_widths[away] < 0)
                continue;
            if (row + (size_t)away < into->rows)
                add_row(row_of(into, row + (size_t)away), scratch, words);
            if (away > 0 && row >= (size_t)away)
                add_row(row_of(into, row - (size_t)away), scratch, words);
        }
    }
}

struct hiding {
    struct bitmap taken;   /* squares with ticks */
    struct bitmap blocked; /* where no empty circle has its middle, then the other squares */
    struct bitmap shown;   /* within reach of the middle of a circle that may be empty */
    uint64_t *scratch;
    int margin;
};

static size_t column_of(const struct hiding *hiding, struct tick tick)
{
    return (size_t)(tick.x / CELL + hiding->margin);
}

static uint64_t *tick_row(const struct bitmap *bitmap, const struct hiding *hiding,
                          struct tick tick)
{
    return row_of(bitmap, (size_t)(tick.y / CELL + hiding->margin));
}

static void find_shown(struct hiding *hiding, const struct ticks *ticks, int radius)
{
    struct disc surely = disc_of(radius, true), perhaps = disc_of(radius, false);
    for (size_t i = 0; i < ticks->count; i++) {
        size_t column = column_of(hiding, ticks->items[i]);
        tick_row(&hiding->taken, hiding, ticks->items[i])[column / 64] |= UINT64_C(1)
                                                                          << column % 64;
    }
    spread(&hiding->blocked, &hiding->taken, &surely, hiding->scratch);
    for (size_t row = 0; row < hiding->blocked.rows; row++)
        for (size_t w = 0; w < hiding->blocked.row_words; w++)
            row_of(&hiding->blocked, row)[w] ^= UINT64_MAX;
    spread(&hiding->shown, &hiding->blocked, &perhaps, hiding->scratch);
}

static void keep_shown(struct ticks *ticks, const struct hiding *hiding)
{
    size_t kept = 0;
    for (size_t i = 0; i < ticks->count; i++) {
        size_t column = column_of(hiding, ticks->items[i]);
        if (tick_row(&hiding->shown, hiding, ticks->items[i])[column / 64] >> column % 64 & 1)
            ticks->items[kept++] = ticks->items[i];
    }
    ticks->count = kept;
}

/* Squares of the ticks' box with the margin: a long thin string of ticks may have very many. */
static bool choose_size(struct hiding *hiding, size_t *columns, size_t *rows,
                        const struct ticks *ticks)
{
    int32_t east = 0, north = 0;
    for (size_t i = 0; i < ticks->count; i++) {
        east = ticks->items[i].x > east ? ticks->items[i].x : east;
        north = ticks->items[i].y > north ? ticks->items[i].y : north;
    }
    *columns = (size_t)(east / CELL + 1 + 2 * hiding->margin);
    *rows = (size_t)(north / CELL + 1 + 2 * hiding->margin);
    return *columns * *rows <= 64 * ticks->count + (1 << 20);
}

bool ticks_drop_hidden(struct ticks *ticks, int radius, struct error *error)
{
    struct hiding hiding = {.margin = radius / CELL + 2};
    size_t columns, rows;
    if (radius > RADIUS_MOST || !choose_size(&hiding, &columns, &rows, ticks))
        return true;
    bool done = bitmap_new(&hiding.taken, columns, rows, error)
                && bitmap_new(&hiding.blocked, columns, rows, error)
                && bitmap_new(&hiding.shown, columns, rows, error)
                && array_new_raw(&hiding.scratch, hiding.taken.row_words + 1,
                                 sizeof *hiding.scratch, error);
    if (done) {
        find_shown(&hiding, ticks, radius);
        keep_shown(ticks, &hiding);
    }
    array_free(&hiding.taken.words);
    array_free(&hiding.blocked.words);
    array_free(&hiding.shown.words);
    array_free(&hiding.scratch);
    return done;
}
