/* What one jurisdiction may hand over to its neighbour: counts by square, domain and quarter, with
 * what would give too much away withheld. */
#include "engine/study/handover.h"

#include "engine/core/text.h"
#include "engine/study/handover_rows.h"
#include "engine/study/handover_strip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static const char *sender_name(const struct handover *handover)
{
    return handover->study->boundaries.jurisdictions.items[handover->sender].name;
}

/* From the first incident of the sender to the last, wherever they are. */
static void find_quarters(struct counting *counting)
{
    struct handover *handover = counting->handover;
    const struct gathered *from = &counting->gathered;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < from->count; i++) {
        int32_t quarter = handover_quarter_of(from->when[i]);
        if (from->owner[i] != (int32_t)handover->sender || quarter == HANDOVER_NO_QUARTER)
            continue;
        first = quarter < first ? quarter : first;
        last = quarter > last ? quarter : last;
    }
    handover->first_quarter = first <= last ? first : 0;
    handover->quarter_count = first <= last ? (size_t)(last - first) + 1 : 0;
}

/* What is not read again is not made. */
static bool check_period(const struct handover *handover, struct error *error)
{
    char first[HANDOVER_QUARTER], last[HANDOVER_QUARTER];
    size_t count = handover->quarter_count;
    if (count <= HANDOVER_QUARTERS_MOST)
        return true;
    handover_quarter(first, handover->first_quarter);
    handover_quarter(last, handover->first_quarter + (int32_t)count - 1);
    return error_set(error, ERROR_DATA,
                     "%s has incidents from %s to %s, %zu quarters; a package has %d at most, and "
                     "--from and --until take a part",
                     sender_name(handover), first, last, count, HANDOVER_QUARTERS_MOST);
}

static bool check_sum(const struct handover *handover, struct error *error)
{
    size_t sum = handover->incidents + handover->sensitive;
    return sum <= HANDOVER_INCIDENTS_MOST
           || error_set(error, ERROR_DATA, "%s has %zu incidents, more than a package holds",
                        sender_name(handover), sum);
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
    int32_t quarter = handover_quarter_of(from->when[row]);
    if (found == NULL)
        return false;
    *spot =
        (struct spot){from->domain[row], (size_t)(found - handover->squares),
                      quarter != HANDOVER_NO_QUARTER ? (size_t)(quarter - handover->first_quarter)
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
        if (!array_new(&counting->cells[s],
                       HANDOVER_DOMAINS * squares * (handover->quarter_count + 1),
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

static bool fill_table(struct handover *handover, const struct counting *counting,
                       struct error *error)
{
    struct disclosure *table = &handover->table;
    size_t squares = handover->square_count, quarters = handover->quarter_count + 1;
    bool done = true;
    for (size_t s = 0; done && s < counting->source_count; s++) {
        uint32_t *counts = NULL;
        done = array_new(&counts, table->cell_count, sizeof *counts, error);
        for (size_t i = 0; done && i < HANDOVER_DOMAINS * squares * quarters; i++)
            counts[handover_cell(handover, i / (squares * quarters), i / quarters % squares,
                                 i % quarters)] = counting->cells[s][i];
        if (done)
            disclosure_add_source(table, counts);
        array_free(&counts);
    }
    return done;
}

static bool make_table(struct handover *handover, const struct counting *counting,
                       struct error *error)
{
    const struct square_counts counts = {handover->squares, handover->square_count,
                                         counting->source_count, counting->by_source};
    handover->source_count = active_sources(counting);
    if (!squares_join(&handover->pieces, &counts, handover_may_stand, handover, error)
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
    done = done && check_period(handover, error) && counting_new(&counting, error);
    for (size_t i = 0; done && i < counting.gathered.count; i++)
        count_row(&counting, i);
    done = done && check_sum(handover, error) && make_table(handover, &counting, error)
           && (handover->options.agreement == NULL
               || handover_rows_list(handover, &counting.gathered, error));
    counting_free(&counting);
    return done;
}

/* Squares of another system have the same names and lie elsewhere: they would guard nothing. */
static bool check_systems(const struct handover *handover, struct error *error)
{
    for (size_t e = 0; e < handover->options.earlier_count; e++) {
        const char *crs = handover->options.earlier[e].crs;
        if (!text_equal(crs, handover->crs))
            return error_set(error, ERROR_DATA,
                             "an earlier package is in %.60s, and this one in %.60s; say --crs "
                             "%.60s",
                             crs, handover->crs, crs);
    }
    return true;
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
    return check_systems(handover, error) && handover_find_parties(handover, error)
           && handover_find_squares(handover, error) && count_all(handover, error);
}
