/* What one jurisdiction may hand over to its neighbour: counts by square, domain and quarter, with
 * what would give too much away withheld. */
#include "engine/study/handover.h"

#include "engine/core/raster.h"
#include "engine/space/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DOMAINS = 4, DOMAIN_AXIS = 0, SQUARE_AXIS = 1, QUARTER_AXIS = 2 };

static const double HALF_DIAGONAL_M = 70.72;

/* ---- who hands over to whom ---- */

static bool find_receiver(struct handover *handover, struct error *error)
{
    const struct jurisdictions *all = &handover->study->boundaries.jurisdictions;
    for (size_t i = 0; i < all->count; i++)
        if (selection_is_called(&all->items[i], handover->options.receiver)) {
            handover->receiver = i;
            return true;
        }
    return selection_unknown_jurisdiction(all, handover->options.receiver, error);
}

static bool may_send(const struct handover *handover, size_t i)
{
    const bool *owner_in = handover->study->selection.owner_in;
    return i != handover->receiver && (owner_in == NULL || owner_in[i]);
}

static bool find_sender(struct handover *handover, struct error *error)
{
    const struct jurisdictions *all = &handover->study->boundaries.jurisdictions;
    size_t found = 0;
    for (size_t i = 0; i < all->count; i++)
        if (may_send(handover, i)) {
            handover->sender = i;
            found++;
        }
    if (found == 1)
        return true;
    return error_set(error, ERROR_USAGE,
                     "who hands over to %s? name one jurisdiction with --jurisdiction",
                     all->items[handover->receiver].name);
}

/* ---- the squares of the strip ---- */

/* A raster of squares of 100 m: how far their centres lie from both grounds. */
struct strip {
    struct raster frame;
    double *to_sender, *to_receiver;
    int32_t *owners;
};

static void strip_free(struct strip *strip)
{
    array_free(&strip->to_sender);
    array_free(&strip->to_receiver);
    array_free(&strip->owners);
    raster_free(&strip->frame);
}

static struct box whole_squares(struct box box)
{
    return (struct box){
        floor(box.x_min / SQUARE_M) * SQUARE_M, floor(box.y_min / SQUARE_M) * SQUARE_M,
        ceil(box.x_max / SQUARE_M) * SQUARE_M, ceil(box.y_max / SQUARE_M) * SQUARE_M};
}

static struct box strip_box(const struct handover *handover)
{
    const struct jurisdiction *items = handover->study->boundaries.jurisdictions.items;
    struct box own = shape_box(&items[handover->sender].shape);
    struct box other = shape_box(&items[handover->receiver].shape);
    double wide = handover->options.depth_m;
    return whole_squares(
        (struct box){fmax(own.x_min, other.x_min - wide), fmax(own.y_min, other.y_min - wide),
                     fmin(own.x_max, other.x_max + wide), fmin(own.y_max, other.y_max + wide)});
}

static bool find_owners(struct strip *strip, const struct study *study, struct error *error)
{
    const struct raster *frame = &strip->frame;
    const struct grid *grid = &study->boundaries.grid;
    size_t count = frame->columns * frame->rows;
    int32_t *x = NULL, *y = NULL;
    bool done = array_new_raw(&x, count, sizeof *x, error)
                && array_new_raw(&y, count, sizeof *y, error)
                && array_new_raw(&strip->owners, count, sizeof *strip->owners, error);
    for (size_t i = 0; done && i < count; i++) {
        x[i] = grid_x(grid, frame->x_min + ((double)(i % frame->columns) + 0.5) * frame->cell_m);
        y[i] = grid_y(grid, frame->y_min + ((double)(i / frame->columns) + 0.5) * frame->cell_m);
    }
    if (done) {
        const struct points centres = {x, y, count};
        assignment_owners(strip->owners, study->assignment, &centres);
    }
    array_free(&x);
    array_free(&y);
    return done;
}

static bool measure_strip(struct strip *strip, const struct handover *handover, struct error *error)
{
    const struct jurisdiction *items = handover->study->boundaries.jurisdictions.items;
    struct box box = strip_box(handover);
    if (!(box.x_min < box.x_max && box.y_min < box.y_max))
        return true; /* they are far apart: no square at all */
    if (!raster_new(&strip->frame, box, SQUARE_M, error))
        return false;
    size_t count = strip->frame.columns * strip->frame.rows;
    if (!array_new_raw(&strip->to_sender, count, sizeof *strip->to_sender, error)
        || !array_new_raw(&strip->to_receiver, count, sizeof *strip->to_receiver, error))
        return false;
    reach_of_shape(strip->to_sender, &strip->frame, &items[handover->sender].shape,
                   HALF_DIAGONAL_M);
    reach_of_shape(strip->to_receiver, &strip->frame, &items[handover->receiver].shape,
                   handover->options.depth_m);
    return find_owners(strip, handover->study, error);
}

static bool is_in_strip(const struct strip *strip, const struct handover *handover, size_t cell)
{
    int32_t owner = strip->owners[cell];
    bool on_sender = owner == (int32_t)handover->sender;
    bool on_receiver = owner == (int32_t)handover->receiver;
    return (on_sender || strip->to_sender[cell] <= HALF_DIAGONAL_M)
           && (on_receiver || strip->to_receiver[cell] <= handover->options.depth_m);
}

static bool list_squares(struct handover *handover, const struct strip *strip, struct error *error)
{
    const struct raster *frame = &strip->frame;
    size_t count = frame->columns * frame->rows;
    if (!array_new(&handover->squares, count, sizeof *handover->squares, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (is_in_strip(strip, handover, i))
            handover->squares[handover->square_count++] =
                square_at(frame->x_min + ((double)(i % frame->columns) + 0.5) * frame->cell_m,
                          frame->y_min + ((double)(i / frame->columns) + 0.5) * frame->cell_m);
    if (handover->square_count == 0)
        return error_set(error, ERROR_DATA,
                         "no ground of %s lies within %g m of %s; --depth sets how far to look",
                         handover->study->boundaries.jurisdictions.items[handover->sender].name,
                         handover->options.depth_m,
                         handover->study->boundaries.jurisdictions.items[handover->receiver].name);
    qsort(handover->squares, handover->square_count, sizeof *handover->squares, square_compare);
    return true;
}

static bool find_squares(struct handover *handover, struct error *error)
{
    struct strip strip = {0};
    bool done = measure_strip(&strip, handover, error) && list_squares(handover, &strip, error);
    strip_free(&strip);
    return done;
}

/* ---- what is counted ---- */

/* The leaves that an incident counts in. */
struct spot {
    size_t domain, square, quarter;
};

/* Counts by source, domain, square of 100 m and quarter, of which the last is that of unknown. */
struct counting {
    struct handover *handover;
    struct gathered gathered;
    size_t source_count;
    uint32_t *by_source; /* [source][square], for joining squares */
    uint32_t **cells;    /* per source: [domain][square][quarter] */
};

static int32_t quarter_of(moment when)
{
    struct civil civil = moment_civil(when);
    return civil.year * 4 + (civil.month - 1) / 3;
}

static bool has_quarter(moment when)
{
    return moment_precision(when) >= PRECISION_MONTH;
}

/* From the first incident of the sender to the last, wherever they are. */
static void find_quarters(struct counting *counting)
{
    struct handover *handover = counting->handover;
    const struct gathered *from = &counting->gathered;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < from->count; i++) {
        if (from->owner[i] != (int32_t)handover->sender || !has_quarter(from->when[i]))
            continue;
        int32_t quarter = quarter_of(from->when[i]);
        first = quarter < first ? quarter : first;
        last = quarter > last ? quarter : last;
    }
    handover->first_quarter = first <= last ? first : 0;
    handover->quarter_count = first <= last ? (size_t)(last - first) + 1 : 0;
}

/* False for an incident that no square counts. */
static bool spot_of(struct spot *spot, const struct counting *counting, size_t row)
{
    const struct handover *handover = counting->handover;
    const struct gathered *from = &counting->gathered;
    const struct grid *grid = &handover->study->boundaries.grid;
    struct square square =
        square_at(grid_metres_x(grid, from->grid_x[row]), grid_metres_y(grid, from->grid_y[row]));
    const struct square *found =
        bsearch(&square, handover->squares, handover->square_count, sizeof square, square_compare);
    if (found == NULL)
        return false;
    *spot = (struct spot){from->domain[row], (size_t)(found - handover->squares),
                          has_quarter(from->when[row])
                              ? (size_t)(quarter_of(from->when[row]) - handover->first_quarter)
                              : handover->quarter_count};
    return true;
}

static void count_row(struct counting *counting, size_t row)
{
    struct handover *handover = counting->handover;
    const struct gathered *from = &counting->gathered;
    uint32_t weight = from->weight != NULL ? from->weight[row] : 1;
    size_t source = from->source[row], quarters = handover->quarter_count + 1;
    struct spot spot;
    if (from->owner[row] != (int32_t)handover->sender)
        return;
    if (gather_is_sensitive(handover->study, from->category[row])) {
        handover->sensitive += weight;
        return;
    }
    if (!spot_of(&spot, counting, row))
        return;
    handover->incidents += weight;
    counting->by_source[source * handover->square_count + spot.square] += weight;
    counting->cells[source][(spot.domain * handover->square_count + spot.square) * quarters
                            + spot.quarter] += weight;
}

static bool counting_new(struct counting *counting, struct error *error)
{
    struct handover *handover = counting->handover;
    size_t squares = handover->square_count;
    counting->source_count = dictionary_count(handover->study->sources);
    if (!array_new(&counting->by_source, counting->source_count * squares,
                   sizeof *counting->by_source, error)
        || !array_new(&counting->cells, counting->source_count, sizeof *counting->cells, error))
        return false;
    for (size_t s = 0; s < counting->source_count; s++)
        if (!array_new(&counting->cells[s], DOMAINS * squares * (handover->quarter_count + 1),
                       sizeof *counting->cells[s], error))
            return false;
    return true;
}

static void counting_free(struct counting *counting)
{
    for (size_t s = 0; counting->cells != NULL && s < counting->source_count; s++)
        array_free(&counting->cells[s]);
    array_free(&counting->cells);
    array_free(&counting->by_source);
    gather_free(&counting->gathered);
}

/* Sources that have anything in the strip: with one alone there is nobody to tell apart. */
static size_t active_sources(const struct counting *counting)
{
    size_t active = 0, squares = counting->handover->square_count;
    for (size_t s = 0; s < counting->source_count; s++) {
        bool any = false;
        for (size_t i = 0; i < squares; i++)
            any = any || counting->by_source[s * squares + i] > 0;
        active += any;
    }
    return active;
}

/* ---- the table ---- */

/* The same test as a cell's: enough, and not nearly all from one of several sources. */
static bool may_stand(const void *state, const uint32_t *by_source, size_t source_count)
{
    const struct handover *handover = state;
    uint64_t sum = 0, most = 0;
    for (size_t s = 0; s < source_count; s++) {
        sum += by_source[s];
        most = by_source[s] > most ? by_source[s] : most;
    }
    return sum >= handover->options.least && (handover->source_count < 2 || most * 100 <= sum * 95);
}

static bool add_all(struct disclosure_axis *axis, size_t count, struct error *error)
{
    size_t *parts = NULL, node;
    bool done = array_new(&parts, count, sizeof *parts, error);
    for (size_t i = 0; done && i < count; i++)
        parts[i] = i;
    done = done && disclosure_axis_add(axis, parts, count, &node, error);
    array_free(&parts);
    return done;
}

/* The squares of 100 m that a piece was joined of: at most 25, of which the first lies in the first
 * column that the piece covers. */
static bool add_piece(struct handover *handover, struct disclosure_axis *axis, size_t piece,
                      struct error *error)
{
    const struct square *whole = &handover->pieces.items[piece];
    size_t parts[25], count = 0, low = 0, high = handover->square_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (handover->squares[middle].east < whole->east)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < handover->square_count && count < 25
                         && handover->squares[i].east < whole->east + whole->size;
         i++)
        if (handover->pieces.piece_of[i] == piece)
            parts[count++] = i;
    if (count != 1)
        return disclosure_axis_add(axis, parts, count, &handover->node_of_piece[piece], error);
    handover->node_of_piece[piece] = parts[0];
    return true;
}

static bool square_axis(struct handover *handover, struct disclosure_axis *axis,
                        struct error *error)
{
    size_t count = handover->pieces.count, node;
    if (!array_new(&handover->node_of_piece, count, sizeof *handover->node_of_piece, error)
        || !disclosure_axis_new(axis, handover->square_count, error))
        return false;
    for (size_t p = 0; p < count; p++)
        if (!add_piece(handover, axis, p, error))
            return false;
    /* A strip of one piece has no sum of its own. */
    return count == 1 || disclosure_axis_add(axis, handover->node_of_piece, count, &node, error);
}

/* Those of 100 m that went into larger ones, what is in no domain and what is of no quarter are in
 * sums alone. */
static void mark_cells(struct handover *handover)
{
    struct disclosure *table = &handover->table;
    size_t quarters = table->axes[QUARTER_AXIS].node_count;
    for (size_t d = 0; d < table->axes[DOMAIN_AXIS].node_count; d++)
        for (size_t s = 0; s < table->axes[SQUARE_AXIS].node_count; s++)
            for (size_t q = 0; q < quarters; q++) {
                bool within = s < handover->square_count
                              && handover->node_of_piece[handover->pieces.piece_of[s]] != s;
                size_t cell = handover_cell(handover, d, s, q);
                if (within || d == DOMAIN_UNMAPPED || q == handover->quarter_count)
                    table->states[cell] = CELL_ABSENT;
                table->is_kept[cell] = !within && d == handover_all(handover, DOMAIN_AXIS)
                                       && q == handover_all(handover, QUARTER_AXIS)
                                       && s != handover_all(handover, SQUARE_AXIS);
            }
}

static bool fill_table(struct handover *handover, const struct counting *counting,
                       struct error *error)
{
    struct disclosure *table = &handover->table;
    size_t squares = handover->square_count, quarters = handover->quarter_count + 1;
    bool done = true;
    for (size_t s = 0; done && s < counting->source_count; s++) {
        uint32_t *counts = NULL;
        done = array_new(&counts, table->cell_count, sizeof *counts, error);
        for (size_t i = 0; done && i < DOMAINS * squares * quarters; i++)
            counts[handover_cell(handover, i / (squares * quarters), i / quarters % squares,
                                 i % quarters)] = counting->cells[s][i];
        if (done)
            disclosure_add_source(table, counts);
        array_free(&counts);
    }
    return done;
}

bool handover_lay_out(struct handover *handover, struct error *error)
{
    struct disclosure_axis axes[DISCLOSURE_AXES] = {0};
    size_t quarters = handover->quarter_count + 1;
    bool done = disclosure_axis_new(&axes[DOMAIN_AXIS], DOMAINS, error)
                && add_all(&axes[DOMAIN_AXIS], DOMAINS, error)
                && square_axis(handover, &axes[SQUARE_AXIS], error)
                && disclosure_axis_new(&axes[QUARTER_AXIS], quarters, error)
                && (quarters == 1 || add_all(&axes[QUARTER_AXIS], quarters, error));
    if (done && disclosure_new(&handover->table, axes, handover->options.least, error)) {
        mark_cells(handover);
        return true;
    }
    for (int a = 0; a < DISCLOSURE_AXES; a++)
        disclosure_axis_free(&axes[a]);
    return false;
}

static bool make_table(struct handover *handover, const struct counting *counting,
                       struct error *error)
{
    const struct square_counts counts = {handover->squares, handover->square_count,
                                         counting->source_count, counting->by_source};
    handover->source_count = active_sources(counting);
    if (!squares_join(&handover->pieces, &counts, may_stand, handover, error)
        || !handover_lay_out(handover, error))
        return false;
    return fill_table(handover, counting, error);
}

static bool count_all(struct handover *handover, struct error *error)
{
    struct counting counting = {.handover = handover};
    counting.gathered.columns = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME;
    bool done = gather_run(&counting.gathered, handover->study, error);
    if (done)
        find_quarters(&counting);
    done = done && counting_new(&counting, error);
    for (size_t i = 0; done && i < counting.gathered.count; i++)
        count_row(&counting, i);
    done = done && make_table(handover, &counting, error);
    counting_free(&counting);
    return done;
}

/* ---- to the outside ---- */

size_t handover_all(const struct handover *handover, int axis)
{
    return handover->table.axes[axis].node_count - 1;
}

size_t handover_cell(const struct handover *handover, size_t domain, size_t square, size_t quarter)
{
    return disclosure_cell(&handover->table, domain, square, quarter);
}

uint32_t handover_of_piece(const struct handover *handover, size_t piece)
{
    size_t cell =
        handover_cell(handover, handover_all(handover, DOMAIN_AXIS), handover->node_of_piece[piece],
                      handover_all(handover, QUARTER_AXIS));
    return handover->table.states[cell] == CELL_PUBLISHED ? handover->table.rounded[cell] : 0;
}

bool handover_count(struct handover *handover, struct study *study,
                    const struct handover_options *options, struct error *error)
{
    /* As dense as the study's own clusters are at their thinnest: the least number within the
     * radius. */
    double reach_ha = M_PI * study->options->radius_m * study->options->radius_m / 1e4;
    *handover = (struct handover){.study = study,
                                  .options = *options,
                                  .crs = study->boundaries.crs,
                                  .least_per_ha = round(study->options->min_points / reach_ha)};
    return find_receiver(handover, error) && find_sender(handover, error)
           && find_squares(handover, error) && count_all(handover, error);
}

bool handover_cluster(struct handover *handover, struct error *error)
{
    uint32_t *incidents = NULL;
    size_t count = handover->pieces.count;
    bool done = array_new(&incidents, count, sizeof *incidents, error);
    for (size_t p = 0; done && p < count; p++)
        incidents[p] = handover_of_piece(handover, p);
    const struct square_densities densities = {handover->pieces.items, incidents, count,
                                               handover->least_per_ha};
    done = done && squares_cluster(&handover->clusters, &densities, error);
    array_free(&incidents);
    return done;
}

bool handover_protect(struct handover *handover, struct error *error)
{
    disclosure_publish(&handover->table, handover->source_count);
    return disclosure_protect(&handover->table, &handover->lost, error)
           && handover_cluster(handover, error);
}

void handover_free(struct handover *handover)
{
    array_free(&handover->squares);
    square_pieces_free(&handover->pieces);
    disclosure_free(&handover->table);
    array_free(&handover->node_of_piece);
    square_clusters_free(&handover->clusters);
}
