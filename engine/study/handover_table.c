/* The table of a handover: its axes with all sums, what earlier packages have told, and what is
 * published of it. */
#include "engine/study/handover_table.h"

#include "engine/analysis/disclosure_nest.h"
#include "engine/study/handover_earlier.h"
#include "engine/study/handover_totals.h"

/* ---- squares that stand ---- */

bool handover_may_stand(const void *state, const uint32_t *by_source, size_t source_count)
{
    const struct handover *handover = state;
    uint32_t sum = 0, most = 0;
    for (size_t s = 0; s < source_count; s++) {
        sum += by_source[s];
        most = by_source[s] > most ? by_source[s] : most;
    }
    return (handover->source_count < 2 ? sum : disclosure_backed(sum, most))
           >= handover->options.least;
}

/* ---- axes ---- */

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

/* The squares of 100 m that a piece was joined of. */
static bool add_piece(struct handover *handover, struct disclosure_axis *axis, size_t piece,
                      struct error *error)
{
    size_t parts[SQUARES_WITHIN];
    size_t count = squares_within(parts, handover->squares, handover->square_count,
                                  &handover->pieces.items[piece]);
    if (count != 1)
        return disclosure_axis_add(axis, parts, count, &handover->node_of_piece[piece], error);
    handover->node_of_piece[piece] = parts[0];
    return true;
}

static bool knows_more(const struct handover *handover)
{
    return handover->options.earlier_count > 0 || handover->total_nodes != NULL;
}

/* The squares of each package, and those of the totals, lie in those of the others. */
static bool nest_squares(const struct handover *handover, struct disclosure_axis *axis,
                         struct error *error)
{
    if (!knows_more(handover))
        return true;
    bool done = disclosure_nest(axis, handover->node_of_piece, handover->pieces.count, error);
    for (size_t e = 0; done && e < handover->options.earlier_count; e++)
        done = disclosure_nest(axis, handover->earlier_nodes[e].squares,
                               handover->options.earlier[e].square_count, error);
    if (done && handover->total_nodes != NULL)
        done = disclosure_nest(axis, handover->total_nodes, handover->options.totals->count, error);
    return done && disclosure_nest(axis, NULL, 0, error);
}

static bool nest_periods(const struct handover *handover, struct disclosure_axis *axis,
                         struct error *error)
{
    bool done = true;
    for (size_t e = 0; done && e < handover->options.earlier_count; e++) {
        size_t period = handover->options.earlier[e].quarter_count + 1;
        done = disclosure_nest(axis, &handover->earlier_nodes[e].quarters[period], 1, error);
    }
    return done;
}

/* A strip of one piece has no sum of its own, unless another one stands behind it. */
static bool is_all(const struct disclosure_axis *axis, const size_t *pieces, size_t count)
{
    return count == 1 && pieces[0] == axis->node_count - 1;
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
    return handover_earlier_squares(handover, axis, error)
           && handover_totals_squares(handover, axis, error)
           && (is_all(axis, handover->node_of_piece, count)
               || disclosure_axis_add(axis, handover->node_of_piece, count, &node, error))
           && nest_squares(handover, axis, error);
}

static bool quarter_axis(struct handover *handover, struct disclosure_axis *axis,
                         struct error *error)
{
    size_t own = handover->quarter_count + 1;
    return disclosure_axis_new(axis, own + handover_earlier_quarters(handover), error)
           && handover_earlier_periods(handover, axis, error)
           && (axis->node_count == 1 || add_all(axis, own, error))
           && nest_periods(handover, axis, error);
}

/* ---- cells ---- */

static bool is_piece(const struct handover *handover, size_t node)
{
    if (node < handover->square_count)
        return handover->node_of_piece[handover->pieces.piece_of[node]] == node;
    for (size_t p = 0; p < handover->pieces.count; p++)
        if (handover->node_of_piece[p] == node)
            return true;
    return false;
}

/* Squares that went into larger ones, what is in no domain, of no quarter, or of an earlier package
 * alone, are in sums and in nothing else. */
static void mark_cells(struct handover *handover)
{
    struct disclosure *table = &handover->table;
    size_t domains = handover_all(handover, DOMAIN_AXIS),
           squares = handover_all(handover, SQUARE_AXIS);
    size_t quarters = handover_all(handover, QUARTER_AXIS);
    for (size_t s = 0; s <= squares; s++) {
        bool piece = is_piece(handover, s);
        bool sum = s == squares && handover->pieces.count > 1;
        for (size_t d = 0; d <= domains; d++)
            for (size_t q = 0; q <= quarters; q++) {
                size_t cell = handover_cell(handover, d, s, q);
                bool told = (piece || sum) && d != DOMAIN_UNMAPPED
                            && (q < handover->quarter_count || q == quarters);
                if (!told)
                    table->states[cell] = CELL_ABSENT;
                table->is_kept[cell] =
                    piece && d == domains && q == quarters && handover->pieces.count > 1;
            }
    }
}

bool handover_lay_out(struct handover *handover, struct error *error)
{
    struct disclosure_axis axes[DISCLOSURE_AXES] = {0};
    bool done = disclosure_axis_new(&axes[DOMAIN_AXIS], HANDOVER_DOMAINS, error)
                && add_all(&axes[DOMAIN_AXIS], HANDOVER_DOMAINS, error)
                && square_axis(handover, &axes[SQUARE_AXIS], error)
                && quarter_axis(handover, &axes[QUARTER_AXIS], error);
    if (!done) {
        for (int a = 0; a < DISCLOSURE_AXES; a++)
            disclosure_axis_free(&axes[a]);
        return false;
    }
    if (!disclosure_new(&handover->table, axes, handover->options.least, error))
        return false;
    mark_cells(handover);
    handover_earlier_tell(handover);
    handover_totals_tell(handover);
    if (knows_more(handover))
        disclosure_work_out_known(&handover->table);
    return true;
}

/* ---- what is published ---- */

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
    handover_earlier_free(handover);
    array_free(&handover->total_nodes);
    array_free(&handover->squares);
    square_pieces_free(&handover->pieces);
    disclosure_free(&handover->table);
    array_free(&handover->node_of_piece);
    square_clusters_free(&handover->clusters);
    array_free(&handover->rows);
}
