/* Lines of equal density, by marching squares (Lorensen and Cline 1987, in two dimensions). */
#include "engine/draw/contours.h"

#include <math.h>

/* Of four values round a square, and of four edges. */
enum { UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT, LOWER_RIGHT };
enum { TOP, RIGHT, BOTTOM, LEFT };

struct tracing {
    const struct contour_source *source;
    double value;
    struct sampler density, support;
    double *rows[2], *supports[2]; /* above and below the squares */
    double *mixed;
    struct shape *pieces;
    struct capacity capacity;
};

struct place {
    double x, y;
};

static bool is_above(const struct tracing *tracing, double value)
{
    return value >= tracing->value;
}

/* How far along an edge the value lies; both squares beside it ask in the same direction. */
static double share(const struct tracing *tracing, double from, double to)
{
    return (tracing->value - from) / (to - from);
}

static bool add_piece(struct tracing *tracing, struct place from, struct place to,
                      struct error *error)
{
    struct shape *pieces = tracing->pieces;
    size_t held = tracing->capacity.held;
    struct capacity x = {held, sizeof *pieces->x}, y = {held, sizeof *pieces->y};
    if (!array_reserve(&pieces->x, &x, pieces->point_count + 2, error)
        || !array_reserve(&pieces->y, &y, pieces->point_count + 2, error))
        return false;
    tracing->capacity.held = y.held;
    const struct place ends[2] = {from, to};
    for (int i = 0; i < 2; i++) {
        pieces->x[pieces->point_count] = ends[i].x;
        pieces->y[pieces->point_count++] = ends[i].y;
    }
    return true;
}

/* Where the line meets the edges of the square at a column. */
static void meet_edges(struct place places[4], const struct tracing *tracing, size_t row,
                       size_t column, const double v[4])
{
    const struct lattice *lattice = &tracing->source->lattice;
    double left = lattice->x + (double)column * lattice->step;
    double right = lattice->x + (double)(column + 1) * lattice->step;
    double top = lattice->y - (double)row * lattice->step;
    double bottom = lattice->y - (double)(row + 1) * lattice->step;
    double across_top = share(tracing, v[UPPER_LEFT], v[UPPER_RIGHT]);
    double across_bottom = share(tracing, v[LOWER_LEFT], v[LOWER_RIGHT]);
    double down_left = share(tracing, v[UPPER_LEFT], v[LOWER_LEFT]);
    double down_right = share(tracing, v[UPPER_RIGHT], v[LOWER_RIGHT]);
    places[TOP] = (struct place){left + (right - left) * across_top, top};
    places[BOTTOM] = (struct place){left + (right - left) * across_bottom, bottom};
    places[LEFT] = (struct place){left, top + (bottom - top) * down_left};
    places[RIGHT] = (struct place){right, top + (bottom - top) * down_right};
}

/* The pairs of edges that the line joins, by which corners lie above; at a saddle (two opposite
 * ones) the middle tells which belong together. */
static int join_edges(int pairs[2][2], const bool above[4], bool middle)
{
    bool crossed[4] = {
        above[UPPER_LEFT] != above[UPPER_RIGHT], above[UPPER_RIGHT] != above[LOWER_RIGHT],
        above[LOWER_LEFT] != above[LOWER_RIGHT], above[UPPER_LEFT] != above[LOWER_LEFT]};
    if (crossed[TOP] && crossed[RIGHT] && crossed[BOTTOM] && crossed[LEFT]) {
        bool cuts_upper_left = above[UPPER_LEFT] != middle;
        pairs[0][0] = TOP;
        pairs[0][1] = cuts_upper_left ? LEFT : RIGHT;
        pairs[1][0] = BOTTOM;
        pairs[1][1] = cuts_upper_left ? RIGHT : LEFT;
        return 2;
    }
    int ends = 0;
    for (int edge = 0; edge < 4; edge++)
        if (crossed[edge])
            pairs[0][ends++] = edge;
    return ends / 2;
}

static bool may_show(const struct tracing *tracing, size_t column)
{
    const struct contour_source *source = tracing->source;
    for (int i = 0; source->support != NULL && i < 4; i++)
        if (!(tracing->supports[i / 2][column + (size_t)i % 2] >= source->least_support - 1e-9))
            return false;
    return true;
}

static bool trace_square(struct tracing *tracing, size_t row, size_t column, struct error *error)
{
    const double v[4] = {tracing->rows[0][column], tracing->rows[0][column + 1],
                         tracing->rows[1][column], tracing->rows[1][column + 1]};
    double sum = v[0] + v[1] + v[2] + v[3];
    bool above[4];
    int pairs[2][2];
    struct place places[4];
    for (int i = 0; i < 4; i++)
        above[i] = is_above(tracing, v[i]);
    if (isnan(sum) || (above[0] == above[1] && above[0] == above[2] && above[0] == above[3])
        || !may_show(tracing, column))
        return true;
    meet_edges(places, tracing, row, column, v);
    int count = join_edges(pairs, above, is_above(tracing, sum / 4));
    for (int i = 0; i < count; i++)
        if (!add_piece(tracing, places[pairs[i][0]], places[pairs[i][1]], error))
            return false;
    return true;
}

static void read_row(struct tracing *tracing, size_t row)
{
    const struct lattice *lattice = &tracing->source->lattice;
    const struct span all = {0, lattice->columns};
    const struct sampling sampling = {lattice, row, &all, 1};
    for (int i = 0; i < 2; i++) {
        double **rows = i == 0 ? tracing->rows : tracing->supports, *above = rows[0];
        rows[0] = rows[1];
        rows[1] = above;
    }
    sampler_row(tracing->rows[1], &tracing->density, &sampling, tracing->mixed);
    if (tracing->source->support != NULL)
        sampler_row(tracing->supports[1], &tracing->support, &sampling, tracing->mixed);
}

static bool trace_rows(struct tracing *tracing, struct error *error)
{
    const struct lattice *lattice = &tracing->source->lattice;
    read_row(tracing, 0);
    for (size_t row = 0; row + 1 < lattice->rows; row++) {
        read_row(tracing, row + 1);
        for (size_t column = 0; column + 1 < lattice->columns; column++)
            if (!trace_square(tracing, row, column, error))
                return false;
    }
    return true;
}

static bool open_tracing(struct tracing *tracing, struct error *error)
{
    const struct contour_source *source = tracing->source;
    size_t columns = source->lattice.columns, cells = source->density->columns;
    if (source->support != NULL && source->support->columns > cells)
        cells = source->support->columns;
    tracing->support.linear = true;
    for (int i = 0; i < 2; i++)
        if (!array_new(&tracing->rows[i], columns, sizeof(double), error)
            || !array_new(&tracing->supports[i], columns, sizeof(double), error))
            return false;
    return array_new(&tracing->mixed, cells, sizeof(double), error)
           && sampler_open(&tracing->density, source->density, &source->lattice, error)
           && (source->support == NULL
               || sampler_open(&tracing->support, source->support, &source->lattice, error));
}

static void close_tracing(struct tracing *tracing)
{
    for (int i = 0; i < 2; i++) {
        array_free(&tracing->rows[i]);
        array_free(&tracing->supports[i]);
    }
    array_free(&tracing->mixed);
    sampler_free(&tracing->density);
    sampler_free(&tracing->support);
}

/* Every two points are a line. */
static bool number_pieces(struct shape *pieces, struct error *error)
{
    pieces->ring_count = pieces->point_count / 2;
    if (!array_new(&pieces->ring_starts, pieces->ring_count + 1, sizeof *pieces->ring_starts,
                   error))
        return false;
    for (size_t i = 0; i <= pieces->ring_count; i++)
        pieces->ring_starts[i] = 2 * i;
    return true;
}

bool contours_find(struct shape *pieces, const struct contour_source *source, double value,
                   struct error *error)
{
    struct tracing tracing = {.source = source, .value = value, .pieces = pieces};
    bool done = open_tracing(&tracing, error) && trace_rows(&tracing, error)
                && number_pieces(pieces, error);
    close_tracing(&tracing);
    if (!done)
        shape_free(pieces);
    return done;
}
